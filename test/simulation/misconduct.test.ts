import { expect, test } from "vitest";
import type { Block } from "../../chain/block.ts";
import type { GossipOptions } from "../../gossip/options.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { Consortium } from "../simulator/consortium.ts";
import { ConsortiumLiar } from "../simulator/consortium-liar.ts";
import { NO_ROLE } from "../../gossip/wire/statements.ts";

const IDS = ["a0", "a1", "b0", "b1"] as const;
const CHUNKED = 300_000;
const LIAR = "liar" as PeerId;
const CUT_OFF_MS = 60_000;

/** Two organisations in two channels, and a peer of the second with a valid certificate, known to all, in the first. */
async function withLiar(seed: number, options: Partial<GossipOptions> = {}) {
  const consortium = await Consortium.create({
    seed,
    organisations: { A: { a0: {}, a1: {} }, B: { b0: {}, b1: {} } },
    channels: { trade: { A: ["a0"], B: ["b0"] }, other: { A: [], B: [] } },
    options: { cutOffMs: CUT_OFF_MS, ...options },
  });
  await consortium.start();
  await consortium.untilAcquainted(IDS);
  const liar = await ConsortiumLiar.join(consortium, { organisation: "B", channels: ["trade"] });
  return { consortium, liar };
}

/** One lie, told to everybody. */
interface Lie {
  readonly code: string;
  readonly tell: (liar: ConsortiumLiar, consortium: Consortium) => void;
}

const LIES: Readonly<Record<string, Lie>> = {
  "an alive statement of another peer that it made itself": {
    code: "BAD_SIGNATURE",
    tell: (liar, consortium) => {
      const incarnation = Math.floor(consortium.clock.now()) + 1_000;
      liar.tellAll({
        kind: "alive",
        members: [liar.state({ peer: "a9" as PeerId, incarnation, left: true })],
      });
    },
  },
  "a membership request in the name of another": {
    code: "IMPERSONATION",
    tell: (liar, consortium) => {
      for (const id of IDS) {
        const about = IDS.find((other) => other !== id) as PeerId;
        const { entry } = consortium.peer(id).membership.get(about)!;
        liar.tell(id, { kind: "membership-request", self: entry, viewHash: new Uint8Array(8) });
      }
    },
  },
  "a height that it states for another peer": {
    code: "BAD_SIGNATURE",
    tell: (liar, consortium) => {
      const channel = liar.channelId("trade");
      const incarnation = Math.floor(consortium.clock.now()) + 1_000;
      for (const id of IDS) {
        const peer = IDS.find((other) => other !== id) as PeerId;
        const height = { kind: "state-info", peer, channel, height: 99, incarnation, sequence: 1 } as const;
        liar.tell(id, { kind: "state-info", channel, statements: [liar.sign({ ...height, ...NO_ROLE })] });
      }
    },
  },
  "a height of another channel": {
    code: "UNKNOWN_CHANNEL",
    tell: (liar) => {
      const time = { incarnation: 1, sequence: 1 };
      const height = { kind: "state-info", peer: LIAR, channel: liar.channelId("other"), height: 2 } as const;
      const statements = [liar.sign({ ...height, ...time, ...NO_ROLE })];
      liar.tellAll({ kind: "state-info", channel: liar.channelId("trade"), statements });
    },
  },
  "a valid block of another channel": {
    code: "WRONG_CHANNEL",
    tell: (liar, consortium) => liar.tellAll(liar.block("trade", consortium.ordering("other").next().bytes)),
  },
  "a cut that another is said to have made": {
    code: "BAD_SIGNATURE",
    tell: (liar, consortium) => {
      const block = consortium.ordering("trade").next(CHUNKED);
      const { notice } = liar.cut("trade", block, block.bytes);
      for (const id of IDS) {
        const cutter = IDS.find((other) => other !== id) as PeerId;
        liar.tell(id, { ...notice, cutter });
      }
    },
  },
  "a chunk that its cut does not prove": {
    code: "BAD_CHUNK",
    tell: (liar, consortium) => {
      const block = consortium.ordering("trade").next(CHUNKED);
      const { notice, chunks } = liar.cut("trade", block, block.bytes);
      liar.tellAll(notice);
      liar.tellAll({ ...chunks[0]!, data: chunks[0]!.data.map((byte) => byte ^ 1) });
    },
  },
  "a cut that is not the block": {
    code: "BAD_CUT",
    tell: (liar, consortium) => {
      const block = consortium.ordering("trade").next(CHUNKED);
      const { notice, chunks } = liar.cut("trade", block, new Uint8Array(CHUNKED));
      for (const message of [notice, ...chunks]) liar.tellAll(message);
    },
  },
  "two cuts of one block": {
    code: "BAD_CUT",
    tell: (liar, consortium) => {
      const block = consortium.ordering("trade").next(CHUNKED);
      for (const lanes of [2, 3]) liar.tellAll(liar.cut("trade", block, block.bytes, lanes).notice);
    },
  },
};

