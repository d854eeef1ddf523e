import type { X509Certificate } from "node:crypto";
import { Option, type Command } from "commander";
import type { CertificateChoice } from "../msp/authority-folder.ts";
import { oneLine } from "../msp/certificate-subject.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { readCertificates } from "../msp/msp-files.ts";
import { writeOutput } from "./cert-output.ts";
import { tell } from "./tell.ts";

interface Flags {
  readonly ca: string;
  readonly serial?: string;
  readonly name?: string;
  readonly cert?: string;
  readonly reason: keyof typeof REASONS;
  readonly out?: string;
  readonly json?: true;
}

/** RFC 5280, section 5.3.1. */
const REASONS = { "key-compromise": 1, superseded: 4, "cessation-of-operation": 5, "privilege-withdrawn": 9 };

/** Adds `revoke`: takes certificates back. */
export function addCertRevoke(cert: Command): void {
  cert
    .command("revoke")
    .description("put certificates on the authority's revocation list")
    .requiredOption("--ca <dir>", "the organisation's folder with its certificate authority")
    .option("--serial <hex>", "the certificate with this serial")
    .option("--name <cn>", "all certificates with this common name")
    .option("--cert <file>", "the certificate in this file")
    .addOption(
      new Option("--reason <reason>", "why, for those who read the list")
        .choices(Object.keys(REASONS))
        .default("privilege-withdrawn"),
    )
    .option("--out <crl>", "where to write the list as well")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(revoke);
}

const EXAMPLE = `
The list is in the folder's ca/crl.pem and msp/crls/crl.pem. Peers follow it once it stands in their channel's
configuration: revoking is not undone, and a list on this machine shuts nobody out.

Examples:
  blockgossip cert revoke --name peer0 --ca Org1
  blockgossip channel update --api http://127.0.0.1:9800 --orderer orderers --revoke Org1=Org1/ca/crl.pem`;

async function revoke({ ca, reason, out, json, ...flags }: Flags): Promise<void> {
  const choice = chosen(flags);
  const { AuthorityFolder } = await import("../msp/authority-folder.ts");
  const folder = await AuthorityFolder.open(ca);
  const { revoked, alreadyRevoked, list } = await folder.revoke(choice, REASONS[reason]);
  if (out !== undefined) writeOutput(out, list);
  const serials = (certificates: readonly X509Certificate[]) =>
    certificates.map(({ serialNumber }) => serialNumber);
  const listFile = out ?? folder.publicListPath;
  const report = { revoked: serials(revoked), alreadyRevoked: serials(alreadyRevoked), list: listFile };
  tell(json, report, [
    ...revoked.map((certificate) => `revoked ${summary(certificate)}`),
    ...alreadyRevoked.map((certificate) => `was revoked already: ${summary(certificate)}`),
    `the list is ${listFile}; put it into the channels' configuration: blockgossip channel update --revoke`,
  ]);
}

function chosen({ serial, name, cert }: Pick<Flags, "serial" | "name" | "cert">): CertificateChoice {
  const choices: readonly CertificateChoice[] = [
    ...(serial === undefined ? [] : [{ serial }]),
    ...(name === undefined ? [] : [{ commonName: name }]),
    ...(cert === undefined ? [] : [{ certificate: readCertificates(cert)[0] }]),
  ];
  const [choice, second] = choices;
  if (choice !== undefined && second === undefined) return choice;
  throw new NodeError("CONFIG_INVALID", "say which certificate: one of --serial, --name and --cert");
}

function summary({ subject, serialNumber }: X509Certificate): string {
  return `${oneLine(subject)}, serial ${serialNumber}`;
}
