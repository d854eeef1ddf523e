import { X509Certificate } from "node:crypto";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { positiveNumber } from "./flag-values.ts";
import { signingCertificate } from "../msp/msp-files.ts";
import { installAndTell } from "./cert-install.ts";
import { daysOption } from "./cert-output.ts";

interface Flags {
  readonly msp: string;
  readonly ca: string;
  readonly days?: number;
  readonly json?: true;
}

/** Adds `renew`: a later certificate for the same key. */
export function addCertRenew(cert: Command): void {
  cert
    .command("renew")
    .description("put a new certificate for the same key and subject into an MSP folder")
    .requiredOption("--msp <dir>", "the MSP folder whose certificate is to be renewed")
    .requiredOption("--ca <dir>", "the organisation's folder with its certificate authority")
    .option(
      "--days <n>",
      "how long it is good, at most as long as the authority (default: 365)",
      positiveNumber,
    )
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(renew);
}

const EXAMPLE = `
The certificate may have expired; a revoked one is not renewed. Where the authority is on another machine than the
peer: cert csr there, cert issue here, cert install there.

Examples:
  blockgossip cert renew --msp peer0/msp --ca Org1
  blockgossip cert renew --msp peer0/msp --ca Org1 --days 90`;

async function renew({ msp, ca, days, json }: Flags): Promise<void> {
  const { AuthorityFolder } = await import("../msp/authority-folder.ts");
  const { certificate } = signingCertificate(msp);
  const folder = await AuthorityFolder.open(ca);
  const renewed = await folder.renew(certificate, daysOption(days));
  const certificates = { others: [folder.authority.certificate], trusted: [] };
  await installAndTell(msp, { certificate: new X509Certificate(renewed), ...certificates }, json);
}
