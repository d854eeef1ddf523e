import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { ApiMember } from "../../node/http/api-types.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { createNetwork, type Network } from "../../node/network/network.ts";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { submitNext } from "../../node/orderer/submission.ts";
import { allAt, allMet, eventually, Processes } from "./processes.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));
const CHANNEL = "trade";
const HOST = "127.0.0.1";

/** A closed network of two organisations with two peers each, and a command line in its folder. */
class TradeNetwork {
  readonly network: Network;
  /** Free for one more peer. */
  readonly sparePort: number;
  readonly #processes: Processes;

  private constructor(processes: Processes, network: Network, sparePort: number) {
    this.#processes = processes;
    this.network = network;
    this.sparePort = sparePort;
  }

  static async create(processes: Processes): Promise<TradeNetwork> {
    const portBase = (await freePortBase(HOST, 21_000 + (process.pid % 1_000) * 10, [0, 1, 2, 3, 4]))!;
    const network = await createNetwork({
      out: join(processes.path, "network"),
      channel: CHANNEL,
      organisations: ["Org1", "Org2"].map((name) => ({ name, peers: 2 })),
      consensus: "raft",
      portBase,
    });
    return new TradeNetwork(processes, network, portBase + 4);
  }

  get genesis(): readonly string[] {
    return [this.network.genesis];
  }

  async startAll(): Promise<readonly [PeerProcess, PeerProcess, PeerProcess, PeerProcess]> {
    const started = this.network.peers.map(({ name, config }) =>
      this.#processes.start({
        name,
        genesis: this.genesis,
        flags: ["--config", config, "--api", `${HOST}:0`],
      }),
    );
    const [first, second, third, fourth] = await Promise.all(started);
    return [first!, second!, third!, fourth!];
  }

  run(...args: readonly string[]): { readonly status: number | null; readonly output: string } {
    const cwd = this.#processes.path;
    const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
      cwd,
      encoding: "utf8",
      timeout: 30_000,
    });
    return { status, output: `${stdout}${stderr}` };
  }

  /** The output of a command that must succeed. */
  done(line: string): string {
    const { status, output } = this.run(...line.split(" "));
    expect(status, output).toBe(0);
    return output;
  }

  /** As an operator hands in a change at this peer. */
  update(peer: PeerProcess, line: string): string {
    return this.done(`channel update --api ${peer.ready.api} --orderer network/orderers ${line}`);
  }

  /** Hands in one more block; the height then. */
  async submit(peer: PeerProcess): Promise<number> {
    const files = [Buffer.from("a block")];
    const { orderers } = this.network;
    const { block, result } = await submitNext(peer.api, CHANNEL, { orderers, files });
    expect(result).toMatchObject({ kind: "accepted" });
    return block.number + 1;
  }
}

async function memberAt(peer: PeerProcess, other: PeerProcess): Promise<ApiMember | undefined> {
  const { peer: id } = await other.api.status();
  return (await peer.api.members()).find((member) => member.peer === id);
}

/** Waits until these show the other as refused, for a reason that has these words. */
async function allRefuse(peers: readonly PeerProcess[], other: PeerProcess, words: string): Promise<void> {
  let seen: (ApiMember | undefined)[] = [];
  await eventually(`${other.name} is refused for ${words}`, async () => {
    seen = await Promise.all(peers.map((peer) => memberAt(peer, other)));
    return seen.every((member) => member?.state === "refused" && member.reason.includes(words));
  }).catch((error: unknown) => {
    throw new Error(JSON.stringify(seen), { cause: error });
  });
}

async function heightOf({ api }: PeerProcess): Promise<number> {
  return (await api.channel(CHANNEL)).height;
}

