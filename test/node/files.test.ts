import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { replaceFile, writeNewFile } from "../../node/files.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

test("a file is replaced, or made with the folders above it, and nothing else is left", () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, "deep", "file");
  replaceFile(path, "one");
  replaceFile(path, "two");
  expect(readFileSync(path, "utf8")).toBe("two");
  expect(readdirSync(join(folder.path, "deep"))).toEqual(["file"]);
});

test("whoever has the old file open keeps reading the old one: it is not written into", () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, "file");
  replaceFile(path, "one");
  const { ino } = statSync(path);
  replaceFile(path, "two");
  expect(statSync(path).ino).not.toBe(ino);
});

test("where it cannot be written, what was there stays and no part is left", () => {
  using folder = temporaryDirectory();
  const path = join(folder.path, "taken");
  mkdirSync(path);
  writeNewFile(join(path, "inside"), "precious");
  expect(() => replaceFile(path, "two")).toThrow(expect.objectContaining({ code: "FILE_UNWRITABLE" }));
  expect(readdirSync(folder.path, { recursive: true }).sort()).toEqual(["taken", join("taken", "inside")]);
});
