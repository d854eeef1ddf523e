import type { Block } from "../../chain/block.ts";
import { withoutData } from "../../chain/fork-evidence.ts";
import { PROOF_BLOCK_BYTES_MAX } from "./fork-codec.ts";
import type { ForkProofMessage } from "../wire/messages.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, Transport } from "../ports.ts";

export interface ForkRumoursParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
}

/** To so many random neighbours a proof goes each time; one is overlooked by all others with a probability of e^-8. */
const FANOUT = 8;

/** A proof is told again a second later, then after twice as long each time: some may not have had the block yet. */
const AGAIN_MS = 1_000;
const TIMES = 8;

/** Proofs that are being told. */
const TOLD_MAX = 16;

/** Passes proofs of forks on, as rumours: everybody who learns of one tells some others, a few times. */
export class ForkRumours {
  readonly #parts: ForkRumoursParts;
  readonly #timers = new Set<Disposable>();
  #told = 0;

  constructor(parts: ForkRumoursParts) {
    this.#parts = parts;
  }

  /** Tells of two blocks of one height. */
  tell(first: Block, second: Block): void {
    const blocks = [withoutData(first).bytes, withoutData(second).bytes] as const;
    const isTooLarge = blocks.some(({ length }) => length > PROOF_BLOCK_BYTES_MAX);
    if (isTooLarge || this.#told++ >= TOLD_MAX) return;
    this.#say({ kind: "fork-proof", channel: this.#parts.channel, blocks }, 0);
  }

  /** Tells nothing more. */
  stop(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]();
    this.#timers.clear();
  }

  #say(message: ForkProofMessage, time: number): void {
    const { view, transport, clock } = this.#parts;
    for (const peer of view.sample(FANOUT)) transport.send(peer, message);
    if (time + 1 === TIMES) return;
    const timer = clock.schedule(AGAIN_MS * 2 ** time, () => {
      this.#timers.delete(timer);
      this.#say(message, time + 1);
    });
    this.#timers.add(timer);
  }
}
