import type { PeerView } from "../channel/peer-view.ts";
import type { Clock, PeerId } from "../ports.ts";
import { Timers } from "../timers.ts";
import type { ChunkDealer } from "./chunk-dealer.ts";
import type { SentBlock } from "./sent-block.ts";

export interface LostRelaysParts {
  readonly view: Pick<PeerView, "active" | "isMember">;
  readonly clock: Clock;
}

/** Several are often lost together: another that is lost must not stand in. */
const LOST_GATHER_MS = 10;

/** For so long after it was sent a block may still be on its way to those who have not asked for anything. */
const UNDERWAY_MS = 500;

/**
 * Relays that are out of reach while a block is on its way: others are given what they had been given, before anybody has
 * to ask. Each time that costs a lane at most, which a relay that stays silent costs as well.
 */
export class LostRelays {
  readonly #parts: LostRelaysParts;
  readonly #dealer: ChunkDealer;
  readonly #sent: () => Iterable<SentBlock>;
  readonly #lost = new Set<PeerId>();
  readonly #timers: Timers;

  /** @param sent the blocks that were cut here lately. */
  constructor(parts: LostRelaysParts, dealer: ChunkDealer, sent: () => Iterable<SentBlock>) {
    this.#parts = parts;
    this.#dealer = dealer;
    this.#sent = sent;
    this.#timers = new Timers(parts.clock);
  }

  /** The peer is out of reach. */
  lost(relay: PeerId): void {
    this.#lost.add(relay);
    if (this.#lost.size === 1) this.#timers.after(LOST_GATHER_MS, () => this.#replaceAll());
  }

  /** Who is in the channel has changed: nobody takes anything from relays that have left it. */
  membershipChanged(): void {
    const { view } = this.#parts;
    for (const { record } of this.#underway())
      for (const relay of record.relays()) if (!view.isMember(relay)) this.lost(relay);
  }

  /** Gives nothing to anybody any more. */
  stop(): void {
    this.#timers[Symbol.dispose]();
  }

  #replaceAll(): void {
    const lost = [...this.#lost];
    this.#lost.clear();
    for (const sent of this.#underway()) this.#replace(sent, lost);
  }

  #underway(): readonly SentBlock[] {
    const sinceMs = this.#parts.clock.now() - UNDERWAY_MS;
    return [...this.#sent()].filter((sent) => sent.sinceMs > sinceMs);
  }

  #replace({ block, record, standIns }: SentBlock, lost: readonly PeerId[]): void {
    const lanes = new Set(lost.flatMap((peer) => [...record.lanesOf(peer), ...standIns.lanesOf(peer)]));
    standIns.lost(lost);
    for (const lane of lanes) {
      const relays = standIns.take(lane, this.#parts.view.active(), lanes.size);
      const [first] = relays;
      if (first === undefined) return;
      record.give(lane, first.head.peer);
      this.#dealer.dealAgain(block, lane, relays);
    }
  }
}
