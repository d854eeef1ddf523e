import { X509Certificate } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { verifyGenesis } from "../../chain/block-verification.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { loadConfig } from "../../node/config/config.ts";
import { readMspFolder } from "../../node/msp/msp-folder.ts";
import { createNetwork } from "../../node/network/network.ts";
import type { NetworkSpec } from "../../node/network/network-spec.ts";
import { loadNodeKey } from "../../node/transport/node-key.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const organisations = [
  { name: "Org1", peers: 3 },
  { name: "Org2", peers: 2 },
];

function spec(out: string, more: Partial<NetworkSpec> = {}): NetworkSpec {
  return { out, channel: "demo", organisations, consensus: "raft", ...more };
}

/** Matches a NodeError of this code whose message has these words. */
function nodeError(code: string, message: string): Error {
  return expect.objectContaining({ name: "NodeError", code, message: expect.stringContaining(message) });
}

test("a network has what it takes to start: genesis, authorities, orderers, peers", async () => {
  using directory = temporaryDirectory();
  const out = join(directory.path, "new", "network");
  const network = await createNetwork(spec(out));
  expect(readdirSync(out).sort()).toEqual(["genesis.block", "orderers", "organisations", "peers"]);
  expect(readdirSync(join(out, "organisations")).sort()).toEqual(["Orderer", "Org1", "Org2"]);
  expect(readdirSync(join(out, "organisations/Org1/ca")).sort()).toEqual(["cert.pem", "issued", "key.pem"]);
  expect(readdirSync(join(out, "orderers"))).toEqual(["orderer0"]);
  expect(network.peers.map(({ name }) => name)).toEqual([
    "org1-peer0",
    "org1-peer1",
    "org1-peer2",
    "org2-peer0",
    "org2-peer1",
  ]);
  for (const peer of network.peers) {
    expect(readdirSync(peer.directory).sort()).toEqual(["config.yaml", "msp", "node.key"]);
  }
});

test("all private keys are readable by their owner only", async () => {
  using directory = temporaryDirectory();
  await createNetwork(spec(directory.path));
  const names = readdirSync(directory.path, { recursive: true }).map(String);
  const keys = names.filter((name) => /key\.pem$|_sk$|node\.key$/.test(name));
  expect(keys).toHaveLength(3 + 1 + 5 + 5);
  for (const key of keys) expect(statSync(join(directory.path, key)).mode & 0o777).toBe(0o600);
});

test("the genesis block names the organisations, and the first peer of each as its anchor", async () => {
  using directory = temporaryDirectory();
  const network = await createNetwork(spec(directory.path));
  const genesis = Block.parse(new Uint8Array(readFileSync(network.genesis)));
  verifyGenesis(genesis);
  const config = ChannelConfig.fromBlock(genesis);
  expect(config.channel).toBe("demo");
  expect([...config.organisations.keys()].sort()).toEqual(["Org1MSP", "Org2MSP"]);
  expect(config.anchorPeers).toEqual([
    { mspId: "Org1MSP", host: "127.0.0.1", port: 9700 },
    { mspId: "Org2MSP", host: "127.0.0.1", port: 9703 },
  ]);
});

test("every peer's configuration loads, and fits its key, its certificate and its neighbours", async () => {
  using directory = temporaryDirectory();
  const network = await createNetwork(spec(directory.path));
  const firstTwo = (organisation: string) =>
    network.peers
      .filter((peer) => peer.organisation === organisation)
      .slice(0, 2)
      .map(({ multiaddr }) => multiaddr);
  for (const [index, peer] of network.peers.entries()) {
    const config = loadConfig({ file: peer.config });
    expect(config).toMatchObject({
      name: peer.name,
      mspId: `${peer.organisation}MSP`,
      admission: "msp",
      listen: [`/ip4/127.0.0.1/tcp/${9700 + index}`],
      api: { host: "127.0.0.1", port: 9800 + index },
      bootstrap: firstTwo(peer.organisation).filter((address) => address !== peer.multiaddr),
      externalEndpoints: config.listen,
      data: join(peer.directory, "data"),
    });
    expect(config.genesis.map((path) => readFileSync(path))).toEqual([readFileSync(network.genesis)]);
    expect(peerIdFromPrivateKey(await loadNodeKey(config.nodeKey)).toString()).toBe(peer.peerId);
    expect(peer.multiaddr).toBe(`${config.listen[0]}/p2p/${peer.peerId}`);
    const msp = readMspFolder(config.msp!);
    expect(msp.warnings).toEqual([]);
    expect(new X509Certificate(msp.certificate).subject.split("\n")).toEqual([
      `O=${peer.organisation}`,
      "OU=peer",
      `CN=${peer.name}`,
    ]);
  }
});

