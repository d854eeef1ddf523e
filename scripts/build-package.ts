/** Compiles what the package ships into `dist/`; with `npm run build:page` the web page as well, where there is one. */
import { execFileSync } from "node:child_process";
import { cpSync, globSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import packageJson from "../package.json" with { type: "json" };

/** Read at run time, and not made by the compiler. */
const COPIED = ["gossip/wire/wire.js", "gossip/wire/wire.d.ts", "node/testing/simulator/genesis/*"];

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });
execFileSync(join(root, "node_modules", ".bin", "tsc"), ["-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
for (const file of globSync(COPIED, { cwd: root })) cpSync(join(root, file), join(dist, file));
// The compiler copies all of it, as the code imports the version; scripts and exports would mean nothing there.
const { name, version, type } = packageJson;
writeFileSync(join(dist, "package.json"), `${JSON.stringify({ name, version, type }, undefined, 2)}\n`);
if ("build:page" in packageJson.scripts)
  execFileSync("npm", ["run", "build:page"], { cwd: root, stdio: "inherit" });
