import { createSecureContext } from "node:tls";
import { Client } from "../client.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { nodeTransport, type ClientTls } from "./node-transport.ts";
import type { Transport } from "./transport.ts";

export type { Submission } from "../client.ts";

/** What a client has to open an API with. */
export interface ApiCredentials extends ClientTls {
  /** As `blockgossip token create` printed it. */
  readonly token?: string | undefined;
}

/** The client of Node.js processes, which also knows authorities and client certificates of its own. */
export class ApiClient extends Client {
  /**
   * Takes a URL or `HOST:PORT`, which is `https` where there is something to use in TLS.
   *
   * @throws NodeError `CONFIG_INVALID`, also where credentials do not go with the URL or cannot be used.
   */
  constructor(url: string, { token, ...tls }: ApiCredentials = {}) {
    const isTls = Object.values(tls).some((pem) => pem !== undefined);
    const full = /^https?:\/\//.test(url) ? url : `${isTls ? "https" : "http"}://${url}`;
    if (isTls && full.startsWith("http:"))
      throw new NodeError("CONFIG_INVALID", `${url} is without TLS, where ca, cert and key have no use`);
    super(full, { token, transport: transportOf(tls) });
  }
}

function transportOf(tls: ClientTls): Transport {
  try {
    createSecureContext({ ...tls });
  } catch (cause) {
    throw new NodeError("CONFIG_INVALID", `ca, cert and key cannot be used: ${reason(cause)}`, { cause });
  }
  return nodeTransport(tls);
}
