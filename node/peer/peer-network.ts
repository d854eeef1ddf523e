import type { Logger } from "pino";
import type { ChannelConfig } from "../../chain/channel-config.ts";
import { GossipPeer } from "../../gossip/gossip-peer.ts";
import type { Observer } from "../../gossip/events.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { Credentials, PeerId } from "../../gossip/ports.ts";
import type { ChannelFolder } from "../channel/channel-folder.ts";
import type { PeerConfig } from "../config/config.ts";
import { anchorsOf, contactsOf, endpointsOf } from "../config/endpoints.ts";
import { reason } from "../files.ts";
import { Libp2pKeyring } from "../transport/libp2p-keyring.ts";
import { createNode } from "../transport/libp2p-node.ts";
import { Libp2pTransport } from "../transport/libp2p-transport.ts";
import { libp2pLogs } from "../logs/libp2p-logs.ts";
import type { Loggers } from "../logs/loggers.ts";
import { logTransport } from "../logs/transport-log.ts";
import { MspAdmission } from "../msp/msp-admission.ts";
import { OwnMemberWatch, readOwnMember, type CertifiedMember } from "../msp/own-member.ts";
import { ReedSolomon } from "../reed-solomon.ts";
import { loadNodeKey } from "../transport/node-key.ts";
import { SystemClock } from "../system-clock.ts";
import type { TransportStats } from "../transport/transport-stats.ts";

export interface PeerNetworkParts {
  readonly config: PeerConfig;
  readonly options: GossipOptions;
  readonly folders: readonly ChannelFolder[];
  /** Told of all that happens in the protocol. */
  readonly observe: Observer;
  readonly loggers: Loggers;
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
  /** Whether a peer may read a channel that has this configuration. */
  readonly mayRead: (config: ChannelConfig, credentials: Credentials) => boolean;
  /** When this peer's own certificate ends, in milliseconds since 1970; undefined where it has none. */
  readonly certificateExpiresMs: () => number | undefined;
  readonly stats: TransportStats;
  /** What people call a peer. */
  readonly nameOf: (peer: PeerId) => string;
  /** How many connections to other peers are open, theirs and ours. */
  readonly connections: () => number;
}

/**
 * Brings the peer onto the network with its key and its certificate; what must be let go of is added to `started`.
 *
 * @throws NodeError, also `CONFIG_INVALID` for an MSP folder without the MSP id of its organisation.
 */
export async function startNetwork(
  { config, options, folders, observe, loggers }: PeerNetworkParts,
  started: AsyncDisposableStack,
): Promise<PeerNetwork> {
  const clock = new SystemClock();
  const now = clock.now.bind(clock);
  const logger = loggers.get("peer");
  const configs = () => folders.map(({ verifier }) => verifier.config);
  const { privateKey, keyring, read, member } = await identify(config, configs);
  const admission = new MspAdmission({ admission: config.admission, member, configs, now });
  warnOfAdmission(admission, keyring.self, logger);
  const name = shortName(keyring.self, config.name);
  const node = await createNode({ ...config, privateKey, logger: libp2pLogs(loggers, now) });
  started.defer(() => node.stop());
  const gossip = new GossipPeer({
    keyring,
    admission,
    clock,
    random: Math.random,
    options,
    code: await ReedSolomon.load(),
    tags: config.tags,
    bootstrap: contactsOf(config.bootstrap, keyring.self),
    anchors: () => configs().flatMap(anchorsOf),
    observe,
    name,
  });
  const nameOf = (peer: PeerId) => (peer === keyring.self ? name : nameIn(gossip, peer));
  const onEvent = logTransport(loggers.get("transport"), { now, nameOf });
  const shared = { blockBytesMax: options.blockBytesMax, replyBytesMax: options.replyBytesMax, clock };
  const transport = started.use(new Libp2pTransport(node, gossip, shared, onEvent));
  const multiaddrs = node.getMultiaddrs().map(String);
  const endpoints = endpointsOf(config, multiaddrs);
  gossip.connect(transport, endpoints);
  const onRenewed = (renewed: CertifiedMember) => takeUp(renewed, admission, gossip);
  const watch = member && started.use(new OwnMemberWatch({ member, read, clock, logger, onRenewed }));
  return {
    id: keyring.self,
    name,
    organisation: member?.mspId ?? config.mspId,
    multiaddrs,
    announced: [...new Set([...endpoints.internal, ...endpoints.external])],
    gossip,
    mayRead: admission.mayRead.bind(admission),
    certificateExpiresMs: () => watch?.expiresMs,
    stats: transport.stats,
    nameOf,
    connections: () => transport.connections(),
  };
}

/** Reads what the peer is known by: its key, and what it is a member with, which is read again with `read`. */
async function identify(config: PeerConfig, configs: () => readonly ChannelConfig[]) {
  const privateKey = await loadNodeKey(config.nodeKey);
  const keyring = new Libp2pKeyring(privateKey);
  const read = () => readOwnMember(config, keyring.self, configs());
  return { privateKey, keyring, read, member: read() };
}

/** Shows the renewed certificate from now on. */
function takeUp(renewed: CertifiedMember, admission: MspAdmission, gossip: GossipPeer): void {
  admission.renew(renewed);
  gossip.identityChanged();
}

/** The end of a peer id, which differs, unlike its beginning. */
const SHORT_ID_LENGTH = 8;

function shortName(peer: PeerId, name: string | undefined): string {
  return name || peer.slice(-SHORT_ID_LENGTH);
}

function nameIn({ membership }: GossipPeer, peer: PeerId): string {
  return shortName(peer, membership.get(peer)?.statement.name);
}

/** Says at the start who is let in, and whether others will let us in. */
function warnOfAdmission(admission: MspAdmission, self: PeerId, logger: Logger): void {
  if (admission.isOpen) {
    logger.warn(
      "admission is open: whoever reaches this peer is let in, and gets the blocks of all its channels",
    );
    return;
  }
  try {
    admission.admit(self, admission.identity);
  } catch (error) {
    // An organisation may be added by a block that is not here yet.
    logger.warn(`this peer's own identity would not be let in here: ${reason(error)}`);
  }
}
