import { pino } from "pino";
import { expect, test } from "vitest";
import { libp2pLogs } from "../../node/logs/libp2p-logs.ts";
import { LogSpec } from "../../node/logs/log-spec.ts";
import { Loggers } from "../../node/logs/loggers.ts";

function recorded(spec: string) {
  const records: Record<string, unknown>[] = [];
  const root = pino({ level: "info", base: null }, { write: (line) => records.push(JSON.parse(line)) });
  const loggers = new Loggers(root, LogSpec.parse(spec));
  let nowMs = 0;
  const logs = libp2pLogs(loggers, () => nowMs);
  return { loggers, records, logs, pass: (ms: number) => (nowMs += ms) };
}

test("what libp2p tells is one line a record, in the area of its part, with its arguments in their places", () => {
  const { logs, records } = recorded("libp2p=trace");
  const log = logs.forComponent("libp2p:tcp:listener");
  log("inbound %s of %p, %d %%", "dial", { toString: () => "12D3KooW" }, 7, "more");
  log.error("it broke - %e", new Error("one\ntwo"));
  log.trace("fine %b", new Uint8Array([1, 2]));
  log.newScope("inbound:7")(new Error("alone"));
  const at = { logger: "libp2p.tcp", component: "libp2p:tcp:listener" };
  expect(records.map(({ time: _time, ...record }) => record)).toEqual([
    { level: 20, ...at, msg: "inbound dial of 12D3KooW, 7 % more" },
    { level: 30, ...at, msg: "it broke - one two" },
    { level: 10, ...at, msg: "fine AQI=" },
    { level: 20, ...at, component: "libp2p:tcp:listener:inbound:7", msg: "alone" },
  ]);
});

test("nothing is seen until libp2p is named, from then on at once", () => {
  const { logs, records, loggers } = recorded("debug");
  const log = logs.forComponent("libp2p:yamux");
  log.error("unseen");
  expect([log.enabled, records]).toEqual([false, []]);
  expect(loggers.levels()).toMatchObject({ "libp2p.yamux": "warn", gossip: "debug" });
  loggers.spec = LogSpec.parse("libp2p.yamux=debug:silent");
  log("seen now");
  expect([log.enabled, records.map(({ msg }) => msg)]).toEqual([true, ["seen now"]]);
  loggers.spec = LogSpec.parse("error");
  expect(loggers.levels()).toMatchObject({ "libp2p.yamux": "error" });
});

test("the same text comes once a second, then with how many were held back", () => {
  const { logs, records, pass } = recorded("libp2p=info");
  const log = logs.forComponent("libp2p:upgrader");
  for (let i = 0; i < 5; i++) log.error("dial of %s failed", "a");
  log.error("dial of %s failed", "b");
  pass(1_000);
  log.error("dial of %s failed", "a");
  expect(records.map(({ msg, suppressed }) => [msg, suppressed])).toEqual([
    ["dial of a failed", undefined],
    ["dial of b failed", undefined],
    ["dial of a failed", 4],
  ]);
});
