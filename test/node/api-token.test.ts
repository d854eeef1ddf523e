import * as fc from "fast-check";
import { expect, test } from "vitest";
import {
  createToken,
  findToken,
  formatTokenRecord,
  hashToken,
  parseTokenRecords,
  type TokenRecord,
} from "../../node/http/api-token.ts";
import { API_RIGHTS } from "../../node/http/api-right.ts";

const record = fc.record<TokenRecord>({
  right: fc.constantFrom(...API_RIGHTS),
  hash: fc.string().map(hashToken),
  name: fc.stringMatching(/^[\w.@-]{1,64}$/),
});

test("records come back as they were written, whatever comments are between them", () => {
  fc.assert(
    fc.property(fc.uniqueArray(record, { selector: ({ name }) => name }), (records) => {
      const text = records.map((each) => `# whose\n\n  ${formatTokenRecord(each)}`).join("");
      const parsed = parseTokenRecords(text);
      expect(parsed.faults).toEqual([]);
      expect(parsed.records.map(formatTokenRecord)).toEqual(records.map(formatTokenRecord));
    }),
  );
});

test("any text has records and faults, and no line both", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const { records, faults } = parseTokenRecords(text);
      expect(records.length + faults.length).toBeLessThanOrEqual(text.split("\n").length);
    }),
  );
});

const HEX = "ab".repeat(32);

test.each([
  `read ${HEX}`,
  `write ${HEX} a`,
  `READ ${HEX} a`,
  `read ${HEX.slice(2)} a`,
  `read ${HEX}ab a`,
  `read ${HEX} a b`,
  `read ${HEX} a/b`,
  `read ${HEX} ${"a".repeat(65)}`,
])("%j is no record, and the others count", (line) => {
  const { records, faults } = parseTokenRecords(`submit ${HEX} first\n${line}\nread ${HEX} last`);
  expect(faults).toEqual([expect.stringMatching(/^line 2 is not of the form/)]);
  expect(records.map(({ name }) => name)).toEqual(["first", "last"]);
});

test("of two records with one name the first counts", () => {
  const { records, faults } = parseTokenRecords(`read ${HEX} a\nsubmit ${HEX} a\n`);
  expect(records).toMatchObject([{ right: "read" }]);
  expect(faults).toEqual(["line 2 is a second token of the name a"]);
});

test("a token is found by its text, not by its hash or a part of it", () => {
  const tokens = [createToken(), createToken(), createToken()];
  const records = tokens.map((token, index): TokenRecord => {
    return { right: "read", hash: hashToken(token), name: `t${index}` };
  });
  for (const [index, token] of tokens.entries()) {
    expect(token).toMatch(/^bgt_[\w-]{43}$/);
    expect(findToken(records, token)).toBe(records[index]);
    expect(findToken(records, token.slice(0, -1))).toBeUndefined();
    expect(findToken(records, Buffer.from(hashToken(token)).toString("hex"))).toBeUndefined();
  }
  expect(new Set(tokens).size).toBe(3);
});
