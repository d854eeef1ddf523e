import * as fc from "fast-check";
import { expect, test } from "vitest";
import { TimerQueue, type TimeSource } from "../../node/timer-queue.ts";

type Step =
  | { readonly kind: "schedule"; readonly delayMs: number; readonly nestedMs: number | undefined }
  | { readonly kind: "dispose"; readonly which: number }
  | { readonly kind: "pass"; readonly ms: number };

const STEPS: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant("schedule" as const),
      delayMs: fc.integer({ min: -5, max: 100 }),
      nestedMs: fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }),
    }),
    fc.record({ kind: fc.constant("dispose" as const), which: fc.nat(400) }),
    fc.record({ kind: fc.constant("pass" as const), ms: fc.integer({ min: 0, max: 30 }) }),
  ),
  { maxLength: 400 },
);

test("Tasks run in the order of their times, each once, and none that was disposed of", () => {
  fc.assert(
    fc.property(STEPS, fc.boolean(), (steps, isEarly) => {
      expect(runQueue(steps, isEarly)).toEqual(runModel(steps));
    }),
  );
});

test("Ten thousand tasks have one timer, and none when the last one is gone", () => {
  const time = new FakeTime(false);
  const queue = new TimerQueue(time);
  const tasks = Array.from({ length: 10_000 }, (_, index) => queue.schedule(10_000 - index, () => undefined));
  expect(time.timers).toBe(1);
  for (const task of tasks.slice(1)) task[Symbol.dispose]();
  expect([queue.size, time.timers]).toEqual([1, 1]);
  tasks[0]?.[Symbol.dispose]();
  tasks[0]?.[Symbol.dispose]();
  expect([queue.size, time.timers]).toEqual([0, 0]);
});

test("A task that throws takes none of the others with it", () => {
  const time = new FakeTime(false);
  const queue = new TimerQueue(time);
  const ran: string[] = [];
  queue.schedule(1, () => {
    throw new RangeError("a bug");
  });
  queue.schedule(1, () => ran.push("second"));
  expect(() => time.pass(5)).toThrow("a bug");
  time.pass(5);
  expect(ran).toEqual(["second"]);
});

test("A task that schedules itself without a delay lets others have a turn", () => {
  const time = new FakeTime(false);
  const queue = new TimerQueue(time);
  let runs = 0;
  const again = () => {
    runs++;
    queue.schedule(0, again);
  };
  queue.schedule(0, again);
  time.fire();
  expect(runs).toBe(1);
  time.fire();
  expect(runs).toBe(2);
});

/** What ran, by the number of its step, and when. Nested tasks count from a thousand. */
type Log = (readonly [id: number, atMs: number])[];

function runQueue(steps: readonly Step[], isEarly: boolean): Log {
  const time = new FakeTime(isEarly);
  const queue = new TimerQueue(time);
  const log: Log = [];
  const tasks: Disposable[] = [];
  for (const [id, step] of [...steps, { kind: "pass", ms: 200 } as const].entries()) {
    if (step.kind === "pass") time.pass(step.ms);
    if (step.kind === "dispose") tasks[step.which % tasks.length]?.[Symbol.dispose]();
    if (step.kind !== "schedule") continue;
    const run = () => {
      log.push([id, time.now()]);
      if (step.nestedMs !== undefined) queue.schedule(step.nestedMs, () => log.push([1000 + id, time.now()]));
    };
    tasks.push(queue.schedule(step.delayMs, run));
  }
  expect([queue.size, time.timers]).toEqual([0, 0]);
  return log;
}

/** The same with a list that is searched for the next task each time. */
function runModel(steps: readonly Step[]): Log {
  let nowMs = START_MS;
  let waiting: { readonly id: number; readonly atMs: number; readonly nestedMs: number | undefined }[] = [];
  const log: Log = [];
  const scheduled: number[] = [];
  for (const [id, step] of [...steps, { kind: "pass", ms: 200 } as const].entries()) {
    if (step.kind === "schedule") {
      scheduled.push(id);
      waiting.push({ id, atMs: nowMs + Math.max(0, step.delayMs), nestedMs: step.nestedMs });
    }
    if (step.kind === "dispose")
      waiting = waiting.filter((task) => task.id !== scheduled[step.which % scheduled.length]);
    if (step.kind !== "pass") continue;
    const endMs = nowMs + step.ms;
    for (;;) {
      // Stable: of one time, the one that was scheduled first.
      const next = waiting.toSorted((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined || next.atMs > endMs) break;
      waiting = waiting.filter((task) => task !== next);
      nowMs = next.atMs;
      log.push([next.id, nowMs]);
      if (next.nestedMs !== undefined)
        waiting.push({ id: 1000 + next.id, atMs: nowMs + next.nestedMs, nestedMs: undefined });
    }
    nowMs = endMs;
  }
  return log;
}

const START_MS = 1000;

/** Time that passes when it is told to. It may be early with its calls, as Node's timers are. */
class FakeTime implements TimeSource {
  #nowMs = START_MS;
  readonly #isEarly: boolean;
  readonly #armed = new Map<object, { readonly atMs: number; readonly call: () => void }>();

  constructor(isEarly: boolean) {
    this.#isEarly = isEarly;
  }

  get timers(): number {
    return this.#armed.size;
  }

  now(): number {
    return this.#nowMs;
  }

  arm(delayMs: number, call: () => void): Disposable {
    const key = {};
    const earlyMs = this.#isEarly && delayMs > 1 ? 0.5 : 0;
    this.#armed.set(key, { atMs: this.#nowMs + delayMs - earlyMs, call });
    return { [Symbol.dispose]: () => void this.#armed.delete(key) };
  }

  /** Calls what is due until then. */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.fire(endMs)) {}
    this.#nowMs = endMs;
  }

  /** Makes the next call that is due until then; false where there is none. */
  fire(endMs = Infinity): boolean {
    const [key, next] = [...this.#armed].toSorted(([, a], [, b]) => a.atMs - b.atMs)[0] ?? [];
    if (key === undefined || next === undefined || next.atMs > endMs) return false;
    this.#armed.delete(key);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.call();
    return true;
  }
}
