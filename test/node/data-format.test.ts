import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FileLedger } from "../../chain/file-ledger.ts";
import { ForkProofs } from "../../chain/fork-proofs.ts";
import { openDataFolder, type MigrationStep } from "../../node/peer/data-format.ts";
import { loadNodeKey } from "../../node/transport/node-key.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { Block } from "../../chain/block.ts";
import { runningPeer } from "./running-peer.ts";

/** The data folder as peers wrote it before there was a `format`: a channel of two blocks and the node's key. */
async function writeFormat1(data: string, channel: DemoChannel): Promise<void> {
  const directory = join(data, "channels", channel.name);
  await using ledger = await FileLedger.open({ directory: join(directory, "ledger") });
  await ledger.append(Block.parse(new Uint8Array(readFileSync(channel.genesis))));
  await ledger.append(channel.next());
  await ForkProofs.open({ directory });
  await loadNodeKey(join(data, "node.key"));
}

const formatIn = (data: string) => readFileSync(join(data, "format"), "utf8");

test("a folder from before there was a format is migrated when a peer starts on it, and keeps blocks and key", async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, "data");
  const channel = await DemoChannel.create(directory.path);
  await writeFormat1(data, channel);
  const files = ["node.key", "channels/demo/ledger/blockfile_000000", "channels/demo/ledger/format"];
  const before = files.map((name) => readFileSync(join(data, name)));
  const told: string[] = [];
  (await openDataFolder(data, { onMigrated: (format) => told.push(`to ${format}`) }))[Symbol.dispose]();
  expect(told).toEqual(["to 2"]);
  expect(formatIn(data)).toBe("blockgossip-data 2\n");
  await using peer = await runningPeer(directory.path, [channel.genesis]);
  expect(peer.state.channels[0]).toMatchObject({ ledger: { height: 2, tipHash: channel.tip.hash } });
  expect(files.map((name) => readFileSync(join(data, name)))).toEqual(before);
});

test("a new folder has the newest format at once, and no step is run on it", async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, "new", "data");
  const told: string[] = [];
  using _ = await openDataFolder(data, { onMigrated: (format) => told.push(`to ${format}`) });
  expect(formatIn(data)).toBe("blockgossip-data 2\n");
  expect(told).toEqual([]);
});

test.each([
  ["newer", "blockgossip-data 3\n", "is of data format 3 and this program knows formats 1 to 2"],
  ["damaged", "blockgossip-da", "is not what a peer writes there"],
  ["empty", "", "is not what a peer writes there"],
])("a %s format is refused, and the folder is left as it is", async (_, text, words) => {
  using directory = temporaryDirectory();
  const data = join(directory.path, "data");
  mkdirSync(join(data, "channels"), { recursive: true });
  writeFileSync(join(data, "format"), text);
  await expect(openDataFolder(data)).rejects.toThrow(
    expect.objectContaining({ code: "DATA_FORMAT", message: expect.stringContaining(words) }),
  );
  await expect(runningPeer(directory.path, [])).rejects.toThrow(words);
  expect(formatIn(data)).toBe(text);
  expect(readdirSync(data).filter((name) => name !== "lock.sqlite")).toEqual(["channels", "format"]);
});

test("one process has the folder open, until it lets go", async () => {
  using directory = temporaryDirectory();
  const first = await openDataFolder(directory.path);
  await expect(openDataFolder(directory.path)).rejects.toThrow(
    expect.objectContaining({ code: "LEDGER_LOCKED" }),
  );
  first[Symbol.dispose]();
  (await openDataFolder(directory.path))[Symbol.dispose]();
});

test("a path that cannot be a folder is refused with a sentence", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "file");
  writeFileSync(path, "");
  await expect(openDataFolder(path)).rejects.toThrow(
    expect.objectContaining({ code: "FILE_UNWRITABLE", message: expect.stringContaining(path) }),
  );
});

/** A process that migrates the folder by three steps; each writes a line to `steps`, the second dies after it. */
const KILLED = `
  import { appendFileSync } from "node:fs";
  import { openDataFolder } from ${JSON.stringify(fileURLToPath(new URL("../../node/peer/data-format.ts", import.meta.url)))};
  const step = (name, then = () => undefined) => ({
    change: name,
    run: async (directory) => { appendFileSync(directory + "/steps", name + "\\n"); then(); },
  });
  await openDataFolder(process.argv[1], {
    steps: [step("one"), step("two", () => process.kill(process.pid, "SIGKILL")), step("three")],
  });
`;

test("a migration that was killed in its second step is continued from there, not from the first", async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, "data");
  mkdirSync(join(data, "channels"), { recursive: true });
  const { signal } = spawnSync(process.execPath, ["--input-type=module", "--eval", KILLED, data]);
  expect(signal).toBe("SIGKILL");
  expect(readFileSync(join(data, "steps"), "utf8")).toBe("one\ntwo\n");
  expect(formatIn(data)).toBe("blockgossip-data 2\n");
  const ran: string[] = [];
  const step = (change: string): MigrationStep => ({ change, run: async () => void ran.push(change) });
  const told: number[] = [];
  const steps = ["one", "two", "three"].map(step);
  using _ = await openDataFolder(data, { steps, onMigrated: (format) => told.push(format) });
  expect(ran).toEqual(["two", "three"]);
  expect(told).toEqual([3, 4]);
  expect(formatIn(data)).toBe("blockgossip-data 4\n");
});

test("what a kill left of writing the format is removed; the format itself is whole", async () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, "data");
  mkdirSync(join(data, "channels"), { recursive: true });
  writeFileSync(join(data, "format.0badcafe.tmp"), "blockgoss");
  using _ = await openDataFolder(data);
  expect(readdirSync(data).sort()).toEqual(["channels", "format", "lock", "lock.sqlite"]);
  expect(formatIn(data)).toBe("blockgossip-data 2\n");
});
