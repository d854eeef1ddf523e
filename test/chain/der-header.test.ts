import { expect, test } from "vitest";
import { derHeader } from "../../chain/der-header.ts";
import { sha256 } from "../../chain/hash.ts";

test("a real block's header gives the bytes and the hash that Fabric computes", () => {
  const previousHash = Buffer.from("c4a1491ab9a62e9125b3cbab3a782ea1f56e24c608620d85bb940585d059a2a1", "hex");
  const dataHash = Buffer.from("f38eb85e2157d17b41a4220a356ec22111851951df646ab1b30c3c8ad1627575", "hex");
  const bytes = derHeader(1, previousHash, dataHash);
  expect(Buffer.from(bytes).toString("hex")).toBe(
    "30470201010420c4a1491ab9a62e9125b3cbab3a782ea1f56e24c608620d85bb940585d059a2a1" +
      "0420f38eb85e2157d17b41a4220a356ec22111851951df646ab1b30c3c8ad1627575",
  );
  expect(Buffer.from(sha256(bytes)).toString("hex")).toBe(
    "e785e7c8a054685b73763ab79750bd7e4ffe4fe377992f96a3618e19ea6b29d9",
  );
});

test.each([
  [0, "020100"],
  [1, "020101"],
  [127, "02017f"],
  [128, "02020080"],
  [255, "020200ff"],
  [256, "02020100"],
  [32768, "0203008000"],
  [Number.MAX_SAFE_INTEGER, "02071fffffffffffff"],
])("block number %i is the DER integer %s", (number, integer) => {
  const empty = new Uint8Array(0);
  expect(
    Buffer.from(derHeader(number, empty, empty))
      .toString("hex")
      .slice(4),
  ).toBe(`${integer}04000400`);
});

test("hashes of more than 127 bytes get a longer length", () => {
  const long = Buffer.alloc(200, 1);
  const bytes = Buffer.from(derHeader(1, long, long));
  expect(bytes.subarray(0, 7).toString("hex")).toBe("30820199020101");
  expect(bytes.subarray(7, 10).toString("hex")).toBe("0481c8");
});
