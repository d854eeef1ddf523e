/**
 * Makes `gossip/wire/wire.js` and `gossip/wire/wire.d.ts` from `gossip/wire/wire.proto`. protons emits TypeScript with namespaces,
 * which Node's type stripping refuses, so its output is compiled here and committed compiled.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
// Inside the project, so that the compiler finds the runtime's types.
const work = mkdtempSync(join(root, "gossip", ".generate-"));
try {
  execFileSync("npx", ["protons", "--output", work, join(root, "gossip/wire/wire.proto")], {
    stdio: "inherit",
  });
  execFileSync(
    "npx",
    [
      "tsc",
      "--ignoreConfig",
      "--declaration",
      "--skipLibCheck",
      "--target",
      "esnext",
      "--module",
      "nodenext",
      "--outDir",
      work,
      join(work, "wire.ts"),
    ],
    { stdio: "inherit" },
  );
  for (const file of ["wire.js", "wire.d.ts"]) {
    writeFileSync(join(root, "gossip", "wire", file), readFileSync(join(work, file)));
  }
} finally {
  rmSync(work, { recursive: true });
}
