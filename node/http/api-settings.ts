import type * as z from "zod";
import type { peerSettingsSchema } from "../config/config-schema.ts";
import { isLoopback } from "./loopback.ts";

type ApiSettings = Pick<
  z.output<typeof peerSettingsSchema>,
  "api" | "apiTlsCert" | "apiTlsKey" | "apiTokens" | "apiClientCa"
>;

/**
 * What of the API's settings does not fit together, a sentence each. An API that other machines reach must have TLS
 * and ask for credentials.
 *
 * @param given a setting's value and where it came from, for people.
 */
export function apiFaults(
  settings: ApiSettings,
  given: (key: keyof ApiSettings) => string,
): readonly string[] {
  const { api, apiTlsCert, apiTlsKey, apiTokens, apiClientCa } = settings;
  if (!isLoopback(api.host)) {
    const missing = [
      ...(apiTlsCert === undefined ? ["apiTlsCert"] : []),
      ...(apiTlsKey === undefined ? ["apiTlsKey"] : []),
      ...((apiTokens ?? apiClientCa) === undefined ? ["apiTokens or apiClientCa"] : []),
    ];
    return missing.length === 0
      ? []
      : [
          `api is ${given("api")}, which other machines reach, so these must be set too: ${missing.join(", ")}`,
        ];
  }
  if (apiTlsCert !== undefined && apiTlsKey === undefined)
    return [`apiTlsCert is ${given("apiTlsCert")}, but apiTlsKey is not set; set both, or neither`];
  if (apiTlsCert === undefined && apiTlsKey !== undefined)
    return [`apiTlsKey is ${given("apiTlsKey")}, but apiTlsCert is not set; set both, or neither`];
  if (apiTlsCert === undefined && apiClientCa !== undefined)
    return [
      `apiClientCa is ${given("apiClientCa")}, but client certificates need TLS; set apiTlsCert and apiTlsKey too`,
    ];
  return [];
}
