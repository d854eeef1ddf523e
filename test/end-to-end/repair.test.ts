import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { recordsIn } from "../chain/ledger-fixture.ts";
import { DemoChannel } from "./demo-channel.ts";
import { allAt, allMet, Processes, type TestPeer } from "./processes.ts";

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));

/** Runs `blockgossip` as a user does. */
async function blockgossip(...args: readonly string[]) {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

/** Places in the record of a block: its length, the block's checksum, the header's own, and the block. */
const PLACES: readonly (readonly [block: number, byte: number])[] = [
  [0, 70],
  [3, 17],
  [5, 30],
  [7, 57],
  [10, 62],
  [12, 300],
  [20, 64 + 20],
];

test("bits that flip in the ledger of a peer that is down are mended by blockgossip repair, to the last byte", async () => {
  await using processes = new Processes();
  const channel = await DemoChannel.create(processes.path);
  const specs: TestPeer[] = [0, 1, 2].map((index) => ({ name: `peer${index}`, genesis: [channel.genesis] }));
  const seed = await processes.start(specs[0]!);
  const joining = specs.map((spec) => ({ ...spec, bootstrap: seed.ready.multiaddrs }));
  const peers: PeerProcess[] = [seed, await processes.start(joining[1]!), await processes.start(joining[2]!)];
  await allMet(peers, channel.name);
  for (let count = 0; count < 20; count++) await seed.api.submit(channel.name, channel.next(2_000).bytes);
  await allAt(peers, channel.name, 21);

  await peers[2]!.kill();
  const path = join(processes.path, "peer2", "channels", channel.name, "ledger", "blockfile_000000");
  const before = readFileSync(path);
  const rotten = Uint8Array.from(before);
  for (const [block, byte] of PLACES) rotten[recordsIn(before)[block]!.offset + byte]! ^= 1;
  writeFileSync(path, rotten);

  peers[2] = await processes.start(joining[2]!);
  await allMet(peers, channel.name);
  await expect(peers[2].api.block(channel.name, 12)).rejects.toThrow(/LEDGER_CORRUPT/);
  const repaired = await blockgossip("repair", "--api", seed.ready.api, "--channel", channel.name);
  expect(repaired).toMatchObject({ status: 0, stderr: "" });
  expect(repaired.stdout).toMatch(/^peer2 +- +21 +21 +0 +20,12,10,7,5,… \(6\) +20,12,10,7,5,… \(6\) +yes$/m);
  expect(repaired.stdout).toContain(`${channel.name}: all 3 members are equal after 4 hops`);
  // Nothing was lost on the way, and the segments are again what they were.
  expect(Buffer.compare(readFileSync(path), before)).toBe(0);
  for (const [block] of PLACES) {
    const [own, other] = await Promise.all([
      peers[2].api.block(channel.name, block),
      seed.api.block(channel.name, block),
    ]);
    expect(Buffer.compare(own, other)).toBe(0);
  }

  // What is rotten everywhere is said, and is a failure.
  for (const peer of peers) await peer.kill();
  for (const { name } of specs) {
    const file = join(processes.path, name, "channels", channel.name, "ledger", "blockfile_000000");
    const bytes = readFileSync(file);
    bytes[recordsIn(bytes)[9]!.offset + 100]! ^= 1;
    writeFileSync(file, bytes);
  }
  const alone = await processes.start(specs[0]!);
  const second = await processes.start({ ...specs[1]!, bootstrap: alone.ready.multiaddrs });
  await allMet([alone, second], channel.name);
  const failed = await blockgossip("repair", "--api", second.ready.api, "--json");
  expect(failed.status).toBe(1);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    channel: channel.name,
    equal: false,
    members: [
      { name: "peer1", damaged: [9], mended: [] },
      { name: "peer0", damaged: [9], mended: [] },
    ],
  });
}, 120_000);
