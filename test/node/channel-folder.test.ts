import { Buffer } from "node:buffer";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createBlock } from "../../chain/block.ts";
import { readGenesis } from "../../node/channel/channel-folder.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

test("a genesis block whose channel would be a folder elsewhere is refused", async () => {
  using directory = temporaryDirectory();
  const { genesis, tip } = await DemoChannel.create(directory.path);
  expect(await readGenesis(genesis)).toMatchObject({ name: "demo" });
  const elsewhere = (bytes: Uint8Array) =>
    new Uint8Array(Buffer.from(Buffer.from(bytes).toString("latin1").replaceAll("demo", "../x"), "latin1"));
  const block = createBlock({
    number: 0,
    previousHash: new Uint8Array(0),
    transactions: tip.transactions.map(elsewhere),
    metadata: tip.metadata,
  });
  const path = join(directory.path, "hostile.block");
  writeFileSync(path, block.bytes);
  await expect(readGenesis(path)).rejects.toMatchObject({
    code: "MALFORMED_CONFIG",
    message: expect.stringContaining('"../x" is no channel'),
  });
});
