import { join } from "node:path";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { positiveNumber } from "./flag-values.ts";
import { daysOption, moment } from "./cert-output.ts";
import { tell } from "./tell.ts";

interface Flags {
  readonly out: string;
  readonly org: string;
  readonly days?: number;
  readonly json?: true;
}

/** Adds `ca`: an organisation's certificate authority. */
export function addCertCa(cert: Command): void {
  cert
    .command("ca")
    .description("make an organisation's certificate authority")
    .requiredOption("--out <dir>", "the organisation's folder; it must have no ca and no msp yet")
    .requiredOption("--org <name>", "the organisation's name, as it stands in every certificate")
    .option("--days <n>", "how long the authority is good (default: 3650)", positiveNumber)
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(make);
}

const EXAMPLE = `
The folder's ca/key.pem signs all of the organisation's certificates: keep it, and let nobody read it.
Its msp is for everybody who is to verify them.

Examples:
  blockgossip cert ca --out Org1 --org Org1
  blockgossip cert ca --out Org2 --org Org2 --days 7300`;

async function make({ out, org, days, json }: Flags): Promise<void> {
  const { AuthorityFolder } = await import("../msp/authority-folder.ts");
  const { authority } = await AuthorityFolder.create(out, org, daysOption(days));
  const { validToDate } = authority.certificate;
  const paths = {
    certificate: join(out, "ca", "cert.pem"),
    key: join(out, "ca", "key.pem"),
    msp: join(out, "msp"),
  };
  tell(json, { organisation: org, notAfter: validToDate.toISOString(), ...paths }, [
    `made the authority of ${org}, good until ${moment(validToDate)}`,
    `  certificate ${paths.certificate}, key ${paths.key}`,
    `  for everybody: ${paths.msp}`,
  ]);
}
