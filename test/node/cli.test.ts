import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { callOf } from "../../node/commands/command-line.ts";
import { createProgram } from "../../node/commands/program.ts";
import { cliReference } from "../../scripts/cli-reference.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runInProcess } from "./in-process-cli.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function run(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, file), ...args], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

const blockgossip = (...args: string[]) => run("node/cli.ts", ...args);

test("the version is the package's", () => {
  expect(blockgossip("--version")).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
});

function leaves(command: Command): readonly Command[] {
  const children = command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== "help");
  return children.flatMap((child) => (child.commands.length > 0 ? leaves(child) : [child]));
}

/** What they print is no report: a line when it is ready; a script; a table that moves. */
const WITHOUT_JSON = ["peer start", "completion", "network create", "devnet"].map(
  (command) => `blockgossip ${command}`,
);

test.each(leaves(createProgram()).map(callOf))(
  "help of %s has examples and the exit statuses",
  async (call) => {
    const { status, stdout } = await runInProcess(...call.split(" ").slice(1), "--help");
    expect(status).toBe(0);
    expect(stdout).toMatch(/\nExamples?:\n {2}\S*.*blockgossip /);
    expect(stdout).toContain("Exit status: 0 all went well");
    if (!WITHOUT_JSON.includes(call)) expect(stdout).toMatch(/^ {2}--json /m);
  },
);

