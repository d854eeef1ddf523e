/**
 * Packs the package and uses it as a stranger would: installed from the tarball into an empty folder, under each
 * Node.js that `engines` allows, by its command, by the library, and by a strict TypeScript project. Needs the registry.
 */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };

const NODE_VERSIONS = ["22", "24"];
const root = fileURLToPath(new URL("..", import.meta.url));
const CONSUMER = join(root, "scripts", "check-package");
const INSTALL = ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

const folder = mkdtempSync(join(tmpdir(), "blockgossip-package-"));
try {
  const tarball = pack();
  check(tarball);
  console.log("the package works");
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The path of the tarball. */
function pack(): string {
  run("npm pack", { cwd: root }, "npm", ["pack", "--silent", "--pack-destination", folder]);
  return join(folder, `${packageJson.name}-${packageJson.version}.tgz`);
}

function check(tarball: string): void {
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
    useUnder(version, cwd, join(home, "node_modules", "node", "bin"));
  }
}

/** Uses the command and the library under one Node.js. */
function useUnder(version: string, cwd: string, bin: string): void {
  const where = { cwd, path: `${bin}${delimiter}${process.env["PATH"]}` };
  const named = (what: string) => `Node.js ${version}: ${what}`;
  const network = `network-${version}`;
  const create = ["network", "create", "--out", network, "--channel", "trade", "--org", "Org1=2"];
  const command = (...parameters: readonly string[]) =>
    run(named(`npx blockgossip ${parameters.join(" ")}`), where, "npx", ["blockgossip", ...parameters]);
  command("--version");
  const help = command("--help");
  command(...create);
  if (help.includes("devnet")) command("devnet", "--blocks", "5", "--exit");
  run(named("the library"), where, "node", ["consumer.js", network]);
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
