/** One direction of a connection: what waits for the uplink, and when the last of it arrives. */
export class Link {
  /** When the last message arrives: what is sent later does not overtake it, unless the weather says so. */
  lastArrivalMs = 0;
  /** Bytes that have arrived and that the other side has not read. */
  unreadBytes = 0;
  #waitingBytes = 0;
  /** When each waiting message has left the uplink, and its bytes, in turn. */
  #waiting: number[] | undefined;
  #head = 0;

  /** Bytes that have not left the uplink yet. */
  waitingBytes(nowMs: number): number {
    const waiting = this.#waiting;
    if (waiting === undefined) return 0;
    for (; this.#head < waiting.length && (waiting[this.#head] ?? 0) <= nowMs; this.#head += 2)
      this.#waitingBytes -= waiting[this.#head + 1] ?? 0;
    if (this.#head === waiting.length) {
      this.#waiting = undefined;
      this.#head = 0;
    }
    return this.#waitingBytes;
  }

  /** A message waits until it has left the uplink. */
  wait(sentMs: number, bytes: number): void {
    this.#waiting ??= [];
    this.#waiting.push(sentMs, bytes);
    this.#waitingBytes += bytes;
  }
}
