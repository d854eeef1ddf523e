/**
 * Packs the package and uses it as a stranger would: installed from the tarball into an empty folder, under each
 * Node.js that `engines` allows: by its command, the library, the web page, and a strict TypeScript project. Needs the
 * registry.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };

const NODE_VERSIONS = ["22", "24"];
const root = fileURLToPath(new URL("..", import.meta.url));
const CONSUMER = join(root, "scripts", "check-package");
const INSTALL = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

const folder = mkdtempSync(join(tmpdir(), "blockgossip-package-"));
try {
  const tarball = pack();
  await check(tarball);
  console.log("the package works");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The path of the tarball. */
function pack(): string {
  run("npm pack", { cwd: root }, "npm", ["pack", "--silent", "--pack-destination", folder]);
  return join(folder, `${packageJson.name}-${packageJson.version}.tgz`);
}

async function check(tarball: string): Promise<void> {
  const { devDependencies, allowScripts } = packageJson;
  const cwd = join(folder, "consumer");
  cpSync(CONSUMER, cwd, { recursive: true });
  writeFileSync(join(cwd, "package.json"), JSON.stringify({ private: true, type: "module" }));
  const types = ["typescript", "@types/node"] as const;
  const packages = [tarball, ...types.map((name) => `${name}@${devDependencies[name]}`)];
  run("npm install", { cwd }, "npm", [...INSTALL, ...packages]);
  run("tsc", { cwd }, join("node_modules", ".bin", "tsc"), ["-p", "."]);
  for (const version of NODE_VERSIONS) {
    const home = join(folder, `node-${version}`);
    mkdirSync(home);
    writeFileSync(join(home, "package.json"), JSON.stringify({ private: true, allowScripts }));
    run(`npm install node@${version}`, { cwd: home }, "npm", [...INSTALL, `node@${version}`]);
    await useUnder(version, cwd, join(home, "node_modules", "node", "bin"));
  }
}

/** Uses the command and the library under one Node.js. */
async function useUnder(version: string, cwd: string, bin: string): Promise<void> {
  const where = { cwd, path: `${bin}${delimiter}${process.env["PATH"]}` };
  const named = (what: string) => `Node.js ${version}: ${what}`;
  const command = (...parameters: readonly string[]) =>
    run(named(`npx blockgossip ${parameters.join(" ")}`), where, "npx", ["blockgossip", ...parameters]);
  command("--version");
  command("devnet", "--blocks", "5", "--exit");
  const peer = ["--config", join("devnet", "peers", "org1-peer0", "config.yaml")];
  await whileDevnetRuns(where, (api) => {
    command("doctor", ...peer);
    command("submit", "--api", api, "--count", "2", "--wait", "all");
  });
  command("ledger", "verify", ...peer);
  const network = `network-${version}`;
  command("network", "create", "--out", network, "--channel", "trade", "--org", "Org1=2");
  run(named("the library, its client, the page"), where, "node", ["consumer.js", network]);
}

/** Works on a devnet that goes on running meanwhile, with the first peer's API. */
async function whileDevnetRuns({ cwd, path }: Where, work: (api: string) => void): Promise<void> {
  const devnet = spawn(join("node_modules", ".bin", "blockgossip"), ["devnet", "--blocks", "5"], {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(devnet, "exit");
  try {
    let api: string | undefined;
    for await (const line of createInterface({ input: devnet.stdout })) {
      api ??= /^Dashboard (http:\S+)$/.exec(line)?.[1];
      if (line.endsWith("Ctrl-C stops everything.")) break;
    }
    if (api === undefined) throw new Error("the devnet ended before it was ready");
    devnet.stdout.resume();
    work(api);
  } finally {
    devnet.kill();
    await exited;
  }
}

interface Where {
  readonly cwd: string;
  /** Where programs are looked for; as in this process, if not given. */
  readonly path?: string;
}

/** Runs a program, says how long it took, and fails where it does. What it has printed. */
function run(what: string, { cwd, path }: Where, program: string, parameters: readonly string[]): string {
  const startMs = performance.now();
  const output = execFileSync(program, parameters, {
    cwd,
    env: { ...process.env, PATH: path ?? process.env["PATH"] },
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  console.log(`${what}: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  return output;
}
