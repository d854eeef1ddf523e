/** `blockgossip/testing`: a network in memory for the tests of programs that work with blocks. */
// oxlint-disable-next-line import/no-unassigned-import -- it adds what Node.js 22 lacks
import "../disposable-stacks.ts";
export { createTestNetwork, type TestNetwork, type TestNetworkOptions } from "./test-network.ts";
export type { TestPeer } from "./test-peer.ts";
