import { Option, type Command } from "commander";
import type { ApiCredentials } from "../node/http/api-client.ts";
import { readText } from "../node/files.ts";

/** The flags of {@link addApiFlags}, as commander gives them. */
export interface ApiFlags {
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Adds the flags for what opens a peer's API. The token itself is no flag: every user of a machine sees those. */
export function addApiFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--token-file <file>",
        "the file of the token that opens the API (default: the token in BLOCKGOSSIP_TOKEN, if any)",
      ),
    )
    .option("--ca <file>", "the authorities of the API's certificate, instead of the well-known ones")
    .option("--cert <file>", "the client certificate that opens the API")
    .option("--key <file>", "its private key");
}

/** Reads what the flags name. @throws NodeError `FILE_UNREADABLE`. */
export function apiCredentials(
  { tokenFile, ca, cert, key }: ApiFlags,
  environment: Readonly<Record<string, string | undefined>>,
): ApiCredentials {
  const read = (path: string | undefined, what: string) =>
    path === undefined ? undefined : readText(path, what);
  return {
    token: read(tokenFile, "the token")?.trim() ?? (environment["BLOCKGOSSIP_TOKEN"] || undefined),
    ca: read(ca, "the certificate authority"),
    cert: read(cert, "the client certificate"),
    key: read(key, "the client certificate's key"),
  };
}
