import { AnswerBudget } from "./answer-budget.ts";
import {
  antiEntropySettings,
  checkAntiEntropySettings,
  type AntiEntropySettings,
} from "./anti-entropy-settings.ts";
import { BlockRequest } from "./block-request.ts";
import type { BlockServer } from "./block-server.ts";
import type { EntropyIntake } from "./entropy-intake.ts";
import { HeightLog } from "./height-log.ts";
import type { BlockRange, Digest, EntropyMessage } from "./messages.ts";
import { OpenQuestions } from "./open-questions.ts";
import { scaledIntervalMs, type GossipOptions } from "./options.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, PeerId, Random, Transport } from "./ports.ts";
import { CHANGES_PEERS_AT_BASE } from "./state-info-gossip.ts";
import { every } from "./time.ts";

export interface AntiEntropyParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly server: BlockServer;
  readonly intake: EntropyIntake;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** The height of our own ledger. */
  readonly height: () => number;
  /** An answer has not come. */
  readonly onFailed: (peer: PeerId, error: Error) => void;
}

type Syn = EntropyMessage & { readonly kind: "syn" };
type Ack = EntropyMessage & { readonly kind: "ack" };
type Ack2 = EntropyMessage & { readonly kind: "ack2" };

/** Of blocks that are sent without being asked for. */
const UNASKED = 0;

const SESSIONS_MAX = 2 ** 31;

/**
 * The safety net under the push: at intervals a few random peers compare what they hold, and what the one lacks comes
 * from the other (anti-entropy, Demers et al. 1987; the three messages are those of Cassandra's gossiper).
 *
 * ```
 * pull       syn: what I hold ------>          <------ ack: what you lack
 * push                                                            ack2: what I believe you lack ------>
 * push-pull  syn: what I hold ------>          <------ ack: what you lack, and what I hold      ack2: what you lack ------>
 * ```
 *
 * A digest is a height and what is held above it, so that equal ledgers compare with the same few bytes whatever their
 * length. A session moves one answer's worth of blocks in each direction; what is more comes in the next, or by state
 * transfer.
 */
export class AntiEntropy {
  readonly #parts: AntiEntropyParts;
  readonly #budget: AnswerBudget;
  /** What we have asked for in sessions of ours. */
  readonly #asked: OpenQuestions;
  /** What we have asked for in sessions of others. */
  readonly #wanted: OpenQuestions;
  readonly #log: HeightLog;
  #settings: AntiEntropySettings;
  #session: number;
  #timer: Disposable | undefined;
  #isRunning = false;

  constructor(parts: AntiEntropyParts) {
    const { clock, options } = parts;
    this.#parts = parts;
    this.#budget = new AnswerBudget(clock, options.antiEntropyBytesMax);
    const { wantTimeoutMs, wantBytesPerSecondMin, antiEntropyBytesMax } = options;
    const dueMs = wantTimeoutMs + (1_000 * antiEntropyBytesMax) / wantBytesPerSecondMin;
    const waiting = { clock, timeoutMs: options.fetchTimeoutMs, dueMs, onTimedOut: parts.onFailed };
    this.#asked = new OpenQuestions(waiting);
    this.#wanted = new OpenQuestions(waiting);
    this.#log = new HeightLog(clock, parts.height);
    this.#settings = antiEntropySettings(options);
    // Other ones than in an earlier life, whose answers may still be on their way.
    this.#session = Math.floor(clock.now()) % SESSIONS_MAX;
  }

  get settings(): AntiEntropySettings {
    return this.#settings;
  }

  /** From now on; the next session starts one new interval later. @throws GossipError `INVALID_OPTION`. */
  set settings(settings: AntiEntropySettings) {
    checkAntiEntropySettings(settings);
    this.#settings = settings;
    this.#arm();
  }

  /** Starts sessions now and at intervals until disposed of; then nothing is waited for any more. */
  start(): Disposable {
    this.#isRunning = true;
    this.#arm();
    this.round();
    return {
      [Symbol.dispose]: () => {
        this.#isRunning = false;
        this.#arm();
        this.#asked.clear();
        this.#wanted.clear();
      },
    };
  }

