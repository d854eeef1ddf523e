import type { Block, BlockHash } from "../chain/block.ts";
import type { VerifiedBlock } from "./block-buffer.ts";
import type { BlockIntake } from "./block-intake.ts";
import { Holders } from "./holders.ts";
import type { Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, PeerId, Transport } from "./ports.ts";
import { advertsFor, fullHopsFor } from "./push-plan.ts";
import { Wants } from "./wants.ts";

export interface PushParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly intake: BlockIntake;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** Reads a block that is not in memory any more. */
  readonly read: (number: number) => Promise<Block>;
  /** Whether the block is being fetched by other means. */
  readonly isFetching: (number: number) => boolean;
  /** A neighbour names another hash than that of the block that is here. */
  readonly onOtherHash: (peer: PeerId, number: number) => void;
}

/**
 * Sends a new block on, once: the block itself to a few random neighbours while it is rare, and to the others an
 * advert, on which they ask for it if they lack it. Each peer so receives the bytes about once; that a peer passes a
 * block on only when it is new to it is what ends the wave (rumour mongering with "removed" peers, Demers 1987; full
 * copies first and digests after, Berendea et al. 2020). A peer that has passed a block on still serves it.
 */
export class Push {
  readonly #parts: PushParts;
  readonly #holders = new Holders();
  readonly #wants: Wants;

  constructor(parts: PushParts) {
    this.#parts = parts;
    this.#wants = new Wants(parts.clock, parts.options, (offer) => {
      const { channel, transport } = this.#parts;
      transport.send(offer.peer, { kind: "want", channel, number: offer.number, hash: offer.hash });
    });
  }

  /** Whether a block is on its way here. */
  isComing(number: number): boolean {
    return this.#wants.has(number);
  }

  /** To be called with each good block that a neighbour sends, new here or not. */
  received(from: PeerId, block: Block): void {
    this.#holders.add(block.hash, from);
    this.#wants.settle(block.number);
  }

  /** The neighbour has sent a bad block; whoever else offered one of that number is asked next. */
  receivedBad(from: PeerId, number: number): void {
    this.#wants.fail(from, number);
  }

  /**
   * Sends a block on that is new here; to be called once for each block. What was fetched because it was missed is
   * not sent on: the others have it.
   */
  spread(entry: VerifiedBlock): void {
    this.#wants.settle(entry.block.number);
    if (!this.#parts.options.push || entry.origin === "pull" || entry.origin === "state-transfer") return;
    this.#send(entry.block, entry.fullHops ?? this.#ownFullHops());
  }

  /** A neighbour holds a block, or is sending it. */
  receiveAdvert(from: PeerId, advert: Message & { kind: "advert" }): void {
    const { number, hash, blockBytes, sending } = advert;
    const { intake, isFetching, onOtherHash } = this.#parts;
    this.#holders.add(hash, from);
    if (intake.isHere(number)) {
      const present = intake.hashOf(number);
      if (present !== undefined && present !== hash) onOtherHash(from, number);
      return;
    }
    if (number < intake.windowEnd && !isFetching(number))
      this.#wants.offer({ peer: from, number, hash, blockBytes, sending });
  }

  /** A neighbour asks for a block that it was told of. */
  async receiveWant(from: PeerId, number: number, hash: BlockHash): Promise<void> {
    const { channel, intake, transport, read } = this.#parts;
    const block = intake.inMemory(number) ?? (await read(number));
    if (block.hash !== hash) return;
    this.#holders.add(hash, from);
    transport.send(from, { kind: "block", channel, fullHops: 0, block: block.bytes });
  }

  /** Stops waiting for anything. */
  stop(): void {
    this.#wants.clear();
  }

  #send(block: Block, fullHops: number): void {
    const { channel, view, transport, options } = this.#parts;
    const holds = (peer: PeerId) => this.#holders.has(block.hash, peer);
    const fullCount = fullHops > 0 ? options.pushFanout : 0;
    const advertCount =
      options.pushAdverts === "auto" ? advertsFor(view.active().length) : options.pushAdverts;
    const targets = view.sample(Math.max(fullCount, advertCount), holds);
    const advert = { channel, number: block.number, hash: block.hash, blockBytes: block.bytes.length };
    const notice: Message = { kind: "advert", ...advert, sending: true };
    const whole: Message = {
      kind: "block",
      channel,
      fullHops: Math.max(0, fullHops - 1),
      block: block.bytes,
    };
    const fullTargets = targets.slice(0, fullCount);
    // All are told first: while the block queues on our uplink, another neighbour's advert must not fetch it twice.
    if (advertCount > 0) for (const peer of fullTargets) transport.send(peer, notice);
    for (const peer of targets.slice(fullCount))
      transport.send(peer, { kind: "advert", ...advert, sending: false });
    for (const peer of fullTargets) {
      if (transport.send(peer, whole)) this.#holders.add(block.hash, peer);
    }
  }

  #ownFullHops(): number {
    const { options, view } = this.#parts;
    return options.pushFullHops === "auto"
      ? fullHopsFor(view.active().length, options.pushFanout)
      : options.pushFullHops;
  }
}
