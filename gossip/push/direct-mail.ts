import type { Block } from "../../chain/block.ts";
import type { BlockServer } from "../channel/block-server.ts";
import type { Observer } from "../events.ts";
import { MailBox } from "./mail-box.ts";
import type { Message } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";
import { SPREAD_NONE } from "./spread.ts";
import { pause } from "../time.ts";
import { heightTellingMs } from "../channel/state-info-gossip.ts";

export interface DirectMailParts {
  /** The channel's name, for people. */
  readonly name: string;
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly server: BlockServer;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly observe: Observer;
}

/** What has become of mail since the start, in blocks for one peer each. */
export interface MailCounts {
  /** Waiting now. */
  readonly queued: number;
  /** How often a peer was tried again, with one block or many. */
  readonly retried: number;
  /** Those that had been waiting and that their peer has said it holds, whoever brought them. */
  readonly delivered: number;
  /** Those that there was no room for, or whose peer is gone. */
  readonly dropped: number;
}

/** All mail together leaves `antiEntropyBytesMax` in so long, so that half a network that is back does not fill our uplink. */
const WINDOW_MS = 1_000;

/**
 * A peer that a block was sent to may turn out to have been out of reach: a connection is given up after 20 s without a
 * sign, and before that everything sent on it may be lost.
 */
const RECENT_MS = 30_000;
const RECENT_MAX = 1_024;

/**
 * Direct mail (Demers et al. 1987): the peer at which a block enters the channel sees to it that every known peer of the
 * channel gets it. What cannot be sent to a peer, since it is out of reach, suspect or dead, waits for it in a bounded
 * queue, is sent when the peer can be reached again, and tried with growing pauses until then. A queue may overflow; that
 * is counted, and anti-entropy mends it.
 */
export class DirectMail {
  readonly #parts: DirectMailParts;
  readonly #boxes = new Map<PeerId, MailBox>();
  /** Blocks that entered lately, oldest first. */
  #recent: { readonly number: number; readonly atMs: number }[] = [];
  /** The active peers as they were last looked at. */
  #active: readonly PeerId[] = [];
  #retried = 0;
  #delivered = 0;
  /** When mail left last. */
  #leftMs = -Infinity;
  #dropped = 0;

  constructor(parts: DirectMailParts) {
    this.#parts = parts;
  }

