import { pino } from "pino";
import { expect, test } from "vitest";
import type { BlockHash } from "../../chain/block.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { logGossip } from "../../node/logs/gossip-log.ts";
import { LogSpec } from "../../node/logs/log-spec.ts";
import { Loggers } from "../../node/logs/loggers.ts";

const [ALICE, STRANGER] = ["12D3KooWalice" as PeerId, "12D3KooWstranger" as PeerId];

function recorded(spec: string) {
  const records: Record<string, unknown>[] = [];
  const root = pino({ base: null }, { write: (line) => records.push(JSON.parse(line)) });
  const loggers = new Loggers(root, LogSpec.parse(spec));
  let nowMs = 0;
  const nameOf = (peer: PeerId) => (peer === ALICE ? "alice" : peer.slice(-8));
  const observe = logGossip(loggers, { now: () => nowMs, nameOf });
  const told = () => records.map(({ logger, msg, suppressed }) => [logger, msg, suppressed]);
  return { loggers, observe, records, told, pass: (ms: number) => (nowMs += ms) };
}

const rejected = (peer: PeerId, number: number) =>
  ({ kind: "rejected", channel: "demo", peer, number, code: "BROKEN_LINK", message: "no" }) as const;

test("a block's number, the peer's name and its id are in the line", () => {
  const { observe, records, told } = recorded("trace");
  const at = { channel: "demo", number: 7, origin: "push" } as const;
  observe({ kind: "block-received", ...at, from: ALICE, duplicate: true });
  observe({ kind: "block-committed", ...at, hash: "00" as BlockHash, bytes: 9, producedMs: undefined });
  observe(rejected(STRANGER, 8));
  expect(told()).toEqual([
    ["gossip.block", "demo: block 7 came again from alice (push)", undefined],
    ["gossip.block", "demo: block 7 is in the ledger (push, 9 bytes)", undefined],
    ["gossip.block", "demo: refused block 8 of stranger: no", undefined],
  ]);
  expect(records[0]).toMatchObject({ from: ALICE, peerName: "alice", number: 7 });
  expect(records[2]).toMatchObject({ peer: STRANGER, peerName: "stranger", number: 8 });
});

test("what a peer causes comes once a second, in however many words; another peer's beside it", () => {
  const { observe, told, pass } = recorded("info");
  for (let number = 1; number <= 5; number++) observe(rejected(ALICE, number));
  observe(rejected(STRANGER, 1));
  pass(1_000);
  observe(rejected(ALICE, 6));
  expect(told().map(([, msg, suppressed]) => [msg, suppressed])).toEqual([
    ["demo: refused block 1 of alice: no", undefined],
    ["demo: refused block 1 of stranger: no", undefined],
    ["demo: refused block 6 of alice: no", 4],
  ]);
});

test("a source that fails and comes back many times a second is told of once", () => {
  const { observe, told } = recorded("info");
  const at = { channel: "demo", source: "http://a" } as const;
  for (let time = 0; time < 10; time++) {
    observe({ kind: "source-failed", ...at, code: "X", message: "no" });
    observe({ kind: "source-answers", ...at });
  }
  expect(told()).toHaveLength(2);
});

test("each area has its own level, which may change", () => {
  const { observe, told, loggers } = recorded("gossip.block=silent:info");
  observe(rejected(ALICE, 1));
  observe({ kind: "catching-up", channel: "demo", height: 1, target: 9 });
  loggers.spec = LogSpec.parse("gossip.state=error:info");
  observe(rejected(ALICE, 2));
  observe({ kind: "catching-up", channel: "demo", height: 1, target: 10 });
  expect(told().map(([, msg]) => msg)).toEqual([
    "demo: catching up from 1 to 9",
    "demo: refused block 2 of alice: no",
  ]);
});
