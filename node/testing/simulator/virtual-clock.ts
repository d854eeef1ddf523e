import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../../gossip/ports.ts";

interface Task {
  readonly atMs: number;
  /** Tasks of one time run in the order in which they were scheduled. */
  readonly order: number;
  run: (() => void) | undefined;
}

/** After so many tasks the process looks after its sockets and its real timers. */
const TASKS_AT_ONCE = 256;

/**
 * Time that passes only when it is told to. Between two tasks all promise callbacks run, so that the same tasks give
 * the same run whatever the machine does.
 */
export class VirtualClock implements Clock {
  readonly #heap: Task[] = [];
  #nowMs: number;
  #order = 0;

  /** Starts like a wall clock, so that nothing depends on times being small. */
  constructor(startMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  schedule(delayMs: number, task: () => void): Disposable {
    const entry: Task = { atMs: this.#nowMs + Math.max(0, delayMs), order: this.#order++, run: task };
    this.#push(entry);
    return {
      [Symbol.dispose]: () => {
        entry.run = undefined;
      },
    };
  }

  /** Runs all tasks of the next `durationMs`, then stands at its end. */
  async runFor(durationMs: number): Promise<void> {
    const endMs = this.#nowMs + durationMs;
    await this.runWhile(() => (this.#heap[0]?.atMs ?? Infinity) <= endMs);
    this.#nowMs = endMs;
  }

  /** Runs task after task while the condition holds and there are any. */
  async runWhile(condition: () => boolean): Promise<void> {
    await setImmediate();
    for (let count = 1; condition(); count++) {
      const task = this.#pop();
      if (task === undefined) return;
      if (task.run === undefined) continue;
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      task.run();
      await (count % TASKS_AT_ONCE === 0 ? setImmediate() : promisesRun());
    }
  }

  #push(task: Task): void {
    const heap = this.#heap;
    let index = heap.length;
    heap.push(task);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(task, parent)) break;
      heap[index] = parent;
      index = above;
    }
    heap[index] = task;
  }

  #pop(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let index = 0;
    for (;;) {
      const below = this.#earlierChild(index);
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = last;
    return first;
  }

  /** Of the two below an index the one that is due first; where there are none, an index that is not there. */
  #earlierChild(index: number): number {
    const left = 2 * index + 1;
    const a = this.#heap[left];
    const b = this.#heap[left + 1];
    return a !== undefined && b !== undefined && isBefore(b, a) ? left + 1 : left;
  }
}

/**
 * The part of a clock that one life of a peer sees: nothing that it scheduled runs after it has ended, nor while it is
 * paused.
 */
export class LifeClock implements Clock, Disposable {
  readonly #clock: Clock;
  readonly #aheadMs: number;
  #isOver = false;
  #pausedUntilMs = 0;

  /** @param aheadMs how much later it is by this clock. */
  constructor(clock: Clock, aheadMs = 0) {
    this.#clock = clock;
    this.#aheadMs = aheadMs;
  }

  now(): number {
    return this.#clock.now() + this.#aheadMs;
  }

  schedule(delayMs: number, task: () => void): Disposable {
    const run = () => {
      if (this.#isOver) return;
      const waitMs = this.#pausedUntilMs - this.now();
      if (waitMs > 0) timer = this.#clock.schedule(waitMs, run);
      else task();
    };
    let timer = this.#clock.schedule(delayMs, run);
    return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
  }

  /** What is due within this time runs at its end, in the order in which it was due. The clock goes on meanwhile. */
  pause(durationMs: number): void {
    this.#pausedUntilMs = Math.max(this.#pausedUntilMs, this.now() + durationMs);
  }

  [Symbol.dispose](): void {
    this.#isOver = true;
  }
}

/** Resolves when no promise callback is left to run: Node comes to its ticks only then. A third of `setImmediate`. */
function promisesRun(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Task, b: Task): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
