import { multiaddr } from "@multiformats/multiaddr";
import type { Logger } from "pino";
import type { ChannelConfig } from "../chain/channel-config.ts";
import { GossipPeer } from "../gossip/gossip-peer.ts";
import type { GossipOptions } from "../gossip/options.ts";
import type { Contact, PeerId } from "../gossip/ports.ts";
import type { ChannelFolder } from "./channel-folder.ts";
import type { PeerConfig } from "./config.ts";
import { NodeError } from "./errors.ts";
import { createIdentity, findMspId } from "./identity.ts";
import { Libp2pKeyring } from "./libp2p-keyring.ts";
import { createNode } from "./libp2p-node.ts";
import { Libp2pTransport } from "./libp2p-transport.ts";
import { logGossip, logTransport } from "./log.ts";
import { MspAdmission } from "./msp-admission.ts";
import { ReedSolomon } from "./reed-solomon.ts";
import { readMspFolder, type MspFolder } from "./msp-folder.ts";
import { loadNodeKey } from "./node-key.ts";
import { SystemClock } from "./system-clock.ts";

export interface PeerNetworkParts {
  readonly config: PeerConfig;
  readonly options: GossipOptions;
  readonly folders: readonly ChannelFolder[];
  readonly logger: Logger;
}

/** The peer on the network, before it joins its channels. */
export interface PeerNetwork {
  readonly id: PeerId;
  readonly name: string;
  readonly organisation: string | undefined;
  /** Where it listens, with the peer id. */
  readonly multiaddrs: readonly string[];
  /** Where it tells others to reach it, without the peer id. */
  readonly announced: readonly string[];
  readonly gossip: GossipPeer;
  /** Whether peers of the organisation may read a channel that has this configuration. */
  readonly mayRead: (config: ChannelConfig, organisation: string | undefined) => boolean;
}

/**
 * Brings the peer onto the network with its key and its certificate; what must be let go of is added to `started`.
 *
 * @throws NodeError, also `CONFIG_INVALID` for an MSP folder without the MSP id of its organisation.
 */
export async function startNetwork(
  { config, options, folders, logger }: PeerNetworkParts,
  started: AsyncDisposableStack,
): Promise<PeerNetwork> {
  const privateKey = await loadNodeKey(config.nodeKey);
  const keyring = new Libp2pKeyring(privateKey);
  const clock = new SystemClock();
  const name = config.name ?? keyring.self.slice(-SHORT_ID_LENGTH);
  const configs = () => folders.map(({ verifier }) => verifier.config);
  const member = readMember(config, configs(), logger);
  const identity = member && createIdentity(member.msp, member.mspId, keyring.self);
  const now = () => clock.now();
  const admission = new MspAdmission({ admission: config.admission, identity, configs, now });
  if (identity !== undefined) admission.admit(keyring.self, identity);
  const { listen, connectionsMax } = config;
  const node = await createNode({ privateKey, listen, connectionsMax });
  started.defer(() => node.stop());
  const bootstrap = contacts(config.bootstrap.filter((address) => !address.endsWith(`/${keyring.self}`)));
  const observe = logGossip(logger, now);
  const gossip = new GossipPeer({
    keyring,
    admission,
    clock,
    random: Math.random,
    options,
    code: await ReedSolomon.load(),
    bootstrap,
    observe,
    name,
  });
  const { blockBytesMax, replyBytesMax } = options;
  const transport = started.use(
    new Libp2pTransport(node, gossip, { blockBytesMax, replyBytesMax, clock }, logTransport(logger, now)),
  );
  const multiaddrs = node.getMultiaddrs().map(String);
  const announced = (config.announce.length === 0 ? multiaddrs : config.announce).map(withoutPeerId);
  gossip.connect(transport, announced);
  const mayRead = admission.mayRead.bind(admission);
  return {
    id: keyring.self,
    name,
    organisation: member?.mspId ?? config.mspId,
    multiaddrs,
    announced,
    gossip,
    mayRead,
  };
}

/** The end of a peer id, which differs, unlike its beginning. */
const SHORT_ID_LENGTH = 8;

/** What the peer is a member with; undefined where it belongs to no organisation. */
interface Member {
  readonly msp: MspFolder;
  readonly mspId: string;
}

function readMember(
  config: PeerConfig,
  channels: readonly ChannelConfig[],
  logger: Logger,
): Member | undefined {
  if (config.msp === undefined) return undefined;
  if (config.mspId === undefined && channels.length === 0)
    throw new NodeError(
      "CONFIG_INVALID",
      `msp is ${config.msp}, but mspId is not set; set it to its organisation's MSP id, such as Org1MSP`,
    );
  const msp = readMspFolder(config.msp);
  for (const warning of msp.warnings) logger.warn(warning);
  const organisations = channels.flatMap((channel) => [...channel.organisations.values()]);
  return { msp, mspId: config.mspId ?? findMspId(msp, organisations) };
}

function contacts(addresses: readonly string[]): readonly Contact[] {
  const byPeer = new Map<PeerId, string[]>();
  for (const address of addresses) {
    const peer = multiaddr(address).getComponents().at(-1)?.value as PeerId;
    byPeer.set(peer, [...(byPeer.get(peer) ?? []), withoutPeerId(address)]);
  }
  return [...byPeer].map(([peer, theirs]) => ({ peer, addresses: theirs }));
}

function withoutPeerId(address: string): string {
  return address.replace(/\/p2p\/[^/]+$/, "");
}
