import { request } from "node:http";
import { connect } from "node:net";

/** A stream of events or of lines, which does not end by itself. */
const ENDLESS = /^(?:text\/event-stream|application\/x-ndjson)/;

/** The status of the answer. */
export async function ask(
  api: string,
  ...[method, path, headers, body]: readonly [string, string, Readonly<Record<string, string>>, Uint8Array]
): Promise<number> {
  const { hostname, port } = new URL(api);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const asked = request({ hostname, port, method, path, headers, agent: false }, (response) => {
    if (ENDLESS.test(response.headers["content-type"] ?? "")) response.destroy();
    response.resume();
    response.once("close", () => resolve(response.statusCode ?? 0));
  });
  asked.once("error", reject);
  // Without a length, as Node sends it with other methods, it would be another request.
  if (["POST", "PUT", "PATCH"].includes(method)) asked.end(body);
  else asked.end();
  return await promise;
}

/** Says this on a connection, ends it, and waits until the other side has too. */
export async function shout(port: number, bytes: Uint8Array): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.once("close", () => resolve());
  socket.resume();
  socket.end(bytes);
  await promise;
}
