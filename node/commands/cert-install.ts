import type { X509Certificate } from "node:crypto";
import type { Command } from "commander";
import type { CertificateBundle } from "../msp/certificate-install.ts";
import { oneLine, roleOf } from "../msp/certificate-subject.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { readCertificates } from "../msp/msp-files.ts";
import { moment } from "./cert-output.ts";
import { tell } from "./tell.ts";

interface Flags {
  readonly msp: string;
  readonly caCert?: readonly string[];
  readonly json?: true;
}

/** Adds `install`: a certificate comes into the folder that has its key. */
export function addCertInstall(cert: Command): void {
  cert
    .command("install")
    .description("put a certificate into the MSP folder that has its key")
    .argument("<cert>", "the certificate's file; those of its CAs may follow in it")
    .requiredOption("--msp <dir>", "the MSP folder")
    .option("--ca-cert <file...>", "certificates of CAs to trust from now on")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(install);
}

const EXAMPLE = `
It takes the place of the certificate before in one step. A root certificate that comes in the same file is taken only
into a folder that has none.

Examples:
  blockgossip cert install peer0.pem --msp peer0/msp
  blockgossip cert install peer0.pem --msp peer0/msp --ca-cert Org1/ca/cert.pem`;

async function install(file: string, { msp, caCert = [], json }: Flags): Promise<void> {
  const [certificate, ...others] = readCertificates(file);
  const trusted = caCert.flatMap((each) => readCertificates(each));
  await installAndTell(msp, { certificate, others, trusted }, json);
}

/** Installs it, and tells so, with what is still to be put right. */
export async function installAndTell(
  msp: string,
  bundle: CertificateBundle,
  json: true | undefined,
): Promise<void> {
  const { installCertificate } = await import("../msp/certificate-install.ts");
  const { readMspFolder } = await import("../msp/msp-folder.ts");
  const path = installCertificate(msp, bundle);
  const { certificate } = bundle;
  const { warnings } = readMspFolder(msp, { role: roleOf(certificate) ?? "peer" });
  const report = { file: path, subject: oneLine(certificate.subject), serial: certificate.serialNumber };
  tell(json, { ...report, notAfter: certificate.validToDate.toISOString(), warnings }, [
    `installed ${path}: ${summary(certificate)}`,
  ]);
  if (json !== true) for (const warning of warnings) console.error(`warning: ${warning}`);
}

function summary({ subject, serialNumber, validToDate }: X509Certificate): string {
  return `${oneLine(subject)}, serial ${serialNumber}, good until ${moment(validToDate)}`;
}
