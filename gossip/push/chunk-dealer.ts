import type { PeerView } from "../channel/peer-view.ts";
import type { PeerId, Transport } from "../ports.ts";
import type { CutNotice } from "../wire/messages.ts";
import { chunkMessage, cutNotice } from "./chunk-messages.ts";
import { reachEverybody, type LaneHead } from "./chunk-plan.ts";
import type { CutChunks } from "./cut-block.ts";
import { roundsOf } from "./cut.ts";
import { shortId } from "./relay-grid.ts";
import type { StandIn } from "./stand-ins.ts";

export interface ChunkDealerParts {
  readonly view: Pick<PeerView, "active">;
  readonly transport: Transport;
}

/** Tells of a cut, and gives its chunks to the relays of their lanes. */
export class ChunkDealer {
  readonly #parts: ChunkDealerParts;

  constructor(parts: ChunkDealerParts) {
    this.#parts = parts;
  }

  /** Those who cannot hear of the cut from these heads are told of it here. Returns to whom it could not be sent. */
  tell({ cut }: CutChunks, heads: readonly LaneHead[]): readonly PeerId[] {
    const { view, transport } = this.#parts;
    const peers = reachEverybody(heads) ? view.active() : [...new Set(heads.map(({ peer }) => peer))];
    // Its cutter is who sends it.
    const notice: CutNotice = { ...cutNotice(cut), cutter: undefined };
    return peers.filter((peer) => !transport.send(peer, notice));
  }

  /**
   * Lane after lane in each round, so that every relay has something to do as soon as can be. The last relays to begin
   * would be the last to end: in the last round we serve some peers in their place.
   */
  deal(
    chunks: CutChunks,
    firstLane: number,
    heads: readonly LaneHead[],
    own: readonly (readonly PeerId[])[] = [],
  ): void {
    const { transport } = this.#parts;
    const lastRound = roundsOf(chunks.cut) - 1;
    for (let round = 0; round <= lastRound; round++) {
      for (const [index, { peer, spread }] of heads.entries()) {
        const message = chunkMessage(chunks, firstLane + index, round, round === 0);
        const served = round === lastRound ? (own[index] ?? []) : [];
        transport.send(peer, { ...message, spread, served: served.map(shortId) });
      }
    }
    for (const [index, peers] of own.entries()) {
      const message = chunkMessage(chunks, firstLane + index, lastRound, true);
      for (const peer of peers) transport.send(peer, message);
    }
  }

  /** Gives a lane to these in place of the relay that had it. */
  dealAgain(chunks: CutChunks, lane: number, relays: readonly StandIn[]): void {
    const { transport } = this.#parts;
    for (const { head } of relays) if (!reachEverybody([head])) this.tell(chunks, [head]);
    for (let round = 0; round < roundsOf(chunks.cut); round++) {
      const message = chunkMessage(chunks, lane, round, round === 0);
      for (const { head, served } of relays)
        transport.send(head.peer, { ...message, spread: head.spread, served });
    }
  }
}
