import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKeyPair, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import { expect, test } from "vitest";
import { loadNodeKey } from "../../node/transport/node-key.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

test("a missing key is made, in a missing folder too, for its owner's eyes only, and then read again", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "data", "node.key");
  const made = await loadNodeKey(path);
  expect(made.type).toBe("Ed25519");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect((await loadNodeKey(path)).equals(made)).toBe(true);
});

test("a file that holds no key is refused and stays as it is", async () => {
  using directory = temporaryDirectory();
  const path = join(directory.path, "node.key");
  const secp256k1 = privateKeyToProtobuf(await generateKeyPair("secp256k1"));
  for (const content of [
    Buffer.alloc(0),
    Buffer.from("nonsense"),
    Buffer.alloc(100_000),
    Buffer.from(secp256k1),
  ]) {
    writeFileSync(path, content);
    await expect(loadNodeKey(path)).rejects.toThrow(
      expect.objectContaining({ code: "FILE_UNREADABLE", message: expect.stringContaining(path) }),
    );
    expect(readFileSync(path).equals(content)).toBe(true);
  }
});
