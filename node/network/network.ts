import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { stringify } from "yaml";
import type { Consensus } from "../../chain/block-signing.ts";
import type { ConsenterSpec, OrderingSpec, OrganisationSpec } from "../../chain/channel-spec.ts";
import { createGenesis } from "../../chain/genesis.ts";
import { AuthorityFolder } from "../msp/authority-folder.ts";
import { writeDeployment } from "../deployment/deployment.ts";
import { tcpAddress } from "../config/endpoints.ts";
import { NodeError } from "../errors.ts";
import { reason, writeNewFile } from "../files.ts";
import { writeMspFolder } from "../msp/msp-folder.ts";
import { planHostedNetwork, type HostedNetworkSpec } from "./hosts-file.ts";
import { ORDERER_ORGANISATION, type NetworkPlan, type PeerPlan } from "./network-plan.ts";
import { planNetwork, type NetworkSpec } from "./network-spec.ts";
import { loadNodeKey } from "../transport/node-key.ts";
import { writeOrdererSettings } from "../orderer/orderer-folder.ts";

/** Where a new network's parts are. */
export interface Network {
  /** The genesis block's file. */
  readonly genesis: string;
  /** The folder of all orderers, to sign blocks with. */
  readonly orderers: string;
  /** Organisation by organisation, in the order they were asked for. */
  readonly peers: readonly NetworkPeer[];
}

/** One peer of a new network. */
export interface NetworkPeer extends PeerPlan {
  readonly mspId: string;
  readonly peerId: string;
  /** The address at which others reach it, with its peer id. */
  readonly multiaddr: string;
  /** `HOST:PORT` of its HTTP API. */
  readonly api: string;
  readonly directory: string;
  /** Its configuration's file. */
  readonly config: string;
}

/** A BFT network bears one liar, which takes four orderers; of a raft network one orderer's key signs everything. */
const CONSENTERS: Readonly<Record<Consensus, number>> = { raft: 1, bft: 4 };
/** What the configuration gives as the orderers' ports, from Fabric's on. Nobody listens: whoever submits signs. */
const ORDERER_PORT_BASE = 7050;

/**
 * Makes all that a network needs to start: certificate authorities and certificates, orderers' keys, the genesis
 * block, and for every peer a folder with its configuration, certificate and key.
 *
 * ```
 * OUT/genesis.block
 *     organisations/Org1/{ca/{cert.pem,key.pem,issued/}, msp/}
 *     orderers/orderer0/{orderer.yaml, msp/}
 *     peers/org1-peer0/{config.yaml, msp/, node.key}
 * ```
 *
 * Organisation NAME has the MSP id NAMEMSP; the orderers' organisation is called Orderer. The first peer of each
 * organisation is the anchor peer by which others find it, the first two are its own peers' bootstrap peers.
 *
 * With a file of hosts each peer listens on all addresses of its machine and has the genesis block in its folder,
 * which is then all that its host needs; beside the folders is what `writeDeployment` writes.
 *
 * @throws NodeError `CONFIG_INVALID`, `FILE_UNREADABLE`, `NETWORK_EXISTS`, `FILE_UNWRITABLE`.
 */
export async function createNetwork(asked: NetworkSpec | HostedNetworkSpec): Promise<Network> {
  const plan = "hosts" in asked ? planHostedNetwork(asked) : planNetwork(asked);
  requireEmpty(plan.out);
  const ordering = await createOrdering(plan);
  const organisations: OrganisationSpec[] = [];
  const peers: NetworkPeer[] = [];
  for (const [name, [anchor, ...others]] of byOrganisation(plan.peers)) {
    const organisation = await createOrganisation(plan.out, name);
    for (const peer of [anchor, ...others]) peers.push(await createPeer(plan.out, organisation, peer));
    const { host, port } = anchor;
    organisations.push({ ...organisation.spec, anchorPeers: [{ host, port }] });
  }
  const stamp = { timestampMs: Date.now(), nonce: randomBytes(24) };
  const { bytes } = createGenesis({ channel: plan.channel, organisations, ordering }, stamp);
  for (const peer of peers) {
    writePeerConfig(peer, peers, plan);
    if (plan.isHosted) writeNewFile(join(peer.directory, GENESIS), bytes);
  }
  if (plan.isHosted) writeDeployment(plan.out, peers);
  const genesis = join(plan.out, GENESIS);
  // Last, so that a folder with a genesis block is whole.
  writeNewFile(genesis, bytes);
  return { genesis, orderers: join(plan.out, "orderers"), peers };
}

