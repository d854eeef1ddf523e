import type { Clock } from "../ports.ts";

/** So often so large a part of what waits is sent: half of it within a third of a second, nearly all within one and a half. */
const TICK_MS = 20;
const PART = 1 / 25;

/** Sends what is in no hurry a little at a time, so that what is in a hurry does not wait behind all of it. */
export class UnhurriedSends {
  readonly #clock: Clock;
  /** Oldest first. */
  #waiting: (() => void)[] = [];
  #timer: Disposable | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** It is sent when those before it have been. */
  add(send: () => void): void {
    this.#waiting.push(send);
    this.#timer ??= this.#clock.schedule(TICK_MS, () => this.#tick());
  }

  /** Sends nothing more. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#waiting = [];
  }

  #tick(): void {
    const due = this.#waiting.splice(0, Math.ceil(PART * this.#waiting.length));
    for (const send of due) send();
    this.#timer = this.#waiting.length === 0 ? undefined : this.#clock.schedule(TICK_MS, () => this.#tick());
  }
}
