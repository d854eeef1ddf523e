import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import { lastConfigNumber, verifyLink } from "../../chain/block-verification.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { ChannelSpec } from "../../chain/channel-spec.ts";
import {
  SimulatedOrderer,
  SIMULATION_CHANNEL,
  simulationGenesis,
} from "../../node/testing/simulator/simulated-orderer.ts";
import { SimulatedOrderingService } from "../../node/testing/simulator/simulated-ordering-service.ts";
import { SimulatedOrganisation } from "./simulated-organisation.ts";

const a = await SimulatedOrganisation.create("A");
const b = await SimulatedOrganisation.create("B");
const orderers = await SimulatedOrganisation.create("Orderer");
const orderer = await orderers.member("orderer1", { role: "orderer" });
const laterOrderers = await SimulatedOrganisation.create("Orderer", "later");
const laterOrderer = await laterOrderers.member("orderer1", { role: "orderer" });

const spec: ChannelSpec = {
  channel: "trade",
  organisations: [a.spec()],
  ordering: orderers.ordering([orderer]),
};
const rotated: ChannelSpec = { ...spec, ordering: laterOrderers.ordering([laterOrderer]) };

function service(of: ChannelSpec = spec): SimulatedOrderingService {
  return SimulatedOrderingService.of(of, orderer.signer);
}

function verifierOf({ genesis }: SimulatedOrderingService): BlockVerifier {
  return new BlockVerifier(ChannelConfig.fromBlock(genesis));
}

/** Takes a block in as a peer does in order. */
function take(verifier: BlockVerifier, previous: Block, block: Block): void {
  expect(verifier.verify(block, previous.number + 1)).toBe("valid");
  verifyLink(previous, block);
  verifier.advance(block);
}

function code(expected: string): Error {
  return expect.objectContaining({ code: expected });
}

/** What a service makes of the same calls. */
function run(): readonly Block[] {
  const made = service();
  const blocks = [made.genesis, made.next(), made.nextConfig(rotated)];
  made.useSigner(laterOrderer.signer);
  return [
    ...blocks,
    made.next(5_000),
    made.nextConfig({ ...rotated, organisations: [a.spec(), b.spec()] }),
    made.next(),
  ];
}

test("its blocks are a chain that a peer takes, through all changes, and name their config block", () => {
  const [genesis, ...rest] = run() as [Block, ...Block[]];
  const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
  let previous = genesis;
  for (const block of rest) {
    take(verifier, previous, block);
    expect(lastConfigNumber(block)).toBe(verifier.config.blockNumber);
    previous = block;
  }
  expect(verifier.config).toMatchObject({ channel: "trade", sequence: 2, blockNumber: 4 });
});

test("the same calls give the same bytes", () => {
  const hex = (blocks: readonly Block[]) => blocks.map(({ bytes }) => Buffer.from(bytes).toString("hex"));
  expect(hex(run())).toEqual(hex(run()));
});

test("the channel's name is in every block, and no other channel takes them", () => {
  const other = service({ ...spec, channel: "other" });
  expect(other.genesis.hash).not.toBe(service().genesis.hash);
  expect(() => verifierOf(service()).verify(other.next(), 1)).toThrow(code("WRONG_CHANNEL"));
  expect(() => other.nextConfig(spec)).toThrow("a configuration of channel trade, not other");
});

describe("a config block", () => {
  test("brings an organisation in, and takes one out", () => {
    const made = service();
    const verifier = verifierOf(made);
    take(verifier, made.genesis, made.nextConfig({ ...spec, organisations: [a.spec(), b.spec()] }));
    expect([...verifier.config.organisations.keys()]).toEqual(["AMSP", "BMSP"]);
    take(verifier, made.tip, made.nextConfig({ ...spec, organisations: [b.spec()] }));
    expect([...verifier.config.organisations.keys()]).toEqual(["BMSP"]);
  });

  test("revokes a member", async () => {
    const made = service();
    const verifier = verifierOf(made);
    const member = await a.member("peer0");
    const identify = () => verifier.config.organisations.get("AMSP")!.identity(member.signer.identity);
    expect(identify().roles).toContain("peer");
    const revocationLists = [await a.revocationList([member.serial])];
    take(verifier, made.genesis, made.nextConfig({ ...spec, organisations: [a.spec({ revocationLists })] }));
    expect(identify).toThrow(code("REVOKED_IDENTITY"));
  });

  test("replaces the orderers' CA: what the new ones sign is to be tried later before it, and valid after it", () => {
    const made = service();
    const verifier = verifierOf(made);
    const change = made.nextConfig(rotated);
    const byOld = made.sibling(change);
    made.useSigner(laterOrderer.signer);
    const byNew = made.next();
    expect(verifier.verify(byNew, 1)).toBe("later");
    expect(verifier.verify(byOld, 1)).toBe("valid");
    take(verifier, made.genesis, change);
    expect(verifier.verify(byNew, 2)).toBe("valid");
    expect(() => verifier.verify(byOld, 2)).toThrow(code("SUPERSEDED_CONFIG"));
  });

  test("may change how the orderers agree", async () => {
    const members = await Promise.all(
      [1, 2, 3, 4].map((id) => orderers.member(`orderer${id}`, { role: "orderer" })),
    );
    const signers = members.map(({ signer }, index) => ({ ...signer, consenterId: index + 1 }));
    const made = service();
    const verifier = verifierOf(made);
    take(verifier, made.genesis, made.nextConfig({ ...spec, ordering: orderers.ordering(members, "bft") }));
    const [first, second, third] = signers;
    made.useSigner(first!, second!);
    expect(() => verifier.verify(made.sibling(made.tip), 2)).toThrow(code("UNSATISFIED_POLICY"));
    made.useSigner(first!, second!, third!);
    take(verifier, made.tip, made.next());
  });
});

test("a sibling is valid, names the config block of its predecessors, and is not gone on from", () => {
  const made = service();
  const verifier = verifierOf(made);
  const first = made.next();
  const change = made.nextConfig({ ...spec, organisations: [a.spec(), b.spec()] });
  const beside = made.sibling(first);
  expect(lastConfigNumber(beside)).toBe(0);
  expect(verifier.verify(beside, 2)).toBe("valid");
  expect(made.tip).toBe(change);
  expect(lastConfigNumber(made.sibling(change))).toBe(2);
  expect(made.sibling(change, 1_000, 1).hash).not.toBe(made.sibling(change, 1_000, 2).hash);
});

test("the simulations' own orderer goes on from the genesis block in the file", () => {
  const made = new SimulatedOrderer();
  expect(made.channel).toBe(SIMULATION_CHANNEL);
  expect(made.genesis.hash).toBe(simulationGenesis().hash);
  take(verifierOf(made), made.genesis, made.next());
  // The bytes that seeds of earlier runs depend on.
  const digest = createHash("sha256");
  for (const { bytes } of [made.tip, made.sibling(made.tip, 50, 9), made.next(3_000)]) digest.update(bytes);
  expect(digest.digest("hex")).toBe("685d75c7bfec2fc63d33794f755e45f8df53fcd49d2c850d35f3a62165afa6af");
});
