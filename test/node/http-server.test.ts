import { once } from "node:events";
import { connect, type AddressInfo, type Socket } from "node:net";
import { expect, test } from "vitest";
import { HttpListeners } from "../../node/http/http-server.ts";

test("connections above 256 are closed at once, and those that are there are served", async () => {
  const listeners = new HttpListeners(undefined, 0);
  const server = listeners.add((_request, response) => response.end("served"));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  const open = (): Socket => connect(port, "127.0.0.1").on("error", () => undefined);
  const first = open();
  await once(first, "connect");
  const others = Array.from({ length: 299 }, open);
  const closed = others.map((socket) => once(socket.resume(), "close"));
  const enough = Promise.withResolvers<void>();
  let count = 0;
  for (const each of closed) void each.then(() => (++count === 300 - 256 ? enough.resolve() : undefined));
  await enough.promise;
  first.write("GET / HTTP/1.1\r\nhost: localhost\r\n\r\n");
  const [answer] = await once(first, "data");
  expect(String(answer)).toContain("served");
  expect(count).toBe(300 - 256);
  listeners.cutAll();
  await Promise.all(closed);
  await new Promise((resolve) => server.close(resolve));
});
