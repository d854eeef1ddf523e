import type { Uint8ArrayList } from "uint8arraylist";
import type { Clock } from "../../gossip/ports.ts";
import type { Link } from "./link.ts";

/** One of those who share an uplink. */
export interface Lane {
  /** So many of its bytes have gone out; others may wait in their place. */
  onLeft(byteCount: number): void;
  /** The bytes have come to the other end, in the order in which they were sent. */
  onArrived(bytes: Uint8ArrayList): void;
}

interface Piece {
  readonly lane: Lane;
  readonly bytes: Uint8ArrayList;
  readonly leavesMs: number;
  readonly arrivesMs: number;
}

/** What leaves at once. At 100 Mbit/s it takes 1.3 ms, about what timers can tell apart. */
const PIECE_BYTES = 16_384;
/** Pieces that have arrived are let go of so many at a time. */
const FORGET_PIECES = 256;

/**
 * A peer's way out: bytes of all its connections leave one after another, first come, first served, at the link's pace,
 * and arrive a delay later. Nothing arrives early. A timer that is late makes bytes late once; it does not take from
 * the pace, because all times follow from when bytes were sent.
 */
export class Uplink {
  readonly #bytesPerMs: number;
  readonly #delayMs: number;
  readonly #clock: Clock;
  /** In order of sending: those that have arrived and are not forgotten yet, those under way, those that wait. */
  readonly #pieces: Piece[] = [];
  #arrived = 0;
  #left = 0;
  #freeMs = -Infinity;
  #isArmed = false;

  constructor({ bytesPerSecond, delayMs }: Pick<Link, "bytesPerSecond" | "delayMs">, clock: Clock) {
    this.#bytesPerMs = bytesPerSecond / 1_000;
    this.#delayMs = delayMs;
    this.#clock = clock;
  }

  /** Takes any number of bytes, which must not change any more; how many may wait is for the lane to know. */
  send(lane: Lane, bytes: Uint8ArrayList): void {
    this.#freeMs = Math.max(this.#freeMs, this.#clock.now());
    for (let start = 0; start < bytes.byteLength; start += PIECE_BYTES) {
      const piece = bytes.sublist(start, Math.min(start + PIECE_BYTES, bytes.byteLength));
      this.#freeMs += piece.byteLength / this.#bytesPerMs;
      this.#pieces.push({
        lane,
        bytes: piece,
        leavesMs: this.#freeMs,
        arrivesMs: this.#freeMs + this.#delayMs,
      });
    }
    this.#arm();
  }

  /** For the next piece that leaves or arrives. Both happen in the order of sending, so the timer that runs is in time. */
  #arm(): void {
    if (this.#isArmed) return;
    const nextMs = Math.min(
      this.#pieces[this.#left]?.leavesMs ?? Infinity,
      this.#pieces[this.#arrived]?.arrivesMs ?? Infinity,
    );
    if (nextMs === Infinity) return;
    this.#isArmed = true;
    this.#clock.schedule(Math.max(0, nextMs - this.#clock.now()), () => this.#tick());
  }

  #tick(): void {
    this.#isArmed = false;
    const nowMs = this.#clock.now();
    for (let piece; (piece = this.#pieces[this.#left]) !== undefined && piece.leavesMs <= nowMs;) {
      this.#left++;
      piece.lane.onLeft(piece.bytes.byteLength);
    }
    for (let piece; (piece = this.#pieces[this.#arrived]) !== undefined && piece.arrivesMs <= nowMs;) {
      this.#arrived++;
      piece.lane.onArrived(piece.bytes);
    }
    this.#forget();
    this.#arm();
  }

  #forget(): void {
    if (this.#arrived < FORGET_PIECES && this.#arrived < this.#pieces.length) return;
    this.#pieces.splice(0, this.#arrived);
    this.#left -= this.#arrived;
    this.#arrived = 0;
  }
}
