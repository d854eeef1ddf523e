import { X509Certificate } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { readText, writeNewFile } from "../files.ts";
import { parseCertificateText } from "./msp-files.ts";

/** The record of what an authority issued: a folder with every certificate, in files named by their serials. */
export class IssuedCertificates {
  readonly #folder: string;

  /** The folder is made when the first certificate comes. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Puts a certificate, in PEM, on record. @throws NodeError `FILE_UNWRITABLE`. */
  add(pem: string): void {
    const { serialNumber } = new X509Certificate(pem);
    writeNewFile(join(this.#folder, `${serialNumber}.pem`), pem);
  }

  /** All on record. @throws NodeError `FILE_UNREADABLE`, `CERTIFICATE_INVALID`. */
  all(): readonly X509Certificate[] {
    if (!existsSync(this.#folder)) return [];
    const paths = readdirSync(this.#folder)
      .filter((name) => name.endsWith(".pem"))
      .map((name) => join(this.#folder, name));
    return paths.map((path) => parseCertificateText(path, readText(path, "the issued certificate")));
  }
}