test.each(Object.entries(LIES))(
  "a lie is refused, told and held against the liar by everybody, and by nobody against anybody else: %s",
  async (_, { code, tell }) => {
    const { consortium, liar } = await withLiar(61);
    tell(liar, consortium);
    await consortium.runFor(5_000);
    expect(consortium.noted()).toEqual({ liar: { [code]: IDS.length } });
    for (const id of IDS) {
      const misconduct = consortium.peer(id).gossip.misconduct(LIAR);
      expect(misconduct).toMatchObject({ lies: 1, code, cutOffUntilMs: undefined });
      // One may be a fault of somebody's disk.
      expect(consortium.peer(id).knows("liar")).toBe(true);
      expect(consortium.peer(id).known()).toEqual([...IDS, "liar"].filter((other) => other !== id));
      expect(consortium.peer(id).channel("trade").ledger.height).toBe(1);
      expect(consortium.peer(id).channel("trade").view.highest()).toBe(1);
    }
  },
);

test("a digest of blocks that never come is a lie, and is believed less each time", async () => {
  const { consortium, liar } = await withLiar(62);
  liar.digest = () => ({ height: 50, early: [] });
  await consortium.runFor(180_000);
  const codes = consortium.noted();
  expect(Object.keys(codes)).toEqual(["liar"]);
  expect(Object.keys(codes.liar!)).toEqual(["BROKEN_PROMISE"]);
  // In three minutes each has been lied to often enough.
  const cutOffBy = consortium.events.flatMap(({ peer, event }) =>
    event.kind === "misconduct" && event.isCutOff ? [peer] : [],
  );
  expect(new Set(cutOffBy)).toEqual(new Set(IDS));
});

/** Tells lies, each one certain, until it is cut off. */
async function lieUntilCutOff(consortium: Consortium, liar: ConsortiumLiar): Promise<void> {
  const isCutOff = (id: string) => {
    const until = consortium.peer(id).gossip.misconduct(LIAR)?.cutOffUntilMs;
    return until !== undefined && until > consortium.clock.now();
  };
  for (let count = 0; count < 20 && !IDS.every(isCutOff); count++) {
    liar.tellAll({ kind: "alive", members: [liar.state({ peer: "a9" as PeerId })] });
    await consortium.runFor(200);
  }
  expect(IDS.filter((id) => !isCutOff(id))).toEqual([]);
}

