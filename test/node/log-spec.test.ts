import { expect, test } from "vitest";
import { LogSpec } from "../../node/logs/log-spec.ts";

test.each([
  ["info", "gossip", "info"],
  ["", "gossip", "info"],
  ["gossip=debug", "gossip.state", "debug"],
  ["gossip=debug", "gossipers", "info"],
  ["gossip=debug:warn", "transport", "warn"],
  ["gossip,gossip.state=debug:info", "gossip.state.x", "debug"],
  ["gossip=warn:gossip.state=trace:error", "gossip.state", "trace"],
  ["gossip.=debug:error", "gossip", "debug"],
  ["gossip.=debug:error", "gossip.state", "error"],
  ["debug:warn", "any", "warn"],
  ["a=debug:a=error", "a", "error"],
  ["a=WARNING:b=payload:c=PANIC", "a", "warn"],
  ["a=WARNING:b=payload:c=PANIC", "b", "trace"],
  ["a=WARNING:b=payload:c=PANIC", "c", "fatal"],
])("by %j the logger %s has %s", (text, logger, level) => {
  expect(LogSpec.parse(text).level(logger)).toBe(level);
});

test("a specification is shown by logger, the level of all others at the end, and is read again as the same", () => {
  const shown = LogSpec.parse("warn:z=debug:b,a.c=WARNING").toString();
  expect(shown).toBe("a.c=warn:b=warn:z=debug:warn");
  expect(LogSpec.parse(shown).toString()).toBe(shown);
});

test.each([
  ["loud", "bad segment 'loud'"],
  ["a=loud", "bad segment 'a=loud'"],
  ["Info", "bad segment 'Info'"],
  ["=debug", "no logger specified in segment '=debug'"],
  ["a=b=debug", "bad segment 'a=b=debug'"],
  ["a,,b=debug", "bad logger name ''"],
  [".a=debug", "bad logger name '.a'"],
  ["a..=debug", "bad logger name 'a..'"],
  ["a b=debug", "bad logger name 'a b'"],
])("%j is none, and why is said", (text, why) => {
  const message = `invalid logging specification '${text}': ${why}`;
  expect(() => LogSpec.parse(text)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID", message }));
});
