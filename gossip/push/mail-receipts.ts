import type { GossipOptions } from "../options.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";

export interface MailReceiptsParts {
  readonly channel: ChannelId;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** The height of our own ledger. */
  readonly height: () => number;
}

/**
 * Tells our height to those who send blocks unasked, so that they send on, or no more: an advert of no blocks, a moment
 * later. Gossip of heights may pass one peer by for a minute.
 */
export class MailReceipts {
  readonly #parts: MailReceiptsParts;
  readonly #owed = new Set<PeerId>();
  #timer: Disposable | undefined;

  constructor(parts: MailReceiptsParts) {
    this.#parts = parts;
  }

  /** A peer has sent a block unasked. Adverts tell it of a new one anyway. */
  received(from: PeerId, isNew: boolean): void {
    const { clock, options } = this.#parts;
    if (!options.directMail || (isNew && options.push && options.pushAdverts > 0)) return;
    this.#owed.add(from);
    this.#timer ??= clock.schedule(options.advertDelayMs, () => this.#send());
  }

  /** Tells nothing more. */
  stop(): void {
    this.#timer?.[Symbol.dispose]();
    this.#owed.clear();
  }

  #send(): void {
    const { channel, transport, height } = this.#parts;
    this.#timer = undefined;
    for (const peer of this.#owed)
      transport.send(peer, { kind: "advert", channel, height: height(), blocks: [] });
    this.#owed.clear();
  }
}
