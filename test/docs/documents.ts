import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Every document of the project, as a path from its folder. */
export function documentPaths(): readonly string[] {
  const below = ["docs", "examples"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  return [...readdirSync(ROOT), ...below].filter((path) => path.endsWith(".md")).toSorted();
}

export function readDocument(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
