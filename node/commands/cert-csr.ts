import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { subjectField } from "../msp/certificate-subject.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { signingCertificate } from "../msp/msp-files.ts";
import { createKey, newestKey } from "../msp/msp-keystore.ts";
import { handOut } from "./cert-output.ts";

interface Flags {
  readonly out: string;
  readonly name?: string;
  readonly org?: string;
  readonly newKey?: true;
  readonly request?: string;
  readonly json?: true;
}

/** Adds `csr`: a key and the request for its certificate. */
export function addCertCsr(cert: Command): void {
  cert
    .command("csr")
    .description("make a key, and a request for its certificate (PKCS#10)")
    .requiredOption("--out <mspdir>", "the MSP folder; the key comes into its keystore and stays there")
    .option("--name <cn>", "the common name (default: that of the folder's certificate, if it has one)")
    .option("--org <name>", "the organisation; the authority checks it")
    .option("--new-key", "make a new key although there is one")
    .option("--request <file>", "where to write the request (default: standard output)")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(request);
}

const EXAMPLE = `
A key that is there is used again, the newest one if there are several; none is ever written over.

Examples:
  blockgossip cert csr --out peer0/msp --name peer0 --request peer0.csr
  blockgossip cert csr --out peer0/msp --new-key > peer0.csr`;

async function request({ out, org, newKey, request: file, json, ...flags }: Flags): Promise<void> {
  const { createCertificateRequest } = await import("../msp/certificate-request.ts");
  const { checkedName } = await import("../msp/certificate-names.ts");
  const holder = { commonName: flags.name ?? currentName(out), organisation: org };
  // Before a key is made for nothing.
  checkedName(holder.commonName, "the common name");
  const present = newKey === true ? undefined : newestKey(out);
  const key = present ?? (await createKey(out));
  const report = { commonName: holder.commonName, key: key.path, madeKey: present === undefined };
  const notes = [
    `${present === undefined ? "made the key" : "for the key that is there,"} ${key.path}; it stays on this machine`,
    `give the request ${file === undefined ? "" : `${file} `}to the authority: blockgossip cert issue ${file ?? "FILE"} --ca DIR`,
  ];
  handOut(await createCertificateRequest(key.privateKey, holder), file, { json, report, notes });
}

function currentName(directory: string): string {
  const name = existsSync(join(directory, "signcerts"))
    ? subjectField(signingCertificate(directory).certificate, "CN")
    : undefined;
  if (name !== undefined) return name;
  throw new NodeError(
    "CONFIG_INVALID",
    `${directory} has no certificate whose name could be used; give one: --name CN`,
  );
}
