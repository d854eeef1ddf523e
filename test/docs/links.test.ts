import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { documentPaths, readDocument } from "./documents.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LINK = /\]\(([^)\s]+)\)|(?:srcset|src|href)="([^"]+)"/g;

test("every link between the documents leads somewhere", () => {
  const broken = documentPaths().flatMap((path) =>
    [...prose(path).matchAll(LINK)]
      .map(([, link = "", attribute]) => attribute ?? link)
      .filter((link) => !/^[a-z]+:/.test(link) && !leadsSomewhere(path, link))
      .map((link) => `${path}: ${link}`),
  );
  expect(broken).toEqual([]);
});

function leadsSomewhere(from: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? from : normalize(join(dirname(from), file));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** As GitHub names headings. */
function anchorsOf(path: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...prose(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const count = seen.get(name) ?? 0;
    seen.set(name, count + 1);
    return count === 0 ? name : `${name}-${count}`;
  });
}

function prose(path: string): string {
  return readDocument(path).replaceAll(/^```[^\n]*\n.*?^```$/gms, "");
}
