import { createPublicKey } from "node:crypto";
import { readdirSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createKey, matchingKey, newestKey } from "../../node/msp/msp-keystore.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

test("keys are made beside each other, for their owner's eyes only", async () => {
  using folder = temporaryDirectory();
  const paths = [
    (await createKey(folder.path)).path,
    (await createKey(folder.path)).path,
    (await createKey(folder.path)).path,
  ];
  expect(readdirSync(join(folder.path, "keystore")).sort()).toEqual(["priv2_sk", "priv3_sk", "priv_sk"]);
  for (const path of paths) expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("the newest key is the one that was written last, whatever its name", async () => {
  using folder = temporaryDirectory();
  expect(newestKey(folder.path)).toBeUndefined();
  const [first, second] = [await createKey(folder.path), await createKey(folder.path)];
  utimesSync(first.path, 1000, 1000);
  utimesSync(second.path, 2000, 2000);
  expect(newestKey(folder.path)?.path).toBe(second.path);
  utimesSync(first.path, 3000, 3000);
  expect(newestKey(folder.path)?.path).toBe(first.path);
});

test("the key that fits is found whichever is newer", async () => {
  using folder = temporaryDirectory();
  for (const { path, privateKey } of [await createKey(folder.path), await createKey(folder.path)])
    expect(matchingKey(folder.path, createPublicKey(privateKey)).path).toBe(path);
});
