import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A worker may be writing its last file there. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10 };

/** An empty folder that is gone at the end of the scope, or of the process where that comes first. */
export function scratchDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "blockgossip-bench-"));
  const remove = () => rmSync(path, REMOVAL);
  process.once("exit", remove);
  return {
    path,
    [Symbol.dispose]() {
      process.off("exit", remove);
      remove();
    },
  };
}
