import { existsSync, globSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { CONTAINER, CONTAINER_ARGUMENTS } from "../../node/deployment/container.ts";
import { healthCheck } from "../../node/deployment/health-check.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const dockerfile = readFileSync(join(ROOT, "Dockerfile"), "utf8").replaceAll("\\\n", " ");

/** What stands behind an instruction, for each time that it is there. */
function instructions(name: string): readonly string[] {
  const lines = dockerfile.split("\n").filter((line) => line.startsWith(`${name} `));
  return lines.map((line) => line.slice(name.length + 1).trim());
}

const copies = instructions("COPY").filter((copy) => !copy.startsWith("--from"));
const sources = copies.flatMap((copy) => copy.split(/\s+/).slice(0, -1));

test("what is copied into the image is there, and nothing else is sent to the engine", () => {
  for (const source of sources) expect(existsSync(join(ROOT, source)), source).toBe(true);
  const ignore = readFileSync(join(ROOT, ".dockerignore"), "utf8").split("\n");
  const rules = ignore.filter((line) => line !== "" && !line.startsWith("#"));
  expect(rules[0]).toBe("*");
  expect(rules.slice(1).sort()).toEqual([...new Set(sources)].map((source) => `!${source}`).sort());
});

test("it starts what the manifests start, as the same user, with the data and the check that they count on", () => {
  expect(JSON.parse(instructions("ENTRYPOINT")[0]!)).toEqual(["blockgossip"]);
  expect(JSON.parse(instructions("CMD")[0]!)).toEqual(CONTAINER_ARGUMENTS);
  const [, program = ""] =
    /\/opt\/blockgossip\/(\S+) \/usr\/local\/bin\/blockgossip\s/.exec(dockerfile) ?? [];
  expect(program).toBe(packageJson.bin.blockgossip);
  // The user "node" of Node's images has the id 1000.
  expect([instructions("USER"), CONTAINER.userId]).toEqual([["node"], 1000]);
  expect(instructions("VOLUME")).toEqual([CONTAINER.data]);
  expect(instructions("ENV")[0]).toContain(`BLOCKGOSSIP_DATA=${CONTAINER.data}`);
  const [, check = ""] = instructions("HEALTHCHECK")[0]!.split(" CMD ");
  expect(JSON.parse(check)).toEqual(healthCheck(9800));
});

test("its Node.js is the one that the project is tested with", () => {
  const [major] = packageJson.devDependencies.node.match(/\d+/)!;
  const bases = instructions("FROM").map((line) => line.split(" ")[0]);
  expect(bases).toEqual(Array(3).fill(`node:${major}-slim`));
});

test("without development dependencies nothing is missing that is imported, but for the page, which is bundled", () => {
  const files = globSync("{chain,gossip,node}/**/*.{ts,js}", { cwd: ROOT, exclude: ["node/page/**"] });
  const imported = files.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), "utf8").replaceAll(/^import type .*$/gm, "");
    return [...text.matchAll(/\b(?:from|import|import\() ?"([@a-z][\w@/.:-]*)"/g)].map(
      ([, name = ""]) => name,
    );
  });
  const packages = imported
    .filter((name) => !name.startsWith("node:") && !builtinModules.includes(name))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
  expect(packages).toContain("libp2p");
  expect(Object.keys(packageJson.dependencies)).toEqual(expect.arrayContaining([...new Set(packages)]));
});
