import { createServer } from "node:net";

const ATTEMPTS = 50;

/**
 * The first of a row of TCP ports on a host that are all free at this moment, at or above `from`; undefined where none
 * is found.
 *
 * @param offsets which ports are needed, counted from the first.
 */
export async function freePortBase(
  host: string,
  from: number,
  offsets: readonly number[],
): Promise<number | undefined> {
  const step = Math.max(...offsets) + 1;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const base = from + attempt * step;
    if (base + step > 65_536) return undefined;
    const free = await Promise.all(offsets.map((offset) => isFree(host, base + offset)));
    if (free.every(Boolean)) return base;
  }
  return undefined;
}

async function isFree(host: string, port: number): Promise<boolean> {
  return (await listenFault(host, port)) === undefined;
}

/** Why nobody could listen there at this moment, as the system's code such as `EADDRINUSE`; undefined: it is free. */
export async function listenFault(host: string, port: number): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const server = createServer();
  server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  return await promise;
}
