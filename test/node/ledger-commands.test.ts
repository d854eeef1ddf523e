import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { runInProcess } from "./in-process-cli.ts";

test("a chain that parts from the ledger's is found at the block where it does", async () => {
  using directory = temporaryDirectory();
  const folder = directory.path;
  const other = await DemoChannel.create(folder);
  const from = (name: string, of: DemoChannel) => ["--data", join(folder, name), "--genesis", of.genesis];
  const common = [other.next(), other.next()];
  const forked = other.sibling();
  const files = [...common, other.next()].map((block) =>
    blockFile(folder, `${block.number}.block`, block.bytes),
  );
  await runInProcess("ledger", "import", ...files, ...from("one", other));
  const fork = blockFile(folder, "fork.block", forked.bytes);
  await runInProcess("ledger", "import", ...files.slice(0, 2), fork, ...from("two", other));
  const compared = await runInProcess(
    "ledger",
    "compare",
    join(folder, "two"),
    "--data",
    join(folder, "one"),
    "--json",
  );
  expect(compared.status).toBe(1);
  expect(JSON.parse(compared.stdout)).toMatchObject({ kind: "different", common: 3, second: forked.hash });
  const refused = await runInProcess("ledger", "import", fork, ...from("one", other));
  expect(refused).toMatchObject({ status: 5, stderr: expect.stringContaining("they are two chains") });
});

function blockFile(folder: string, name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