test("a running network follows its configuration: a peer is revoked, an organisation comes, another goes", async () => {
  await using processes = new Processes();
  const trade = await TradeNetwork.create(processes);
  const [org1, org1b, org2, revoked] = await trade.startAll();
  trade.done("cert ca --out Org3 --org Org3");
  trade.done("cert csr --out org3-peer0/msp --name org3-peer0 --org Org3 --request org3.csr");
  trade.done("cert issue org3.csr --ca Org3 --out org3.pem");
  trade.done("cert install org3.pem --msp org3-peer0/msp");
  const address = `/ip4/${HOST}/tcp/${trade.sparePort}`;
  const newcomer = await processes.start({
    name: "org3-peer0",
    genesis: trade.genesis,
    flags: [
      "--msp",
      join(processes.path, "org3-peer0", "msp"),
      "--msp-id",
      "Org3MSP",
      "--listen",
      address,
      "--external-endpoints",
      address,
    ],
  });
  await allMet([org1, org1b, org2, revoked], CHANNEL);
  const atStart = await trade.submit(org1);
  await allAt([org1, org1b, org2, revoked], CHANNEL, atStart);

  // One peer's certificate is revoked.
  trade.done("cert revoke --ca network/organisations/Org2 --name org2-peer1");
  const output = trade.update(org1, "--revoke Org2=network/organisations/Org2/ca/crl.pem");
  expect(output).toContain("Org2: revocation list with 1 certificate");
  expect(output).toContain("configuration 1 of channel trade is in force");
  await allRefuse([org1, org1b, org2], revoked, "revoked");
  const withoutRevoked = await trade.submit(org1);
  await allAt([org1, org1b, org2], CHANNEL, withoutRevoked);

  // An organisation comes in whose peer waits.
  expect(await heightOf(newcomer)).toBe(1);
  trade.update(org2, `--add-org Org3=Org3 --anchor Org3=${HOST}:${trade.sparePort}`);
  await allAt([org1, org1b, org2, newcomer], CHANNEL, withoutRevoked + 1);
  await eventually("the newcomer is a member like all", async () => {
    const member = await memberAt(org1, newcomer);
    return member?.state === "alive" && member.organisation === "Org3MSP";
  });
  const withNewcomer = await trade.submit(newcomer);
  await allAt([org1, org1b, org2, newcomer], CHANNEL, withNewcomer);

  // An organisation goes.
  trade.update(newcomer, "--remove-org Org2");
  await allRefuse([org1, org1b, newcomer], org2, "Org2MSP");
  const last = await trade.submit(org1);
  await allAt([org1, org1b, newcomer], CHANNEL, last);
  // The last that each of them may have got is the block that shut it out.
  expect(await heightOf(org2)).toBeLessThanOrEqual(withNewcomer + 1);
  expect(await heightOf(revoked)).toBeLessThanOrEqual(atStart + 1);
  const shown = JSON.parse(trade.done(`channel show --api ${org1b.ready.api} --json`));
  expect(shown).toMatchObject({
    sequence: 3,
    block: withNewcomer,
    organisations: [{ name: "Org1" }, { name: "Org3", anchorPeers: [`${HOST}:${trade.sparePort}`] }],
  });
}, 120_000);

test("what cannot be is said in a sentence, and nothing changes; a block can be written instead", async () => {
  await using processes = new Processes();
  const trade = await TradeNetwork.create(processes);
  const { name, config } = trade.network.peers[0]!;
  const peer = await processes.start({
    name,
    genesis: trade.genesis,
    flags: ["--config", config, "--api", `${HOST}:0`],
  });
  const update = (line: string) =>
    trade.run("channel", "update", "--api", peer.ready.api, ...line.split(" "));
  const ours = "--orderer network/orderers";
  trade.done("cert revoke --ca network/organisations/Org1 --name org1-peer1");
  trade.done("cert revoke --ca network/organisations/Orderer --name orderer0");
  await createNetwork({
    out: join(processes.path, "other"),
    channel: CHANNEL,
    organisations: [{ name: "Org1", peers: 1 }],
    consensus: "raft",
  });
  writeFileSync(join(processes.path, "noise"), "noise");
  const cases: readonly (readonly [line: string, status: number, words: string])[] = [
    [ours, 2, "say what is to change"],
    [`${ours} --remove-org Org9`, 1, "there is no organisation Org9 to change here; there are Org1, Org2"],
    [`${ours} --revoke Org2=network/organisations/Org1/ca/crl.pem`, 1, "signed by none of its CAs"],
    [`${ours} --revoke Org1=noise`, 1, "Org1: there is no revocation list"],
    [`${ours} --revoke Org1=missing.pem`, 1, "the revocation list missing.pem cannot be read"],
    [`${ours} --revoke Org1`, 2, "Allowed is NAME=VALUE"],
    [`${ours} --anchor Org1=nowhere`, 2, "allowed is HOST:PORT"],
    [`${ours} --add-org Org3=network/peers`, 1, "neither it nor a folder msp in it has cacerts"],
    [`${ours} --msp-id Org1=X --remove-org Org1`, 2, "--msp-id names Org1"],
    ["--orderer other/orderers --remove-org Org2", 1, "are not those of channel trade"],
    [`${ours} --revoke Orderer=network/organisations/Orderer/ca/crl.pem`, 1, "could sign no block any more"],
  ];
  for (const [line, status, words] of cases) {
    const outcome = update(line);
    expect(outcome, line).toMatchObject({ status, output: expect.stringContaining(words) });
  }
  expect(await heightOf(peer)).toBe(1);

  expect(update(`${ours} --remove-org Org2 --out next.block`)).toMatchObject({ status: 0 });
  expect(await heightOf(peer)).toBe(1);
  const block = Block.parse(new Uint8Array(readFileSync(join(processes.path, "next.block"))));
  expect([...ChannelConfig.fromBlock(block).organisations.keys()]).toEqual(["Org1MSP"]);
  expect(await peer.api.submit(CHANNEL, block.bytes)).toMatchObject({ kind: "accepted", number: 1 });
}, 120_000);
