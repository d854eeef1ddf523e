import { expect, test } from "vitest";
import { cutIdOf } from "../../gossip/push/cut.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import { Consortium } from "../simulator/consortium.ts";
import { ConsortiumLiar } from "../simulator/consortium-liar.ts";

const IDS = ["a0", "a1", "a2", "b0", "b1", "b2"] as const;
const CHUNKED = 300_000;
const MENDING_OFF = { antiEntropy: false, stateTransfer: false } as const;

async function acquainted(seed: number, options = {}) {
  const consortium = await Consortium.create({
    seed,
    organisations: { A: { a0: {}, a1: {}, a2: {} }, B: { b0: {}, b1: {}, b2: {} } },
    channels: { trade: { A: ["a0"], B: ["b0"] } },
    options,
  });
  await consortium.start();
  await consortium.untilAcquainted(IDS);
  return consortium;
}

function joinLiar(consortium: Consortium) {
  return ConsortiumLiar.join(consortium, { organisation: "A", channels: ["trade"] });
}

/** The peer is gone with its disk, and is back before anybody has noticed. */
async function loseDisk(consortium: Consortium, id: string): Promise<void> {
  const peer = consortium.peer(id);
  peer.crash();
  peer.loseDisks();
  await peer.start();
}

test("bad chunks that came before their cut are held against who sent them, not against who tells of the cut", async () => {
  const consortium = await acquainted(51, MENDING_OFF);
  const liar = await joinLiar(consortium);
  const { network, said } = consortium;
  let isFirst = true;
  network.wiretap = (from, to, message) => {
    said.push({ from, to, message });
    if (from !== "a0" || to !== "a1" || message.kind !== "cut" || !isFirst) return;
    isFirst = false;
    // It comes before the cut: a relay may be faster than the cutter.
    const cut = cutIdOf(message.statement);
    const data = new Uint8Array(3);
    consortium.peer("a1").gossip.receive(liar.id, {
      kind: "chunk",
      cut,
      lane: 0,
      round: 0,
      data,
      proof: undefined,
      spread: SPREAD_NONE,
      served: [],
    });
  };
  await consortium.publishNext("trade", "a0", CHUNKED);
  await consortium.runFor(5_000);
  expect(consortium.noted()).toEqual({ liar: { BAD_CHUNK: 1 } });
  expect(IDS.map((id) => consortium.peer(id).height("trade"))).toEqual([2, 2, 2, 2, 2, 2]);
});

test("a bad statement beside one that waits for an identity is held against its sender, not against who brings the identity", async () => {
  const consortium = await acquainted(52);
  const liar = await joinLiar(consortium);
  const newcomer = await ConsortiumLiar.create(consortium, { organisation: "A", id: "a9" });
  newcomer.tell("a0", newcomer.greeting());
  const [known, listener] = [consortium.peer("a0"), consortium.peer("a1")];
  await consortium.until(() => known.knows("a9"), 1_000, "a0 knows the newcomer");
  expect(listener.knows("a9")).toBe(false);
  const { entry } = known.membership.get(newcomer.id)!;
  const internal = signStatement(
    { kind: "internal", peer: newcomer.id, incarnation: 1, sequence: 1, addresses: ["/evil"] },
    liar.keyring,
  );
  listener.gossip.receive(known.id, { kind: "alive", members: [entry] });
  liar.tell("a1", { kind: "alive", members: [{ ...entry, internal }] });
  // The answer must not be faster than the lie.
  consortium.network.weather = { ...consortium.network.weather, jitterMs: 0 };
  await consortium.until(() => listener.knows("a9"), 2_000, "a1 knows the newcomer");
  expect(listener.membership.get(newcomer.id)!.addresses).toEqual(["/simulated/a9"]);
  await consortium.runFor(2_000);
  expect(consortium.noted()).toEqual({ liar: { BAD_SIGNATURE: 1 } });
});

test("a peer that names the identity of another as its own keeps nobody from learning that identity", async () => {
  const consortium = await acquainted(53);
  const liar = await joinLiar(consortium);
  const newcomer = await ConsortiumLiar.create(consortium, { organisation: "A", id: "a9" });
  newcomer.tell("a0", newcomer.greeting());
  const [known, listener] = [consortium.peer("a0"), consortium.peer("a1")];
  await consortium.until(() => known.knows("a9"), 1_000, "a0 knows the newcomer");
  const { entry, statement } = known.membership.get(newcomer.id)!;
  listener.gossip.receive(liar.id, {
    kind: "alive",
    members: [liar.state({ identity: statement.identity })],
  });
  listener.gossip.receive(known.id, { kind: "alive", members: [entry] });
  await consortium.until(() => listener.knows("a9"), 300, "a1 knows the newcomer");
  expect(consortium.noted()).toEqual({});
});

test("a peer that has lost its disk does not hold what it held, and that is no lie", async () => {
  // Nothing but state transfer, which goes by heights that were told before.
  const consortium = await acquainted(54, {
    push: false,
    directMail: false,
    antiEntropy: false,
    stateTransferPatienceMs: 20_000,
  });
  const blocks = [];
  for (let count = 0; count < 5; count++) blocks.push(await consortium.publishNext("trade", "a0"));
  const heights = () =>
    IDS.map((id) =>
      consortium
        .peer(id)
        .channel("trade")
        .view.heightOf("a0" as PeerId),
    );
  await consortium.until(
    () => heights().filter((height) => height === 6).length > 2,
    15_000,
    "most know its height",
  );
  await loseDisk(consortium, "a0");
  await consortium.runFor(30_000);
  const failed = consortium.events.flatMap(({ event }) => (event.kind === "fetch-failed" ? event.code : []));
  expect(failed).toContain("NOT_HELD");
  expect(consortium.noted()).toEqual({});
  for (const block of blocks) await consortium.publish("trade", "a0", block);
  await consortium.until(
    () => IDS.every((id) => consortium.peer(id).height("trade") === 6),
    60_000,
    "all hold all",
  );
  expect(consortium.noted()).toEqual({});
});

test("a peer that has lost its disk and is handed in the same block cuts it anew, and that is no lie", async () => {
  const consortium = await acquainted(55, MENDING_OFF);
  const block = await consortium.publishNext("trade", "a0", CHUNKED);
  await consortium.runFor(2_000);
  expect(IDS.map((id) => consortium.peer(id).height("trade"))).toEqual([2, 2, 2, 2, 2, 2]);
  // One peer less, and the block is cut otherwise.
  consortium.peer("b2").crash();
  await consortium.until(() => !consortium.peer("a0").knows("b2"), 60_000, "b2 is dead");
  await loseDisk(consortium, "a0");
  await consortium.untilAcquainted(["a0", "a1", "a2", "b0", "b1"]);
  await consortium.until(() => !consortium.peer("a0").knows("b2"), 60_000, "b2 is dead again");
  await consortium.publish("trade", "a0", block);
  await consortium.runFor(2_000);
  const cuts = consortium.said.flatMap(({ message }) =>
    message.kind === "cut" ? [cutIdOf(message.statement)] : [],
  );
  expect(new Set(cuts).size).toBe(2);
  expect(consortium.noted()).toEqual({});
});
