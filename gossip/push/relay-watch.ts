import type { Block, BlockHash } from "../../chain/block.ts";
import type { RelayAnswer, RelayQuestion } from "./relay-messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Random, Transport } from "../ports.ts";
import { sample } from "../random.ts";
import { Timers } from "../timers.ts";
import type { RelayLine } from "./relay-lines.ts";

export interface RelayWatchParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
}

interface WatchedLine extends RelayLine {
  /** Whether it was passed on to them, as those say who were asked. */
  readonly answers: Map<PeerId, boolean>;
  /** Who has been asked. */
  readonly asked: Set<PeerId>;
}

/** Blocks that are watched at a time: under load a part of them tells enough. */
const WATCHED_MAX = 16;

/** Peers of each relay's line that are asked. */
const ASKED_MAX = 3;

/** How long answers are waited for. */
const ANSWER_MS = 2_000;

/**
 * Whether relays pass whole blocks on: the block's first peer asks some of those who were to get it by a relay. A late
 * block is not a missing one: it asks when even slow links have had the time. Where most say that nobody has passed it on
 * to them, the relay has broken its promise, or had lost the block itself; one such word alone is held against nobody.
 */
export class RelayWatch {
  readonly #parts: RelayWatchParts;
  readonly #watched = new Map<BlockHash, readonly WatchedLine[]>();
  readonly #timers: Timers;

  constructor(parts: RelayWatchParts) {
    this.#parts = parts;
    this.#timers = new Timers(parts.clock);
  }

  /** A block has been given to relays, and so many copies of it sent in all. */
  gave(block: Block, lines: readonly RelayLine[], copies: number): void {
    const { options } = this.#parts;
    if (lines.length === 0 || this.#watched.size >= WATCHED_MAX) return;
    const watched = lines.map((line) => ({ ...line, answers: new Map(), asked: new Set<PeerId>() }));
    this.#watched.set(block.hash, watched);
    const onward = Math.max(...lines.map(({ peers }) => peers.length));
    const sendingMs = (1_000 * block.bytes.length * (copies + onward)) / options.wantBytesPerSecondMin;
    this.#timers.after(options.advertDelayMs + sendingMs, () => this.#ask(block, watched));
  }

  /** A peer says whether a block was passed on to it. Who was not asked is not heeded. */
  answered(from: PeerId, { hash, came }: RelayAnswer): void {
    for (const { asked, answers } of this.#watched.get(hash) ?? [])
      if (asked.has(from)) answers.set(from, came);
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#timers[Symbol.dispose]();
    this.#watched.clear();
  }

  #ask({ number, hash }: Block, lines: readonly WatchedLine[]): void {
    const { channel, view, transport, random } = this.#parts;
    const question: RelayQuestion = { kind: "relay-question", channel, number, hash };
    for (const { peers, asked } of lines) {
      const there = peers.filter((peer) => view.isActive(peer));
      for (const peer of sample(there, ASKED_MAX, random)) {
        asked.add(peer);
        transport.send(peer, question);
      }
    }
    this.#timers.after(ANSWER_MS, () => this.#judge(hash, lines));
  }

  #judge(hash: BlockHash, lines: readonly WatchedLine[]): void {
    const { scores } = this.#parts.view;
    this.#watched.delete(hash);
    for (const { relay, answers } of lines) {
      const missed = [...answers.values()].filter((came) => !came).length;
      if (2 * missed > answers.size) scores.broken(relay, "relay");
      else if (missed === 0 && answers.size > 0) scores.kept(relay, "relay");
    }
  }
}
