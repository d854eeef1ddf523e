import type { AnswerBudget, AnswerGrant } from "./answer-budget.ts";
import {
  antiEntropySettings,
  checkAntiEntropySettings,
  type AntiEntropySettings,
} from "./anti-entropy-settings.ts";
import { BlockRequest } from "./block-request.ts";
import type { BlockServer } from "../channel/block-server.ts";
import type { EntropyIntake } from "./entropy-intake.ts";
import { rateLimited } from "../errors.ts";
import { HeightLog } from "./height-log.ts";
import type { BlockRange, Digest, EntropyMessage } from "../wire/messages.ts";
import { OpenQuestions } from "./open-questions.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Random, Transport } from "../ports.ts";
import { every } from "../time.ts";
import { ToldLag } from "./told-lag.ts";

export interface AntiEntropyParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly server: BlockServer;
  /** What answers may cost. */
  readonly budget: AnswerBudget;
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
  /** What we have asked for in sessions of ours. */
  readonly #asked: OpenQuestions;
  /** What we have asked for in sessions of others. */
  readonly #wanted: OpenQuestions;
  readonly #log: HeightLog;
  readonly #lag: ToldLag;
  #settings: AntiEntropySettings;
  #session: number;
  #timer: Disposable | undefined;
  #isRunning = false;

  constructor(parts: AntiEntropyParts) {
    const { clock, options } = parts;
    this.#parts = parts;
    const { wantTimeoutMs, wantBytesPerSecondMin, antiEntropyBytesMax } = options;
    const dueMs = wantTimeoutMs + (1_000 * antiEntropyBytesMax) / wantBytesPerSecondMin;
    const onTimedOut = (peer: PeerId, error: Error) => {
      parts.view.scores.broken(peer, "digest");
      parts.onFailed(peer, error);
    };
    const waiting = { clock, timeoutMs: options.fetchTimeoutMs, dueMs, onTimedOut };
    this.#asked = new OpenQuestions(waiting);
    this.#wanted = new OpenQuestions(waiting);
    this.#log = new HeightLog(clock, parts.height);
    this.#lag = new ToldLag({ ...parts, log: this.#log });
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
      const isUpToDate = (candidate: PeerId) => this.#lag.of(candidate) === undefined;
      for (const peer of view.sample(options.antiEntropyPeers, isUpToDate)) this.#push(peer);
      return;
    }
    const trusted = new Set(view.scores.trusted(view.neighbours(), "digest"));
    const isOut = (peer: PeerId) =>
      this.#asked.isAsking(peer) || !trusted.has(peer) || !view.scores.isTrusted(peer, "source");
    for (const peer of view.sample(options.antiEntropyPeers, isOut)) this.#ask(peer, mode === "push-pull");
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

  /** What is above it is on its way to all, and would come twice. */
  #settledHeight(): number {
    return this.#log.heightAgo(this.#parts.options.advertDelayMs);
  }

  #push(peer: PeerId): void {
    const request = this.#lag.of(peer);
    if (request === undefined) return;
    this.#lag.pushed(peer);
    this.#give(peer, UNASKED, this.#parts.server.held(request, this.#settledHeight()));
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
    const { channel, intake, server, budget } = this.#parts;
    intake.told(from, digest);
    // The answer to the same question would be another one by now.
    if (this.#wanted.has(from, session)) return;
    const grant = budget.grant(from);
    if (grant === undefined) throw rateLimited(from);
    const own = intake.question(this.#settledHeight());
    const ranges = server.held(new BlockRequest(digest, end), own.digest.height);
    const mayWant = gives && this.#settings.enabled;
    const wantsEnd = mayWant && this.#wants(from, session, own, digest) ? own.end : 0;
    const ack = { kind: "ack", channel, session, digest: own.digest, end: wantsEnd } as const;
    void this.#answer(from, { ranges, grant }, (blocks) => ({ ...ack, blocks }));
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
    view.scores.kept(from, "digest");
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

  #give(peer: PeerId, session: number, ranges: readonly BlockRange[]): void {
    const { channel } = this.#parts;
    const grant = ranges.length === 0 ? undefined : this.#parts.budget.grant(peer);
    if (grant === undefined) return;
    void this.#answer(peer, { ranges, grant }, (blocks) => ({ kind: "ack2", channel, session, blocks }));
  }

  /** Reads the blocks and sends them, one frame. Does not reject. */
  async #answer(
    peer: PeerId,
    { ranges, grant }: { readonly ranges: readonly BlockRange[]; readonly grant: AnswerGrant },
    messageOf: (blocks: readonly Uint8Array[]) => EntropyMessage,
  ): Promise<void> {
    const { server, transport, budget } = this.#parts;
    let bytes = 0;
    try {
      const blocks = await server.blocksOf(ranges, grant.bytesMax);
      bytes = blocks.reduce((sum, block) => sum + block.length, 0);
      transport.send(peer, messageOf(blocks));
    } catch {
      // It cannot be read. An answer without what our digest promises would be a lie; the asker turns to another.
    } finally {
      budget.settle(peer, grant, bytes);
    }
  }
}
