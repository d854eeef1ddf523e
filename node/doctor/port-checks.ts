import { multiaddr } from "@multiformats/multiaddr";
import type { PeerConfig } from "../config/config.ts";
import { listenFault } from "../network/free-ports.ts";
import type { ApiStatus } from "../http/api-types.ts";
import { fail, ok, type Finding } from "./finding.ts";

interface Place {
  readonly setting: "listen" | "api";
  readonly host: string;
  readonly port: number;
}

/**
 * Whether the peer can listen where it is told to, or does.
 *
 * @param running the peer that runs with these settings, if one does.
 */
export async function checkPorts(
  { listen, api }: Pick<PeerConfig, "listen" | "api">,
  running: ApiStatus | undefined,
): Promise<readonly Finding[]> {
  const places: readonly Place[] = [
    ...listen.map((address) => ({ setting: "listen" as const, ...hostPort(address) })),
    { setting: "api", ...api },
  ];
  return await Promise.all(places.map((place) => checkPort(place, running)));
}

async function checkPort({ setting, host, port }: Place, running: ApiStatus | undefined): Promise<Finding> {
  const place = `${host}:${port}`;
  if (port === 0) return ok("port", `${setting} takes any free port of ${host}`);
  const fault = await listenFault(host, port);
  if (fault === undefined) return ok("port", `${setting} ${place} is free`);
  if (fault !== "EADDRINUSE")
    return fail(
      "port",
      `${setting} ${place} cannot be listened on: ${fault}`,
      `name another address (${setting})`,
    );
  const isOwn = setting === "api" || running?.multiaddrs.some((address) => hostPort(address).port === port);
  if (running !== undefined && isOwn === true) return ok("port", `${setting} ${place} is the running peer's`);
  return fail(
    "port",
    `${setting} ${place} is in use by another program`,
    `stop that one (ss -ltnp sport = :${port} names it), or name another port (${setting})`,
  );
}

/** Where a TCP address leads. */
export function hostPort(address: string): { readonly host: string; readonly port: number } {
  const [network, transport] = multiaddr(address).getComponents();
  return { host: network?.value ?? "", port: Number(transport?.value) };
}
