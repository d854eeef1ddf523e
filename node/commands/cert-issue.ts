import { X509Certificate } from "node:crypto";
import { Option, type Command } from "commander";
import type { NodeRole } from "../../chain/organizational-units.ts";
import { oneLine } from "../msp/certificate-subject.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { readText } from "../files.ts";
import { positiveNumber } from "./flag-values.ts";
import { daysOption, handOut, moment } from "./cert-output.ts";

interface Flags {
  readonly ca: string;
  readonly role: NodeRole;
  readonly days?: number;
  readonly out?: string;
  readonly json?: true;
}

/** Adds `issue`: signs a request. */
export function addCertIssue(cert: Command): void {
  cert
    .command("issue")
    .description("sign a request, and keep a record of the certificate")
    .argument("<request>", "the request's file (PKCS#10 in PEM)")
    .requiredOption("--ca <dir>", "the organisation's folder with its certificate authority")
    .addOption(
      new Option("--role <role>", "what the certificate's owner is; it becomes the organisational unit")
        .choices(["peer", "orderer", "client", "admin"])
        .default("peer"),
    )
    .option(
      "--days <n>",
      "how long it is good, at most as long as the authority (default: 365)",
      positiveNumber,
    )
    .option("--out <file>", "where to write it (default: standard output)")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(issue);
}

const EXAMPLE = `
Of the request its key and common name are taken; check that it comes from whom it names. After the certificate
follows the authority's, so that one file has all that "cert install" needs.

Examples:
  blockgossip cert issue peer0.csr --ca Org1 --out peer0.pem
  blockgossip cert issue gateway.csr --ca Org1 --role client --days 90 > gateway.pem`;

async function issue(file: string, { ca, role, days, out, json }: Flags): Promise<void> {
  const { AuthorityFolder } = await import("../msp/authority-folder.ts");
  const { readCertificateRequest } = await import("../msp/certificate-request.ts");
  const request = await readCertificateRequest(file, readText(file, "the request"));
  const folder = await AuthorityFolder.open(ca);
  const pem = await folder.certify(request, { role, ...daysOption(days) });
  const certificate = new X509Certificate(pem);
  const { serialNumber: serial, validToDate } = certificate;
  const subject = oneLine(certificate.subject);
  const report = { subject, serial, notAfter: validToDate.toISOString() };
  const notes = [
    `issued ${subject}, serial ${serial}, good until ${moment(validToDate)}`,
    `install it where its key is: blockgossip cert install ${out ?? "FILE"} --msp DIR`,
  ];
  handOut(`${pem}${folder.authority.certificate.toString()}`, out, { json, report, notes });
}