test("ports and address can be chosen", async () => {
  using directory = temporaryDirectory();
  const network = await createNetwork(
    spec(directory.path, { portBase: 20_000, apiPortBase: 30_000, host: "::1" }),
  );
  expect(network.peers[4]!.multiaddr).toMatch(/^\/ip6\/::1\/tcp\/20004\/p2p\//);
  expect(network.peers[4]!.api).toBe("127.0.0.1:30004");
  for (const peer of network.peers) loadConfig({ file: peer.config });
});

test("a BFT network has four orderers", async () => {
  using directory = temporaryDirectory();
  const network = await createNetwork(spec(directory.path, { consensus: "bft" }));
  expect(readdirSync(network.orderers)).toEqual(["orderer0", "orderer1", "orderer2", "orderer3"]);
});

test("a folder that is not empty is refused and left as it is; an empty one is taken", async () => {
  using directory = temporaryDirectory();
  const used = join(directory.path, "used");
  mkdirSync(used);
  writeFileSync(join(used, "precious"), "");
  await expect(createNetwork(spec(used))).rejects.toThrow(
    nodeError("NETWORK_EXISTS", `${used} is not empty`),
  );
  expect(readdirSync(used)).toEqual(["precious"]);
  await expect(createNetwork(spec(join(used, "precious")))).rejects.toThrow(
    nodeError("NETWORK_EXISTS", "cannot become"),
  );
  const empty = join(directory.path, "empty");
  mkdirSync(empty);
  await createNetwork(spec(empty));
});

test.each<[words: string, more: Partial<NetworkSpec>]>([
  ['"Demo" is no channel name; allowed are', { channel: "Demo" }],
  ["a network needs at least one organisation", { organisations: [] }],
  ['"../x" is no organisation\'s name; allowed are', { organisations: [{ name: "../x", peers: 1 }] }],
  ["organisation ORG1 is there twice", { organisations: [...organisations, { name: "ORG1", peers: 1 }] }],
  [
    "organisation Orderer is there twice, or is Orderer, which",
    { organisations: [{ name: "Orderer", peers: 1 }] },
  ],
  [
    "organisation Org1 has 0 peers; allowed is a whole number from 1",
    { organisations: [{ name: "Org1", peers: 0 }] },
  ],
  ["organisation Org1 has 1.5 peers; allowed is", { organisations: [{ name: "Org1", peers: 1.5 }] }],
  ["1001 peers are more than the 1000", { organisations: [{ name: "Org1", peers: 1001 }] }],
  ["portBase is 0; allowed for 5 peers is a whole number from 1 to 65531", { portBase: 0 }],
  ["portBase is 65532; allowed for 5 peers", { portBase: 65_532 }],
  ["apiPortBase is 65532; allowed for 5 peers", { apiPortBase: 65_532 }],
  ["portBase 9700 and apiPortBase 9704 are closer than the 5 ports", { apiPortBase: 9704 }],
  ['host "localhost" is no IP address', { host: "localhost" }],
])("refused before anything is written: %s", async (words, more) => {
  using directory = temporaryDirectory();
  const out = join(directory.path, "network");
  await expect(createNetwork(spec(out, more))).rejects.toThrow(nodeError("CONFIG_INVALID", words));
  expect(existsSync(out)).toBe(false);
});
