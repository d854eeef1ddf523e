import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PeerProcess } from "../../node/peer/peer-process.ts";
import { recordsIn } from "../chain/ledger-fixture.ts";
import { runInProcess, type CliOutcome } from "../node/in-process-cli.ts";
import { blockgossip, CLI } from "./blockgossip.ts";
import { DemoChannel } from "./demo-channel.ts";
import { allAt, allMet, Processes } from "./processes.ts";

/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:1";

let processes: Processes;
let channel: DemoChannel;
let peers: PeerProcess[];
/** The data folder of the second peer, which is stopped now and then. */
let data: string;

beforeAll(async () => {
  processes = new Processes();
  channel = await DemoChannel.create(processes.path);
  peers = await processes.startMany(2, [channel.genesis]);
  data = join(processes.path, "peer1");
  await allMet(peers, channel.name);
}, 60_000);

afterAll(async () => {
  await processes[Symbol.asyncDispose]();
});

const api = (index: number) => peers[index]!.ready.api;
const jsonLines = ({ stdout }: CliOutcome) =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
const submit = () => ["submit", "--api", api(0), "--orderer", channel.orderers];
const inFolder = (name: string) => join(processes.path, name);

async function succeed(...args: readonly string[]): Promise<CliOutcome> {
  const outcome = await runInProcess(...args);
  expect(outcome).toMatchObject({ status: 0, stderr: "" });
  return outcome;
}

test("blocks are made, waited for, and seen at all members", async () => {
  const submitted = await blockgossip(
    ...submit(),
    "--count",
    "3",
    "--size",
    "2KiB",
    "--wait",
    "all",
    "--json",
  );
  expect(submitted.stderr).toBe("");
  expect(jsonLines(submitted)).toEqual([
    ...[1, 2, 3].map((number) => ({ number, hash: expect.any(String), result: "accepted" })),
    { height: 4, holders: 2, members: 2, elapsedMs: expect.any(Number) },
  ]);
  const [one, all, several, sync, members] = [
    await succeed("height", "--api", api(0)),
    await succeed("height", "--api", api(0), "--all", "--json"),
    await succeed("height", "--api", api(0), api(1), "--watch"),
    await succeed("sync", "--api", api(1), "--watch"),
    await succeed("members", "--api", api(1), "--json"),
  ];
  expect(one.stdout).toMatch(/^http:\S+ {2}peer0 {2}4 {2}[0-9a-f]{64}\n$/);
  expect(jsonLines(all).map(({ name, height, lag }) => [name, height, lag])).toEqual(
    expect.arrayContaining([
      ["peer0", 4, 0],
      ["peer1", 4, 0],
    ]),
  );
  expect(several.stdout.trimEnd().split("\n").at(-1)).toMatch(/peer1 {2}4 /);
  expect(sync.stdout).toBe("demo: in step with the others at 4\n");
  expect(
    jsonLines(members)
      .map(({ name, state }) => `${name} ${state}`)
      .sort(),
  ).toEqual(["peer0 alive", "peer1 alive"]);

  const share = await succeed(...submit(), "--wait", "50%", inFolder("peer0.log"));
  expect(share.stdout).toMatch(
    /^block 4 {2}[0-9a-f]{64} {2}accepted\n(all 2|1 of 2) members are known to hold it/,
  );
  const file = inFolder("4.block");
  writeFileSync(file, await peers[0]!.api.block(channel.name, 4));
  expect((await succeed("submit", "--api", api(1), "--block", file)).stdout).toContain("already held");
});

