import { connect } from "node:net";
import type { PeerConfig } from "../config/config.ts";
import { fail, ok, skip, warn, type Finding } from "./finding.ts";
import { hostPort } from "./port-checks.ts";

const CONNECT_MS_MAX = 3_000;

/** Whether something answers at the TCP addresses of bootstrap peers and block sources. */
export async function checkReach({ bootstrap, sources }: PeerConfig): Promise<readonly Finding[]> {
  return await Promise.all([
    checkAll("bootstrap", bootstrap, hostPort),
    ...(sources.length === 0 ? [] : [checkAll("sources", sources, urlPlace)]),
  ]);
}

type PlaceOf = (address: string) => { readonly host: string; readonly port: number };

async function checkAll(check: string, addresses: readonly string[], place: PlaceOf): Promise<Finding> {
  if (addresses.length === 0)
    return skip(check, "none is set: the peer waits for others, or finds them by the channel's anchor peers");
  const faults = await Promise.all(addresses.map((address) => connectFault(place(address))));
  const silent = addresses.flatMap((address, index) =>
    faults[index] === undefined ? [] : [`${address} (${faults[index]})`],
  );
  const message = `${addresses.length - silent.length} of ${addresses.length} answer`;
  if (silent.length === 0) return ok(check, message);
  const advice = "start those peers, or see to the way there: name, port, firewall";
  const found = `${message}; not ${silent.join(", ")}`;
  return silent.length === addresses.length ? fail(check, found, advice) : warn(check, found, advice);
}

function urlPlace(url: string): ReturnType<PlaceOf> {
  const { hostname, port, protocol } = new URL(url);
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port) || (protocol === "https:" ? 443 : 80),
  };
}

/** Why no TCP connection comes about; undefined: one does. */
async function connectFault(place: ReturnType<PlaceOf>): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const socket = connect(place);
  socket.setTimeout(CONNECT_MS_MAX, () => resolve(`no answer within ${CONNECT_MS_MAX} ms`));
  socket.once("connect", () => resolve(undefined));
  socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
