import { join } from "node:path";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "../command-line.ts";
import { positiveNumber } from "../flag-values.ts";
import { daysOption, moment } from "./cert-output.ts";

interface Flags {
  readonly out: string;
  readonly org: string;
  readonly days?: number;
}

/** Adds `ca`: an organisation's certificate authority. */
export function addCertCa(cert: Command): void {
  cert
    .command("ca")
    .description("make an organisation's certificate authority")
    .requiredOption("--out <dir>", "the organisation's folder; it must have no ca and no msp yet")
    .requiredOption("--org <name>", "the organisation's name, as it stands in every certificate")
    .option("--days <n>", "how long the authority is good (default: 3650)", positiveNumber)
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(make);
}

const EXAMPLE = `
The folder's ca/key.pem signs all of the organisation's certificates: keep it, and let nobody read it.
Its msp is for everybody who is to verify them.

Example:
  blockgossip cert ca --out Org1 --org Org1`;

async function make({ out, org, days }: Flags): Promise<void> {
  const { AuthorityFolder } = await import("../msp/authority-folder.ts");
  const { authority } = await AuthorityFolder.create(out, org, daysOption(days));
  console.log(`made the authority of ${org}, good until ${moment(authority.certificate.validToDate)}`);
  console.log(`  certificate ${join(out, "ca", "cert.pem")}, key ${join(out, "ca", "key.pem")}`);
  console.log(`  for everybody: ${join(out, "msp")}`);
}