test.each(["submit-block.ts", "ledger-height.ts", "devnet.ts"])("help of %s has an example", (script) => {
  const { status, stdout } = run(`scripts/${script}`, "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/Examples?:\n {2}npm run \w+ -- /);
});

test("docs/CLI.md is what npm run docs:cli makes of the program", () => {
  expect(readFileSync(join(ROOT, "docs", "CLI.md"), "utf8")).toBe(cliReference(createProgram()));
});

test.each<[args: string[], words: string]>([
  [["peer", "start", "--bootstap", "x"], "unknown option '--bootstap'\n(Did you mean --bootstrap?)"],
  [["peer", "strat"], "unknown command 'strat'"],
  [["peer"], "Usage: blockgossip peer"],
  [["peer", "start", "--admission", "all"], "Allowed choices are open, msp"],
  [["peer", "start", "--api", "0.0.0.0:80"], 'api is "0.0.0.0:80" (flag --api), which other machines reach'],
  [["peer", "start", "--api", "0.0.0.0"], 'api is "0.0.0.0" (flag --api); allowed is HOST:PORT'],
  [["token", "create", "--right", "all", "--name", "a", "--tokens", "t"], "Allowed choices are read, submit"],
  [["token", "create", "--right", "read", "--name", "a b", "--tokens", "t"], '"a b" is no name for a token'],
  [["network", "create", "--channel", "c", "--org", "Org1=1"], "required option '--out <dir>' not specified"],
  [["network", "create", "--out", "x", "--channel", "c", "--org", "Org1"], "Allowed is NAME=PEERS"],
  [["network", "create", "--out", "x", "--channel", "C", "--org", "Org1=1"], '"C" is no channel name'],
  [["cert", "csr", "--name", "peer0"], "required option '--out <mspdir>' not specified"],
  [
    ["cert", "issue", "x.csr", "--ca", "x", "--role", "boss"],
    "Allowed choices are peer, orderer, client, admin",
  ],
  [["cert", "revoke", "--ca", "x"], "say which certificate: one of --serial, --name and --cert"],
  [["cert", "revoke", "--ca", "x", "--name", "a", "--serial", "1"], "say which certificate"],
  [["cert", "ca", "--out", "x", "--org", "#1"], "cannot stand in a certificate; allowed are"],
  [["cert", "ca", "--out", "x", "--org", "Org1", "--days", "99999"], "cannot be good for 99999 days"],
  [["membres"], "unknown command 'membres'\n(Did you mean members?)"],
  [["submit"], "name the files to make a block of"],
  [["submit", "--wait", "0%", "x"], "Allowed is all, a number from 1, or a share such as 90%."],
  [["submit", "--size", "1Kib"], "Allowed is a number of bytes such as 16384, 160KiB or 1MB."],
  [["height", "--all", "--api", "127.0.0.1:1", "127.0.0.1:2"], "--all asks one peer, and 2 are named"],
  [["members", "--api", "http://a b"], 'the API\'s address is "http://a b"'],
  [["completion", "tcsh"], "Allowed choices are zsh, bash, fish, powershell"],
])("wrong flags end with status 2 and a sentence: %j", async (args, words) => {
  const { status, stdout, stderr } = await runInProcess(...args);
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});

test("a key that is no setting is named with its line, status 2", () => {
  using directory = temporaryDirectory();
  const config = join(directory.path, "config.yaml");
  writeFileSync(config, "name: a\ngenesys: []\n");
  const { status, stderr } = blockgossip("peer", "start", "--config", config);
  expect(stderr).toMatch(
    /genesys is \[\] \(\S*config\.yaml:2\), but there is no such setting; did you mean genesis\?/,
  );
  expect(status).toBe(2);
});

test("a genesis block that is missing, or is none, is named with status 1, and nothing is begun", () => {
  using directory = temporaryDirectory();
  const data = join(directory.path, "data");
  const missing = blockgossip(
    "peer",
    "start",
    "--admission",
    "open",
    "--data",
    data,
    "--genesis",
    "/nowhere/genesis.block",
  );
  expect(missing.stderr).toMatch(
    /^blockgossip: the genesis block \/nowhere\/genesis\.block cannot be read: .* \(FILE_UNREADABLE\)\n {2}name a file .*\n$/,
  );
  expect(missing.status).toBe(1);
  const noise = join(directory.path, "noise.block");
  writeFileSync(noise, "no block at all");
  const wrong = blockgossip("peer", "start", "--admission", "open", "--data", data, "--genesis", noise);
  expect(wrong.stderr).toMatch(/^blockgossip: .*noise\.block is no genesis block: .*\(MALFORMED_BLOCK\)\n$/);
  expect(wrong.status).toBe(1);
  expect(existsSync(data)).toBe(false);
});

test("an MSP folder without the organisation's id is refused, status 2", () => {
  using directory = temporaryDirectory();
  const out = join(directory.path, "network");
  const created = blockgossip("network", "create", "--out", out, "--channel", "c", "--org", "Org1=1");
  expect(created).toMatchObject({ status: 0, stderr: "" });
  const msp = join(out, "peers", "org1-peer0", "msp");
  const { status, stderr } = blockgossip(
    "peer",
    "start",
    "--data",
    join(directory.path, "data"),
    "--msp",
    msp,
  );
  expect(stderr).toContain("but mspId is not set; set it to its organisation's MSP id, such as Org1MSP");
  expect(status).toBe(2);
});

test.each([
  [["membres", "--json"], { code: "USAGE", message: /^unknown command 'membres'/, hint: /--help/ }],
  [
    ["members", "--json", "--api", "127.0.0.1:1"],
    { code: "API_UNREACHABLE", message: /ECONNREFUSED/, hint: /doctor/ },
  ],
] as const)("with --json an error is one line of JSON: %j", async (args, { code, message, hint }) => {
  const { stdout, stderr } = await runInProcess(...args);
  expect(stdout).toBe("");
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  const { error } = JSON.parse(stderr);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(error.hint).toMatch(hint);
});

test("a shell's Tab gets commands, flags and choices", async () => {
  const complete = async (...words: string[]) => (await runInProcess("complete", "--", ...words)).stdout;
  expect(await complete("led")).toMatch(/^ledger\t/);
  expect(await complete("ledger", "ver")).toMatch(/^verify\t/);
  expect(await complete("peer", "start", "--admis")).toMatch(/^--admission\t/);
  expect(await complete("peer", "start", "--admission", "")).toMatch(/^open\s.*\nmsp/);
  expect((await runInProcess("completion", "bash")).stdout).toContain("blockgossip complete -- ");
});