const GENESIS = "genesis.block";

/** Organisations with their peers, in the order in which they are first named. */
function byOrganisation(peers: readonly PeerPlan[]): ReadonlyMap<string, readonly [PeerPlan, ...PeerPlan[]]> {
  const organisations = new Map<string, [PeerPlan, ...PeerPlan[]]>();
  for (const peer of peers) {
    const others = organisations.get(peer.organisation);
    if (others === undefined) organisations.set(peer.organisation, [peer]);
    else others.push(peer);
  }
  return organisations;
}

interface Organisation {
  readonly folder: AuthorityFolder;
  /** PEM. */
  readonly rootCertificate: string;
  readonly spec: OrganisationSpec;
}

async function createOrganisation(out: string, name: string): Promise<Organisation> {
  const folder = await AuthorityFolder.create(join(out, "organisations", name), name);
  const { certificate } = folder.authority.credential;
  const spec = { name, mspId: `${name}MSP`, rootCertificates: [certificate] };
  return { folder, rootCertificate: certificate, spec };
}

async function createOrdering({
  out,
  channel,
  consensus,
  ordererHost: host,
}: NetworkPlan): Promise<OrderingSpec> {
  const { folder, rootCertificate, spec: organisation } = await createOrganisation(out, ORDERER_ORGANISATION);
  const { mspId } = organisation;
  const consenters: ConsenterSpec[] = [];
  for (let index = 0; index < CONSENTERS[consensus]; index++) {
    const name = `orderer${index}`;
    const directory = join(out, "orderers", name);
    const credential = await folder.issue({ commonName: name, role: "orderer" });
    const id = index + 1;
    writeMspFolder(join(directory, "msp"), credential, rootCertificate);
    writeOrdererSettings(directory, {
      mspId,
      channel,
      consensus,
      consenterId: id,
      consenters: CONSENTERS[consensus],
    });
    consenters.push({
      id,
      host,
      port: ORDERER_PORT_BASE + index,
      mspId,
      certificate: credential.certificate,
    });
  }
  return { consensus, organisation, consenters };
}

async function createPeer(
  out: string,
  { folder, rootCertificate, spec: { mspId } }: Organisation,
  plan: PeerPlan,
): Promise<NetworkPeer> {
  const { name, host, port, apiPort } = plan;
  const directory = join(out, "peers", name);
  const credential = await folder.issue({ commonName: name, role: "peer" });
  writeMspFolder(join(directory, "msp"), credential, rootCertificate);
  const peerId = peerIdFromPrivateKey(await loadNodeKey(join(directory, "node.key"))).toString();
  return {
    ...plan,
    mspId,
    peerId,
    multiaddr: `${tcpAddress(host, port)}/p2p/${peerId}`,
    // The API has no credentials, so it is for the peer's machine only.
    api: `127.0.0.1:${apiPort}`,
    directory,
    config: join(directory, "config.yaml"),
  };
}

/** So that a peer that starts while one of them is down finds its organisation. */
const BOOTSTRAP_PEERS = 2;

function writePeerConfig(peer: NetworkPeer, all: readonly NetworkPeer[], { isHosted }: NetworkPlan): void {
  const { name, organisation, mspId, host, port, api, multiaddr } = peer;
  const endpoint = tcpAddress(host, port);
  const anyAddress = tcpAddress(isIPv6(host) ? "::" : "0.0.0.0", port);
  const bootstrap = all.filter((each) => each.organisation === organisation).slice(0, BOOTSTRAP_PEERS);
  const settings = {
    name,
    mspId,
    listen: [isHosted ? anyAddress : endpoint],
    ...(isHosted ? { announce: [endpoint] } : {}),
    externalEndpoints: [endpoint],
    api,
    bootstrap: bootstrap.map((each) => each.multiaddr).filter((address) => address !== multiaddr),
    genesis: [isHosted ? `./${GENESIS}` : `../../${GENESIS}`],
    admission: "msp",
    msp: "./msp",
    nodeKey: "./node.key",
    data: "./data",
  };
  writeNewFile(peer.config, stringify(settings));
}

function requireEmpty(directory: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(directory);
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return;
    throw new NodeError("NETWORK_EXISTS", `${directory} cannot become a network's folder: ${reason(cause)}`, {
      cause,
    });
  }
  if (names.length === 0) return;
  throw new NodeError(
    "NETWORK_EXISTS",
    `${directory} is not empty, so no network is made there; name a new folder`,
  );
}
