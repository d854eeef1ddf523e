import { Option, type Command } from "commander";
import { readText } from "../files.ts";
import type { ApiClient, ApiCredentials } from "../http/api-client.ts";

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

/** The flags of {@link addPeerFlags}. */
export interface PeerFlags extends ApiFlags {
  readonly api: string;
}

/** Where `network create` puts the API of the first peer. */
export const API_URL_DEFAULT = "http://127.0.0.1:9800";

/** Adds the flags for which peer is asked, and what opens its API. */
export function addPeerFlags(command: Command): Command {
  const api = new Option("--api <url>", "a peer's API").env("BLOCKGOSSIP_API").default(API_URL_DEFAULT);
  return addApiFlags(command.addOption(api));
}

/** The API of the peer that the flags name. @throws NodeError `CONFIG_INVALID`, `FILE_UNREADABLE`. */
export async function openApi(flags: PeerFlags): Promise<ApiClient> {
  // Loaded when it is needed: the help is not to wait for it.
  const { ApiClient: Client } = await import("../http/api-client.ts");
  return new Client(flags.api, apiCredentials(flags, process.env));
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
