import type { AbortOptions, Connection } from "@libp2p/interface";

/** Closes a connection after what is being written. Where the other side cuts it meanwhile, `close` never ends. */
export async function hangUp(connection: Connection, options: AbortOptions = {}): Promise<void> {
  const closed = Promise.withResolvers<void>();
  connection.addEventListener("close", () => closed.resolve(), { once: true });
  await Promise.race([closed.promise, connection.close(options)]);
}