  /** One round now, unless it is switched off. */
  round(): void {
    const { view, options } = this.#parts;
    const { enabled, mode } = this.#settings;
    if (!enabled || !this.#isRunning) return;
    if (mode === "push") {
      for (const peer of view.sample(options.antiEntropyPeers, (candidate) => !this.#isBehind(candidate)))
        this.#push(peer);
      return;
    }
    for (const peer of view.sample(options.antiEntropyPeers, (candidate) => this.#asked.isAsking(candidate)))
      this.#ask(peer, mode === "push-pull");
  }

  /** Our ledger has grown. */
  grown(): void {
    this.#log.grown();
  }

  /** Whether a peer that holds the block has been asked for it a moment ago. */
  isComing(number: number): boolean {
    return this.#asked.isComing(number) || this.#wanted.isComing(number);
  }

  /** What a peer of the channel sends. @throws GossipError or ChainError where it is not to be believed. */
  receive(from: PeerId, message: EntropyMessage): void {
    switch (message.kind) {
      case "syn":
        return this.#receiveSyn(from, message);
      case "ack":
        return this.#receiveAck(from, message);
      case "ack2":
        return this.#receiveAck2(from, message);
      default:
        return message satisfies never;
    }
  }

  #arm(): void {
    const { clock, random } = this.#parts;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (!this.#isRunning || !this.#settings.enabled) return;
    this.#timer = every(
      clock,
      random,
      () => this.#settings.intervalMs,
      () => this.round(),
    );
  }

  /** Whether the peer has told a height, and would have told a greater one if it held what is pushed. */
  #isBehind(peer: PeerId): boolean {
    return (this.#parts.view.heightOf(peer) ?? Infinity) < this.#toldHeight();
  }

  /** What is above it is on its way to all, and would come twice. */
  #settledHeight(): number {
    return this.#log.heightAgo(this.#parts.options.advertDelayMs);
  }

  /** Who holds what is below it has had time to say so. */
  #toldHeight(): number {
    const { view, options } = this.#parts;
    const count = view.active().length + 1;
    const tellingMs = scaledIntervalMs(options.stateInfoIntervalMs, count, CHANGES_PEERS_AT_BASE);
    return this.#log.heightAgo(2 * (tellingMs + options.batchIntervalMs));
  }

  #push(peer: PeerId): void {
    const height = this.#parts.view.heightOf(peer) ?? 0;
    this.#give(peer, UNASKED, this.#held({ height, early: [] }, this.#toldHeight()));
  }

  #ask(peer: PeerId, gives: boolean): void {
    const { channel, view, intake, transport } = this.#parts;
    if (!this.#asked.hasRoom) return;
    const { digest, end } = intake.question(this.#settledHeight());
    const session = (this.#session % SESSIONS_MAX) + 1;
    this.#session = session;
    if (!transport.send(peer, { kind: "syn", channel, session, digest, end, gives })) return;
    const request = new BlockRequest(digest, end);
    this.#asked.add({ peer, session, request, height: view.heightOf(peer) ?? 0, isOwed: true, gives });
  }

  #receiveSyn(from: PeerId, { session, digest, end, gives }: Syn): void {
    const { channel, intake, server } = this.#parts;
    intake.told(from, digest);
    // The answer to the same question would be another one by now.
    if (this.#wanted.has(from, session) || !this.#budget.reserve(from)) return;
    const own = intake.question(this.#settledHeight());
    const ranges = server.held(new BlockRequest(digest, end), own.digest.height);
    const mayWant = gives && this.#settings.enabled;
    const wantsEnd = mayWant && this.#wants(from, session, own, digest) ? own.end : 0;
    const ack = { kind: "ack", channel, session, digest: own.digest, end: wantsEnd } as const;
    void this.#answer(from, ranges, (blocks) => ({ ...ack, blocks }));
  }

  /** Asks in turn, if the other holds what we lack. */
  #wants(
    peer: PeerId,
    session: number,
    own: { readonly digest: Digest; readonly end: number },
    { height, early }: Digest,
  ): boolean {
    const request = new BlockRequest(own.digest, own.end);
    const isOwed = request.firstBelow(height) !== undefined;
    if (!isOwed && !early.some((number) => request.asksFor(number))) return false;
    if (!this.#wanted.hasRoom) return false;
    this.#wanted.add({ peer, session, request, height, isOwed, gives: false });
    return true;
  }

  #receiveAck(from: PeerId, { session, digest, end, blocks }: Ack): void {
    const { view, intake, clock } = this.#parts;
    const question = this.#asked.take(from, session);
    if (blocks.length === 0) view.noteAnswer(clock.now() - question.askedMs);
    // What is early now is in the ledger's hands when the blocks before it have been taken in.
    // The other counts on what our digest had, which may be more than is settled.
    const height = Math.max(question.request.height, this.#settledHeight());
    const ranges = question.gives ? this.#parts.server.held(new BlockRequest(digest, end), height) : [];
    intake.takeAnswer(from, blocks, { ...question, height: digest.height });
    intake.told(from, digest);
    this.#give(from, session, ranges);
  }

  #receiveAck2(from: PeerId, { session, blocks }: Ack2): void {
    const { intake } = this.#parts;
    if (session === UNASKED) intake.takeUnasked(from, blocks);
    else intake.takeAnswer(from, blocks, this.#wanted.take(from, session));
  }

  #held(digest: Pick<Digest, "height" | "early">, end: number): readonly BlockRange[] {
    return this.#parts.server.held(new BlockRequest(digest, end), this.#settledHeight());
  }

  #give(peer: PeerId, session: number, ranges: readonly BlockRange[]): void {
    const { channel } = this.#parts;
    if (ranges.length === 0 || !this.#budget.reserve(peer)) return;
    void this.#answer(peer, ranges, (blocks) => ({ kind: "ack2", channel, session, blocks }));
  }

  /** Reads the blocks and sends them, one frame. Does not reject. */
  async #answer(
    peer: PeerId,
    ranges: readonly BlockRange[],
    messageOf: (blocks: readonly Uint8Array[]) => EntropyMessage,
  ): Promise<void> {
    const { server, transport, options } = this.#parts;
    let bytes = 0;
    try {
      const blocks = await server.blocksOf(ranges, options.antiEntropyBytesMax);
      bytes = blocks.reduce((sum, block) => sum + block.length, 0);
      transport.send(peer, messageOf(blocks));
    } catch {
      // It cannot be read. An answer without what our digest promises would be a lie; the asker turns to another.
    } finally {
      this.#budget.settle(peer, bytes);
    }
  }
}
