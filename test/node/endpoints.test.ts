import { expect, test } from "vitest";
import { loadConfig } from "../../node/config/config.ts";
import { endpointsOf } from "../../node/config/endpoints.ts";

const LISTENED = ["/ip4/10.0.0.1/tcp/9700/p2p/x", "/ip4/10.0.0.2/tcp/9700"];
const OUTSIDE = "/dns4/peer0.example.org/tcp/9700";

test("others of the organisation are told what is listened on, everybody else the external endpoints", () => {
  const externalEndpoints = [OUTSIDE, "/ip4/10.0.0.2/tcp/9700"];
  const closed = loadConfig({ flags: { msp: "msp", externalEndpoints } });
  expect(endpointsOf(closed, LISTENED)).toEqual({
    internal: ["/ip4/10.0.0.1/tcp/9700"],
    external: externalEndpoints,
  });
  const open = loadConfig({ flags: { admission: "open", externalEndpoints: [OUTSIDE] } });
  expect(endpointsOf(open, LISTENED)).toEqual({
    internal: [],
    external: ["/ip4/10.0.0.1/tcp/9700", "/ip4/10.0.0.2/tcp/9700", OUTSIDE],
  });
});

test("a machine with many addresses tells no more than others read in a statement", () => {
  const many = Array.from({ length: 20 }, (_, index) => `/ip4/10.0.1.${index}/tcp/9700`);
  const closed = endpointsOf(loadConfig({ flags: { msp: "msp", externalEndpoints: many } }), LISTENED);
  expect(closed.external).toEqual(many.slice(0, 16));
  expect(endpointsOf(loadConfig({ flags: { admission: "open" } }), many).external).toHaveLength(16);
});
