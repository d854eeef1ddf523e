import type { BlockRange } from "../../gossip/wire/messages.ts";
import type { BlockSource } from "../../gossip/ports.ts";
import type { PeerConfig } from "../config/config.ts";
import { readText } from "../files.ts";
import { ApiClient } from "./api-client.ts";

type SourceSettings = Pick<
  PeerConfig,
  "sources" | "sourceTokenFile" | "sourceCa" | "sourceCert" | "sourceKey"
>;

/**
 * The APIs that the settings name as block sources.
 *
 * @throws NodeError `CONFIG_INVALID` where the credentials do not go with a URL; `FILE_UNREADABLE`.
 */
export function sourceApis({
  sources,
  sourceTokenFile,
  sourceCa,
  sourceCert,
  sourceKey,
}: SourceSettings): readonly ApiClient[] {
  const read = (path: string | undefined, what: string) =>
    path === undefined ? undefined : readText(path, what);
  const credentials = {
    token: read(sourceTokenFile, "the sources' token")?.trim(),
    ca: read(sourceCa, "the sources' certificate authority"),
    cert: read(sourceCert, "the client certificate for the sources"),
    key: read(sourceKey, "its private key"),
  };
  return sources.map((url) => new ApiClient(url, credentials));
}

/** A channel at the HTTP API of a blockgossip peer, such as one of the organisation that runs the orderers. */
export class HttpBlockSource implements BlockSource {
  readonly name: string;
  readonly #api: ApiClient;
  readonly #channel: string;

  constructor(api: ApiClient, channel: string) {
    this.name = api.url;
    this.#api = api;
    this.#channel = channel;
  }

  /** Answers at once; it does not wait for the height to be above anything. */
  async height(_above: number, signal: AbortSignal): Promise<number> {
    return (await this.#api.channel(this.#channel, signal)).height;
  }

  async fetch(
    { first, end }: BlockRange,
    onBlock: (block: Uint8Array) => void,
    signal: AbortSignal,
  ): Promise<void> {
    for (let number = first; number < end; number++)
      onBlock(await this.#api.block(this.#channel, number, signal));
  }
}