  get counts(): MailCounts {
    let queued = 0;
    for (const box of this.#boxes.values()) queued += box.size;
    return { queued, retried: this.#retried, delivered: this.#delivered, dropped: this.#dropped };
  }

  /** Sends a block that enters the channel here straight to every peer, where nobody else passes blocks on. */
  first(block: Block): void {
    const message = this.#messageOf(block.bytes);
    const { view, transport } = this.#parts;
    this.entered(
      block.number,
      view.active().filter((peer) => !transport.send(peer, message)),
    );
  }

  /** A block has entered the channel here, and is on its way to all but those to whom it could not be sent. */
  entered(number: number, unsent: readonly PeerId[]): void {
    const nowMs = this.#parts.clock.now();
    this.#recent = this.#recent.filter(({ atMs }) => nowMs - atMs < RECENT_MS).slice(1 - RECENT_MAX);
    this.#recent.push({ number, atMs: nowMs });
    this.#gatherLost();
    for (const peer of unsent) this.#add(peer, number);
  }

  /** To be called when who is there, or can be reached, may have changed. */
  membershipChanged(): void {
    const { view } = this.#parts;
    if (view.active() === this.#active) return;
    this.#active = view.active();
    this.#gatherLost();
    const lost = new Set(view.lost());
    for (const [peer, box] of this.#boxes) {
      const isActive = view.isActive(peer);
      const isBack = isActive && !box.wasActive;
      box.wasActive = isActive;
      if (!isActive && !lost.has(peer)) this.#close(peer, box);
      else if (isBack) this.#tryAnew(peer, box);
    }
  }

  /** To be called when a peer may have told a greater height. */
  heightsTold(): void {
    const { view } = this.#parts;
    for (const [peer, box] of this.#boxes) {
      const settled = box.settle(view.heightOf(peer) ?? 0);
      this.#delivered += settled;
      if (box.size === 0) this.#close(peer, box);
      else if (settled > 0 && view.isActive(peer)) this.#tryAnew(peer, box);
    }
  }

  /** Tries nobody any more. */
  stop(): void {
    for (const { timer } of this.#boxes.values()) timer?.[Symbol.dispose]();
    this.#boxes.clear();
  }

  /** Whoever is out of reach may have missed what was sent a moment before that was known. */
  #gatherLost(): void {
    const { view, clock } = this.#parts;
    const sinceMs = clock.now() - RECENT_MS;
    for (const peer of view.lost()) {
      const height = view.heightOf(peer) ?? 0;
      for (const { number, atMs } of this.#recent)
        if (atMs >= sinceMs && number >= height) this.#add(peer, number);
    }
  }

  #add(peer: PeerId, number: number): void {
    const { view, options, name, observe } = this.#parts;
    let box = this.#boxes.get(peer);
    if (box === undefined) {
      box = new MailBox(options.mailBlocksMax);
      box.wasActive = view.isActive(peer);
      this.#boxes.set(peer, box);
      this.#arm(peer, box, this.#parts.clock.now());
    }
    if (box.add(number) !== "dropped") return;
    this.#dropped++;
    if (box.hasOverflowed) return;
    box.hasOverflowed = true;
    observe({ kind: "mail-dropped", channel: name, peer, number });
  }

  #close(peer: PeerId, box: MailBox): void {
    box.timer?.[Symbol.dispose]();
    this.#dropped += box.size;
    this.#boxes.delete(peer);
  }

  #tryAnew(peer: PeerId, box: MailBox): void {
    box.attempts = 0;
    void this.#try(peer, box);
  }

  /** @param sinceMs when it was tried last. */
  #arm(peer: PeerId, box: MailBox, sinceMs: number): void {
    const { view, clock, options } = this.#parts;
    const pauseMs = Math.min(options.mailRetryMs * 2 ** Math.min(box.attempts, 20), options.mailRetryMsMax);
    // It may well hold by now what it was sent, and has not had the time to say so.
    const leastMs = box.wasActive ? heightTellingMs(options, view.active().length + 1) : 0;
    box.timer?.[Symbol.dispose]();
    box.timer = clock.schedule(Math.max(0, sinceMs + Math.max(pauseMs, leastMs) - clock.now()), () => {
      box.attempts++;
      void this.#try(peer, box);
    });
  }

  /** Does not reject. */
  async #try(peer: PeerId, box: MailBox): Promise<void> {
    if (box.isTrying) return;
    const { view, transport, clock } = this.#parts;
    const sinceMs = clock.now();
    box.isTrying = true;
    this.#retried++;
    try {
      if (!view.isActive(peer)) await transport.meet(peer);
      await this.#send(peer, box);
    } catch {
      // Out of reach still, or our disk does not give the block; the next attempt may.
    }
    box.isTrying = false;
    if (this.#boxes.get(peer) === box) this.#arm(peer, box, sinceMs);
  }

  async #send(peer: PeerId, box: MailBox): Promise<void> {
    const { view, server, transport, options } = this.#parts;
    for (let waitMs = this.#waitMs(); waitMs > 0; waitMs = this.#waitMs())
      await pause(this.#parts.clock, waitMs);
    if (this.#boxes.get(peer) !== box || !view.isActive(peer)) return;
    this.#leftMs = this.#parts.clock.now();
    const ranges = box.ranges();
    // What is above its window it could not keep.
    const height = view.heightOf(peer);
    if (height !== undefined && (ranges[0]?.first ?? 0) >= height + options.windowBlocks) return;
    const blocks = await server.blocksOf(ranges, options.antiEntropyBytesMax);
    // One that merely holds the line would fill it with what it does not read; when it speaks, it is tried anew.
    if (this.#boxes.get(peer) !== box || !view.isActive(peer)) return;
    for (const block of blocks) if (!transport.send(peer, this.#messageOf(block))) return;
  }

  /** How long no mail may leave. */
  #waitMs(): number {
    return this.#leftMs + WINDOW_MS - this.#parts.clock.now();
  }

  #messageOf(block: Uint8Array): Message {
    return { kind: "block", channel: this.#parts.channel, spread: SPREAD_NONE, block };
  }
}