test("a peer that lies again and again is cut off: nothing is said to it, nothing heard of it, and it may not come back yet", async () => {
  const { consortium, liar } = await withLiar(63);
  await lieUntilCutOff(consortium, liar);
  const states = () => IDS.map((id) => consortium.peer(id).membership.get(LIAR)?.state);
  expect(states()).toEqual(IDS.map(() => "refused"));
  const [heard, asked] = [liar.heard.length, liar.asked.length];
  const told = consortium.events.length;
  const block = await consortium.publishNext("trade", "a0");
  liar.tellAll({
    kind: "want",
    channel: liar.channelId("trade"),
    number: block.number,
    hash: block.hash,
  });
  const outcomes: unknown[] = [];
  const { signal } = new AbortController();
  liar.transport
    .fetchBlocks(
      "a0" as PeerId,
      { channel: liar.channelId("trade"), range: { first: 0, end: 2 } },
      () => undefined,
      signal,
    )
    .catch((error: { readonly code: string }) => outcomes.push(error.code));
  await consortium.runFor(CUT_OFF_MS / 2);
  expect(states()).toEqual(IDS.map(() => "refused"));
  expect(liar.heard.length).toBe(heard);
  expect(liar.asked.length).toBe(asked);
  expect(outcomes).toEqual(["TURNED_AWAY"]);
  expect(consortium.network.refused.CUT_OFF).toBeGreaterThan(0);
  // It says that it lives all the time, and that is no news to anybody.
  const since = consortium.events.slice(told).map(({ event }) => event);
  expect(since.filter((event) => event.kind === "member" && event.peer === LIAR)).toEqual([]);
  expect(consortium.noted()).toEqual({ liar: { BAD_SIGNATURE: 5 * IDS.length } });
});

test("a peer that was cut off and behaves comes back after its time, and is cut off for twice as long the next time", async () => {
  const { consortium, liar } = await withLiar(64);
  await lieUntilCutOff(consortium, liar);
  const knows = () => IDS.filter((id) => consortium.peer(id).knows("liar")).length;
  await consortium.runFor(CUT_OFF_MS - 2_000);
  expect(knows()).toBe(0);
  await consortium.until(() => knows() === IDS.length, 30_000, "it is back");
  await lieUntilCutOff(consortium, liar);
  await consortium.runFor(2 * CUT_OFF_MS - 2_000);
  expect(knows()).toBe(0);
  await consortium.until(() => knows() === IDS.length, 30_000, "it is back again");
});

test("who was told lies cuts the liar off alone: others who were not keep to it", async () => {
  const { consortium, liar } = await withLiar(65);
  for (let count = 0; count < 5; count++)
    liar.tell("a0", { kind: "alive", members: [liar.state({ peer: "a9" as PeerId })] });
  await consortium.runFor(1_000);
  const told = consortium.events.length;
  await consortium.runFor(30_000);
  // Its statements come by the others all the time, and are no news.
  const since = consortium.events.slice(told).filter(({ peer }) => peer === "a0");
  expect(since.filter(({ event }) => event.kind === "member")).toEqual([]);
  expect(consortium.peer("a0").membership.get(LIAR)!.state).toBe("refused");
  expect(["a1", "b0", "b1"].map((id) => consortium.peer(id).knows("liar"))).toEqual([true, true, true]);
  // They pass on its statements to who has cut it off; that is held against nobody.
  expect(consortium.noted()).toEqual({ liar: { BAD_SIGNATURE: 5 } });
});

test("what a peer says whose certificate is revoked is refused, and is held against it", async () => {
  const { consortium, liar } = await withLiar(66);
  const organisation = consortium.organisation("B");
  const { serial } = await organisation.member("liar");
  const spec = organisation.spec({ revocationLists: [await organisation.revocationList([serial])] });
  const next: Block = await consortium.reconfigure(consortium.organisationsWith("trade", "B", spec), "a0");
  await consortium.runFor(3_000);
  const { serial: same } = await organisation.member("liar");
  expect(same).toBe(serial);
  expect(IDS.map((id) => consortium.peer(id).height("trade"))).toEqual(IDS.map(() => next.number + 1));
  expect(IDS.map((id) => consortium.peer(id).membership.get(LIAR)!.state)).toEqual(IDS.map(() => "refused"));
  liar.tellAll({ kind: "want", channel: liar.channelId("trade"), number: 1, hash: next.hash });
  await consortium.runFor(3_000);
  expect(Object.keys(consortium.noted())).toEqual(["liar"]);
  for (const id of IDS)
    expect(consortium.peer(id).gossip.misconduct(LIAR)).toMatchObject({ code: "REVOKED_CERTIFICATE" });
});
