import type { ApiServer } from "./api-server.ts";
import { configSchema, type ApiConfig } from "./api-types.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerState } from "../peer/peer-state.ts";

const route = {
  config: { right: "operate" },
  schema: {
    summary: "The settings in force, and where each came from",
    tags: ["peer"],
    response: { 200: configSchema, ...PROBLEM_RESPONSE },
  },
} as const;

/** `GET /v1/config`. Paths and addresses are not everybody's business; no setting has a secret itself. */
export function addConfigRoute(server: ApiServer, { config, origins }: PeerState): void {
  server.get("/v1/config", route, async () => {
    const { gossip, ...rest } = config;
    const options = Object.entries(gossip).map(([name, value]) => [`gossip.${name}`, value] as const);
    const settings = [...Object.entries(rest), ...options].map(
      ([key, value]) => [key, { value: shown(value), origin: origins.get(key) ?? "default" }] as const,
    );
    return { settings: Object.fromEntries(settings) } as ApiConfig;
  });
}

/** Without a password that somebody may have put into a URL. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  return typeof value === "string" ? value.replace(/^(https?:\/\/)[^/@]*@/, "$1") : value;
}
