import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CertificateAuthority } from "../../node/msp/certificate-authority.ts";
import { guardedApi } from "./guarded-api.ts";
import { tlsCredential } from "./tls-credential.ts";

describe("files that cannot be used end the start with a sentence", () => {
  test.each<[file: string, content: string, code: string, words: RegExp]>([
    ["apiTlsCert", "nothing", "CONFIG_INVALID", /apiTlsCert \S*api\.pem holds no X\.509 certificate/],
    ["apiTlsKey", "nothing", "CONFIG_INVALID", /apiTlsKey \S*api\.key holds no unencrypted private key/],
    ["apiClientCa", "nothing", "CONFIG_INVALID", /apiClientCa \S*clients\.pem holds no X\.509 certificate/],
    ["apiTokens", "read abc me\n", "CONFIG_INVALID", /api\.tokens: line 1 is not of the form/],
  ])("%s %j", async (file, content, code, words) => {
    const started = guardedApi((files) => {
      writeFileSync(files[file]!, content);
      return files;
    });
    await expect(started).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(words) }),
    );
  });

  test("a key of another certificate, and an authority that is none", async () => {
    const other = await tlsCredential(await CertificateAuthority.create("Other"), {});
    const withFile = (file: string, content: string) =>
      guardedApi((files) => {
        writeFileSync(files[file]!, content);
        return files;
      });
    await expect(withFile("apiTlsKey", other.privateKey)).rejects.toThrow(
      /is not the key of the certificate/,
    );
    await expect(withFile("apiClientCa", other.certificate)).rejects.toThrow(
      /that is no authority's: CN=test/,
    );
  });

  test.each(["apiTlsCert", "apiTlsKey", "apiTokens", "apiClientCa"])("%s is missing", async (file) => {
    const started = guardedApi((files) => ({ ...files, [file]: join(files[file]!, "..", "missing") }));
    await expect(started).rejects.toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
  });
});
