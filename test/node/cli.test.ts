import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { temporaryDirectory } from "../temporary-directory.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

function run(file: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, file), ...args], {
    encoding: "utf8",
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

const blockgossip = (...args: string[]) => run("node/cli.ts", ...args);

test("the version is the package's", () => {
  expect(blockgossip("--version")).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
});

test.each([
  "node/cli.ts network create",
  "node/cli.ts peer start",
  "node/cli.ts cert ca",
  "node/cli.ts cert csr",
  "node/cli.ts cert issue",
  "node/cli.ts cert install",
  "node/cli.ts cert renew",
  "node/cli.ts cert revoke",
  "node/cli.ts cert show",
  "node/cli.ts token create",
  "node/cli.ts join",
  "node/cli.ts members",
  "scripts/submit-block.ts",
  "scripts/ledger-height.ts",
  "scripts/devnet.ts",
])("help of %s has an example and the exit statuses", (command) => {
  const [file = "", ...args] = command.split(" ");
  const { status, stdout } = run(file, ...args, "--help");
  expect(status).toBe(0);
  expect(stdout).toMatch(/Examples?:\n/);
  expect(stdout).toContain("Exit status: 0 all went well");
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
])("wrong flags end with status 2 and a sentence: %j", (args, words) => {
  const { status, stdout, stderr } = blockgossip(...args);
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
    /^blockgossip: the genesis block \/nowhere\/genesis\.block cannot be read: .*\n$/,
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
