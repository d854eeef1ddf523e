import type { PeerView } from "../channel/peer-view.ts";
import { GossipError } from "../errors.ts";
import type { ChannelId, Clock, PeerId, Transport } from "../ports.ts";
import { ARRIVALS_MAX, type Arrival } from "./arrival.ts";
import { ToldArrivals } from "./told-arrivals.ts";

export interface JourneySurveyParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  /** How many blocks are in the ledger. */
  readonly height: () => number;
}

/** What a peer was asked last. */
interface Question {
  readonly first: number;
  readonly atMs: number;
  readonly isAnswered: boolean;
}

/** An answer that is waited for. */
interface Wait {
  readonly timer: Disposable;
  readonly over: PromiseWithResolvers<void>;
}

/** A whole survey takes no longer. */
const SURVEY_MS = 1_000;
/** One answer is waited for so long, and then the next peer asked; what comes later is still taken in. */
const ANSWER_MS = 400;
/** The same peer is not asked again sooner, however many look. */
const ASK_INTERVAL_MS = 500;
const ASKED_AT_A_TIME = 8;
/** Whom a survey covers: a picture of more shows nothing to anybody. */
const PEERS_MAX = 100;

/**
 * Asks the channel's other peers how blocks came to them, while somebody wants to know: only for what they have not
 * said yet, a few at a time. What they say is their word.
 */
export class JourneySurvey {
  readonly #parts: JourneySurveyParts;
  readonly #told = new Map<PeerId, ToldArrivals>();
  readonly #asked = new Map<PeerId, Question>();
  readonly #waits = new Map<PeerId, Wait>();
  #isStopped = false;

  constructor(parts: JourneySurveyParts) {
    this.#parts = parts;
  }

  /** Asks for blocks from `first` on; resolves when all have answered, within a second at most. */
  async ask(first: number): Promise<void> {
    const { view, clock } = this.#parts;
    this.#forgetStrangers();
    const waiting = view.active().slice(0, PEERS_MAX);
    const over = Promise.withResolvers<void>();
    const timer = clock.schedule(SURVEY_MS, over.resolve);
    const askInTurn = async () => {
      for (let peer = waiting.shift(); peer !== undefined; peer = waiting.shift())
        await this.#askOne(peer, first);
    };
    const all = Promise.all(Array.from({ length: ASKED_AT_A_TIME }, askInTurn));
    await Promise.race([all, over.promise]);
    waiting.length = 0;
    timer[Symbol.dispose]();
  }

  /** What a peer has said of the blocks from `first` on, lowest first. */
  told(peer: PeerId, first: number): readonly Arrival[] {
    return this.#told.get(peer)?.from(first) ?? [];
  }

  /** @throws GossipError `UNSOLICITED` where the peer was not asked, or has answered. */
  receive(from: PeerId, arrivals: readonly Arrival[]): void {
    const asked = this.#asked.get(from);
    if (asked === undefined || asked.isAnswered)
      throw new GossipError("UNSOLICITED", `${from} tells of arrivals unasked`);
    this.#asked.set(from, { ...asked, isAnswered: true });
    const told = this.#told.get(from) ?? new ToldArrivals();
    this.#told.set(from, told);
    // It may be ahead of us, by no more than is kept.
    told.add(asked.first, this.#parts.height() + ARRIVALS_MAX, arrivals);
    this.#settle(from);
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#isStopped = true;
    for (const peer of this.#waits.keys()) this.#settle(peer);
  }

  async #askOne(peer: PeerId, wanted: number): Promise<void> {
    const { channel, transport, clock, height } = this.#parts;
    const waited = this.#waits.get(peer);
    if (waited !== undefined) return waited.over.promise;
    const first = this.#told.get(peer)?.missing(wanted) ?? wanted;
    const isJustAsked = clock.now() - (this.#asked.get(peer)?.atMs ?? -Infinity) < ASK_INTERVAL_MS;
    if (first >= height() || isJustAsked || this.#isStopped) return;
    const over = Promise.withResolvers<void>();
    const timer = clock.schedule(ANSWER_MS, () => this.#settle(peer));
    this.#waits.set(peer, { timer, over });
    this.#asked.set(peer, { first, atMs: clock.now(), isAnswered: false });
    transport.send(peer, { kind: "journey-question", channel, first });
    return over.promise;
  }

  #settle(peer: PeerId): void {
    const wait = this.#waits.get(peer);
    this.#waits.delete(peer);
    wait?.timer[Symbol.dispose]();
    wait?.over.resolve();
  }

  /** What the dead have said is kept until they are forgotten. */
  #forgetStrangers(): void {
    const { view } = this.#parts;
    const lost = new Set(view.lost());
    for (const kept of [this.#told, this.#asked])
      for (const peer of kept.keys()) if (!view.isMember(peer) && !lost.has(peer)) kept.delete(peer);
  }
}
