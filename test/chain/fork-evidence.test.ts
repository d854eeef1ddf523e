import { Buffer } from "node:buffer";
import { expect, test } from "vitest";
import { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { verifyFork, withoutData } from "../../chain/fork-evidence.ts";
import { simulationGenesis, SimulatedOrderer } from "../../node/testing/simulator/simulated-orderer.ts";

function forkUnderTest() {
  const orderer = new SimulatedOrderer();
  const verifier = new BlockVerifier(ChannelConfig.fromBlock(simulationGenesis()));
  const held = orderer.next(100_000);
  const other = orderer.sibling(simulationGenesis());
  return { orderer, verifier, held, other };
}

test("header and metadata of a second signed block of a height prove the fork", () => {
  const { verifier, held, other } = forkUnderTest();
  const evidence = withoutData(other);
  expect(evidence.hash).toBe(other.hash);
  expect(withoutData(held).bytes.length).toBeLessThan(held.bytes.length / 10);
  verifyFork(held, evidence, verifier);
  verifyFork(held, other, verifier);
});

test("the same block, or one of another height, is no fork", () => {
  const { orderer, verifier, held } = forkUnderTest();
  expect(() => verifyFork(held, held, verifier)).toThrow(expect.objectContaining({ code: "WRONG_NUMBER" }));
  expect(() => verifyFork(held, orderer.next(), verifier)).toThrow(
    expect.objectContaining({ code: "WRONG_NUMBER" }),
  );
});

test("a block that continues another one is no proof, though the same orderers have signed it", () => {
  const { orderer, verifier, held, other } = forkUnderTest();
  const second = orderer.next();
  const stray = orderer.sibling(other);
  expect(stray.number).toBe(second.number);
  expect(() => verifyFork(second, stray, verifier)).toThrow(expect.objectContaining({ code: "BROKEN_LINK" }));
  expect(held.number).toBe(1);
});

test("a header that the orderers did not sign is no proof", () => {
  const { verifier, held, other } = forkUnderTest();
  const forged = new Uint8Array(withoutData(other).bytes);
  const at = Buffer.from(forged).indexOf(Buffer.from(other.dataHash, "hex"));
  expect(at).toBeGreaterThan(0);
  forged[at] = forged[at]! ^ 1;
  const block = Block.parse(forged);
  expect(block.hash).not.toBe(other.hash);
  expect(() => verifyFork(held, block, verifier)).toThrow(
    expect.objectContaining({ code: "UNSATISFIED_POLICY" }),
  );
});
