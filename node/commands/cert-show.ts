import type { Command } from "commander";
import type { CertificateReport, MspReport } from "../msp/certificate-report.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { moment } from "./cert-output.ts";

interface Flags {
  readonly json?: true;
}

/** Adds `show`: what a certificate says, and whether it will do. */
export function addCertShow(cert: Command): void {
  cert
    .command("show")
    .description("show a certificate, or that of an MSP folder and whether the folder is in order")
    .argument("<path>", "a certificate's file in PEM, or an MSP folder")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(show);
}

const EXAMPLE = `
Examples:
  blockgossip cert show peer0.pem
  blockgossip cert show --json peer0/msp`;

async function show(path: string, { json }: Flags): Promise<void> {
  const { reportCertificate } = await import("../msp/certificate-report.ts");
  const report = reportCertificate(path, Date.now());
  if (json === true) {
    console.log(JSON.stringify(report, undefined, 2));
    return;
  }
  for (const [label, text] of rows(report)) console.log(`${label.padEnd(LABEL_WIDTH)}${text}`);
}

const LABEL_WIDTH = 10;

function rows(report: CertificateReport): readonly (readonly [label: string, text: string])[] {
  return [
    ["file", report.file],
    ["subject", report.subject],
    ["role", report.role ?? (report.isAuthority ? "certificate authority" : "none")],
    ["issuer", report.issuer],
    ["serial", report.serial],
    ["valid", validity(report)],
    ["key", keyText(report)],
    ...(report.msp === undefined ? [] : folderRows(report.msp)),
  ];
}

function validity({ notBefore, notAfter, state, expiresInDays }: CertificateReport): string {
  const days = Math.abs(expiresInDays);
  const count = `${days} ${days === 1 ? "day" : "days"}`;
  const remark = {
    valid: `expires in ${count}`,
    expired: `EXPIRED ${count} ago`,
    "not yet valid": "NOT YET VALID",
  }[state];
  return `${moment(new Date(notBefore))} to ${moment(new Date(notAfter))}, ${remark}`;
}

function keyText({ keyType, msp }: CertificateReport): string {
  if (msp === undefined) return keyType;
  return `${keyType}, ${msp.keyFile === null ? "NO PRIVATE KEY FITS" : `private key ${msp.keyFile}`}`;
}

function folderRows(msp: MspReport): readonly (readonly [label: string, text: string])[] {
  return [
    ["revoked", msp.revokedBy === null ? "no" : `YES, by ${msp.revokedBy}`],
    ["folder", msp.problem ?? "in order"],
    ...msp.warnings.map((warning) => ["warning", warning] as const),
  ];
}