test("whoever watches members is told of changes, and a peer meets another", async () => {
  const child = spawn(process.execPath, [CLI, "members", "--api", api(0), "--watch", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [first] = (await once(child.stdout, "data")) as [Buffer];
  child.kill();
  expect(JSON.parse(first.toString().split("\n")[0]!)).toMatchObject({ state: "alive" });
  const address = peers[1]!.ready.multiaddrs[0]!.replace(/\/p2p\/.*/, "");
  const met = await succeed("join", "--api", api(0), "--json", address);
  expect(JSON.parse(met.stdout).peer).toBe((await peers[1]!.api.status()).peer);
});

/** What was asked wrongly, the exit status, and words of the sentence. */
type Wrong = readonly [what: string, args: () => readonly string[], status: number, words: string | RegExp];

const WRONG: readonly Wrong[] = [
  ["an unknown flag", () => ["height", "--hight"], 2, "unknown option '--hight'"],
  ["an address that is none", () => ["sync", "--api", "http://a b"], 2, 'the API\'s address is "http://a b"'],
  [
    "a peer that is down",
    () => ["members", "--api", NOWHERE],
    3,
    /no peer answers at .*ECONNREFUSED.*\n.*doctor/,
  ],
  ["two peers, one of them down", () => ["height", "--api", api(0), NOWHERE], 3, /^$/],
  [
    "a channel that is not joined",
    () => ["height", "--api", api(0), "--channel", "none"],
    4,
    "channel none is not joined here; joined: demo",
  ],
  [
    "a channel that is not joined, by its sync",
    () => ["sync", "--api", api(0), "--channel", "none"],
    4,
    "channel none is not joined here; joined: demo",
  ],
  [
    "a block that is none",
    () => [
      "submit",
      "--api",
      api(0),
      "--block",
      channel.genesis.replace(/[^/]+$/, "orderers/orderer0/orderer.yaml"),
    ],
    5,
    "MALFORMED_BLOCK",
  ],
  [
    "a file that is not there",
    () => ["submit", "--api", api(0), "--block", "/nowhere/file"],
    1,
    "/nowhere/file cannot be read",
  ],
  [
    "more holders than members",
    () => ["submit", "--api", api(0), "--block", inFolder("4.block"), "--wait", "5", "--timeout", "10ms"],
    6,
    /after 10 ms only 2 members are alive.*\n.*--timeout/,
  ],
  [
    "a token that opens nothing",
    () => ["members", "--api", api(0), "--token-file", "/nowhere"],
    1,
    "the token /nowhere cannot be read",
  ],
  ["a key that is not there", () => ["id", "--data", "/nowhere"], 4, "there is no key /nowhere/node.key"],
  ["a file in a folder's place", () => ["init", join(channel.genesis, "peer")], 1, "cannot be made"],
  ["no ledger", () => ["ledger", "info", "--data", "/nowhere"], 4, "there is no ledger in /nowhere"],
  [
    "a ledger in use",
    () => ["ledger", "verify", "--data", data],
    1,
    /is in use by process \d+; stop it first.*\n.*API/,
  ],
  ["an import without genesis", () => ["ledger", "import", "--data", "/nowhere", "x"], 2, "--genesis"],
  [
    "settings that are not allowed",
    () => [
      "config",
      "validate",
      "--config",
      join(channel.genesis, "..", "orderers", "orderer0", "orderer.yaml"),
    ],
    2,
    "there is no such setting",
  ],
];

test.each(WRONG)("%s: a sentence and the status", async (_what, args, status, words) => {
  const outcome = await runInProcess(...args());
  expect(outcome.stderr).toMatch(words);
  expect(outcome.stderr).not.toMatch(/^ {4}at /m);
  expect(outcome.status).toBe(status);
});

test("wrong uses in processes of their own end alike: a port taken, a genesis block missing, a peer that is down", async () => {
  const host = new URL(api(0)).host;
  const start = ["peer", "start", "--admission", "open", "--data", inFolder("other")];
  const [taken, missing, down] = await Promise.all([
    blockgossip(...start, "--genesis", channel.genesis, "--api", host),
    blockgossip(...start, "--genesis", "/nowhere/genesis.block"),
    blockgossip("sync", "--api", NOWHERE, "--json"),
  ]);
  expect(taken).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/\(PORT_TAKEN\)\n {2}name another port/),
  });
  expect(missing).toMatchObject({ status: 1, stderr: expect.stringContaining("(FILE_UNREADABLE)") });
  expect(down).toMatchObject({ status: 3, stdout: "" });
  expect(JSON.parse(down.stderr).error.code).toBe("API_UNREACHABLE");
  for (const { stderr } of [taken, missing, down]) expect(stderr).not.toMatch(/^ {4}at /m);
});

