import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { stringify } from "yaml";
import type { Consensus } from "../chain/block-signing.ts";
import type { ConsenterSpec, OrderingSpec, OrganisationSpec } from "../chain/channel-spec.ts";
import { createGenesis } from "../chain/genesis.ts";
import { AuthorityFolder } from "./msp/authority-folder.ts";
import { NodeError } from "./errors.ts";
import { reason, writeNewFile } from "./files.ts";
import { writeMspFolder } from "./msp/msp-folder.ts";
import {
  checkNetworkSpec,
  ORDERER_ORGANISATION,
  type CheckedNetworkSpec,
  type NetworkSpec,
} from "./network-spec.ts";
import { loadNodeKey } from "./transport/node-key.ts";
import { writeOrdererSettings } from "./orderer-folder.ts";

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
export interface NetworkPeer {
  readonly name: string;
  readonly organisation: string;
  readonly mspId: string;
  readonly peerId: string;
  /** The address that it listens on, with its peer id. */
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
 * Organisation NAME has the MSP id NAMEMSP; the orderers' organisation is called Orderer. The first
 * peer of each organisation is the anchor peer by which others find it, and its own peers' bootstrap peer.
 *
 * @throws NodeError `CONFIG_INVALID`, `NETWORK_EXISTS`, `FILE_UNWRITABLE`.
 */
export async function createNetwork(asked: NetworkSpec): Promise<Network> {
  const spec = checkNetworkSpec(asked);
  requireEmpty(spec.out);
  const ordering = await createOrdering(spec);
  const organisations: OrganisationSpec[] = [];
  const peers: NetworkPeer[] = [];
  for (const { name, peers: count } of spec.organisations) {
    const organisation = await createOrganisation(spec.out, name);
    const port = spec.portBase + peers.length;
    for (let index = 0; index < count; index++) {
      peers.push(await createPeer(spec, organisation, { index, position: peers.length }));
    }
    organisations.push({ ...organisation.spec, anchorPeers: [{ host: spec.host, port }] });
  }
  for (const peer of peers) {
    const first = peers.find(({ organisation }) => organisation === peer.organisation);
    writePeerConfig(peer, first === undefined ? [] : [first.multiaddr]);
  }
  const stamp = { timestampMs: Date.now(), nonce: randomBytes(24) };
  const genesis = join(spec.out, "genesis.block");
  // Last, so that a folder with a genesis block is whole.
  writeNewFile(genesis, createGenesis({ channel: spec.channel, organisations, ordering }, stamp).bytes);
  return { genesis, orderers: join(spec.out, "orderers"), peers };
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

async function createOrdering({ out, channel, consensus, host }: CheckedNetworkSpec): Promise<OrderingSpec> {
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
  { out, portBase, apiPortBase, host }: CheckedNetworkSpec,
  { folder, rootCertificate, spec: { name: organisation, mspId } }: Organisation,
  { index, position }: { readonly index: number; readonly position: number },
): Promise<NetworkPeer> {
  const name = `${organisation.toLowerCase()}-peer${index}`;
  const directory = join(out, "peers", name);
  const credential = await folder.issue({ commonName: name, role: "peer" });
  writeMspFolder(join(directory, "msp"), credential, rootCertificate);
  const peerId = peerIdFromPrivateKey(await loadNodeKey(join(directory, "node.key"))).toString();
  return {
    name,
    organisation,
    mspId,
    peerId,
    multiaddr: `/${isIPv6(host) ? "ip6" : "ip4"}/${host}/tcp/${portBase + position}/p2p/${peerId}`,
    // The API has no credentials, so it is for this machine only.
    api: `127.0.0.1:${apiPortBase + position}`,
    directory,
    config: join(directory, "config.yaml"),
  };
}

function writePeerConfig(
  { name, mspId, multiaddr, peerId, api, config }: NetworkPeer,
  bootstrap: readonly string[],
): void {
  const endpoint = multiaddr.slice(0, -`/p2p/${peerId}`.length);
  const settings = {
    name,
    mspId,
    listen: [endpoint],
    externalEndpoints: [endpoint],
    api,
    bootstrap: bootstrap.filter((address) => address !== multiaddr),
    genesis: ["../../genesis.block"],
    admission: "msp",
    msp: "./msp",
    nodeKey: "./node.key",
    data: "./data",
  };
  writeNewFile(config, stringify(settings));
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