test("a peer's folder is made once, and the doctor says how a peer is", async () => {
  const folder = inFolder("made");
  const flags = ["--admission", "open", "--genesis", channel.genesis, "--json"];
  const made = JSON.parse((await succeed("init", folder, ...flags)).stdout);
  expect(made).toMatchObject({
    kept: [],
    made: [join(folder, "config.yaml"), expect.any(String), expect.any(String)],
  });
  const key = readFileSync(join(folder, "node.key"));
  const again = JSON.parse((await succeed("init", folder, "--json")).stdout);
  expect(again).toMatchObject({ made: [], peer: made.peer });
  expect(readFileSync(join(folder, "node.key"))).toEqual(key);
  const config = join(folder, "config.yaml");
  expect(JSON.parse((await succeed("id", "--config", config, "--json")).stdout).peer).toBe(made.peer);
  expect((await succeed("config", "validate", "--config", config)).stdout).toContain(": valid, ");
  const shown = (await succeed("config", "show", "--config", config, "--origin")).stdout;
  expect(shown).toMatch(/^admission +"open" +\S*config\.yaml:\d+$/m);
  expect(shown).toMatch(/^connectionsMax +300 +default$/m);
  expect(JSON.parse((await succeed("config", "schema")).stdout).properties).toHaveProperty("bootstrap");

  // The first peer's own settings, as far as the doctor looks at them.
  const [listen] = peers[0]!.ready.multiaddrs.map((address) => address.replace(/\/p2p\/.*/, ""));
  const own = { admission: "open", genesis: [channel.genesis], data: inFolder("peer0"), listen: [listen] };
  const good = inFolder("good.yaml");
  writeFileSync(
    good,
    JSON.stringify({ ...own, api: new URL(api(0)).host, bootstrap: peers[1]!.ready.multiaddrs }),
  );
  const well = await succeed("doctor", "--config", good, "--json");
  const states = new Map(jsonLines(well).map(({ check, state }) => [check, state]));
  for (const check of ["settings", "key", "genesis", "port", "bootstrap", "peer", "members", "channel demo"])
    expect([check, states.get(check)]).toEqual([check, "ok"]);

  // Another peer's: its ports are taken, its genesis and its bootstrap peer are not there.
  const bad = inFolder("bad.yaml");
  const gone = `/ip4/127.0.0.1/tcp/1/p2p/${made.peer}`;
  const settings = {
    ...own,
    data: inFolder("bad"),
    genesis: ["/nowhere"],
    bootstrap: [gone],
    api: new URL(api(1)).host,
  };
  writeFileSync(bad, JSON.stringify({ ...settings, nodeKey: join(folder, "node.key") }));
  const ill = await runInProcess("doctor", "--config", bad);
  expect(ill.status).toBe(1);
  expect(ill.stdout).toMatch(
    /^fail +genesis +.*\/nowhere cannot be read.*\n +get the channel's genesis block/m,
  );
  expect(ill.stdout).toMatch(/^fail +port +listen \S+ is in use by another program\n +stop that one/m);
  expect(ill.stdout).toMatch(/^fail +bootstrap +0 of 1 answer; not .*ECONNREFUSED/m);
  expect(ill.stdout).toMatch(/^warn +peer +the one at \S+ is peer1, not the one of these settings/m);
});

test("the ledger of a stopped peer is verified, carried elsewhere and compared; then the peer catches up", async () => {
  await peers[1]!.stop();
  const height = (await peers[0]!.api.channel(channel.name)).height;
  const at = ["--data", data];
  expect((await succeed("ledger", "verify", ...at)).stdout).toMatch(
    new RegExp(`^OK ${height} blocks of demo, 0 to ${height - 1}, \\d+ transactions: `),
  );
  const info = JSON.parse((await succeed("ledger", "info", ...at, "--json")).stdout);
  expect(info).toMatchObject({
    channel: "demo",
    height,
    currentBlockHash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const file = inFolder("demo.blocks");
  await succeed("ledger", "export", file, ...at, "--to", "2");
  const copy = ["--data", inFolder("copy")];
  const gap = await runInProcess(
    "ledger",
    "import",
    file,
    inFolder("4.block"),
    ...copy,
    "--genesis",
    channel.genesis,
  );
  expect(gap.stderr).toMatch(/4\.block block 4: block 4 does not follow block 2 \[WRONG_NUMBER\]/);
  expect(gap.status).toBe(5);
  const single = inFolder("3.block");
  writeFileSync(single, await peers[0]!.api.block(channel.name, 3));
  const rest = await succeed("ledger", "import", file, single, inFolder("4.block"), ...copy, "--json");
  expect(JSON.parse(rest.stdout)).toMatchObject({ stored: 2, held: 3, height: 5 });
  expect((await succeed("ledger", "compare", inFolder("copy"), ...at)).stdout).toContain("the same 5 blocks");
  expect((await succeed("ledger", "compare", api(0), ...copy)).stdout).toContain("the same 5 blocks");
  await succeed("ledger", "rebuild-index", ...copy);
  expect(existsSync(join(inFolder("copy"), "channels", "demo", "ledger", "index"))).toBe(true);

  // The last byte of block 2 is another one: it is found, and where it is.
  const segment = join(inFolder("copy"), "channels", "demo", "ledger", "blockfile_000000");
  const bytes = readFileSync(segment);
  bytes[recordsIn(bytes)[3]!.offset - 1]! ^= 1;
  writeFileSync(segment, bytes);
  const bad = await runInProcess("ledger", "verify", ...copy);
  expect(bad.status).toBe(1);
  expect(bad.stdout).toMatch(/^BAD block 2 of demo: .*\(LEDGER_CORRUPT\)\n.*blockgossip repair/);

  await succeed(...submit(), "--count", "20");
  const bootstrap = peers[0]!.ready.multiaddrs;
  peers[1] = await processes.start({ name: "peer1", genesis: [channel.genesis], bootstrap });
  await allMet(peers, channel.name);
  const synced = await succeed("sync", "--api", api(1), "--watch", "--json");
  expect(jsonLines(synced).at(-1)).toMatchObject({ state: "synced", height: height + 20 });
  await allAt(peers, channel.name, height + 20);
});
