import type { AnswerBudget } from "../catch-up/answer-budget.ts";
import { cutNotice } from "./chunk-messages.ts";
import type { Cut } from "./cut.ts";
import type { IncomingBlock } from "./incoming-block.ts";
import type { ChunkMessage } from "../wire/messages.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { Clock, Keyring, PeerId, Transport } from "../ports.ts";
import { shortId } from "./relay-grid.ts";
import { spreadTargets } from "./spread.ts";
import { takersOf, TakerWatch } from "./taker-watch.ts";
import { UnhurriedSends } from "./unhurried-sends.ts";

export interface ChunkForwarderParts {
  readonly view: PeerView;
  /** What answers may cost. */
  readonly budget: AnswerBudget;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Whether the peer is known to hold the block. */
  readonly holds: (peer: PeerId, cut: Cut) => boolean;
}

/** Whom a relay tells of a cut again: so many places behind it in the order of the ids. */
const REPEATED_TO = [1, 2] as const;

/** What of one block is not sent yet. */
interface HeldBack {
  /** Who is served later, of this block. */
  readonly takers: Set<PeerId>;
  readonly copies: Map<PeerId, ChunkMessage[]>;
}

/**
 * Passes on the chunks that were given to us for that. Peers that pass nothing on themselves are sent theirs when the
 * block is whole here, and so the others have had what they need of us: where most are such, our uplink would be theirs.
 */
export class ChunkForwarder {
  readonly #parts: ChunkForwarderParts;
  readonly #takers: TakerWatch;
  /** Of blocks that are not whole. */
  readonly #heldBack = new Map<IncomingBlock, HeldBack>();
  readonly #unhurried: UnhurriedSends;

  constructor(parts: ChunkForwarderParts) {
    this.#parts = parts;
    this.#unhurried = new UnhurriedSends(parts.clock);
    this.#takers = new TakerWatch(parts.clock);
  }

  /** A chunk that is proven: it is passed on as it says, once. */
  forward(from: PeerId, incoming: IncomingBlock, message: ChunkMessage): void {
    const { view, keyring, transport, holds, budget } = this.#parts;
    const { cut } = incoming.assembly;
    const { step } = message.spread;
    if (from !== cut.cutter) this.#gave(from, incoming);
    if (step === "none" || !incoming.relaysNow(message.lane, message.round)) return;
    budget.passingOn();
    // The heads of a grid tell their lines, and so everybody; where all are linked to all, the cutter does it.
    const isTold = step !== "row-then-columns" && step !== "column-then-rows";
    if (isTold) this.#repeatCuts(incoming);
    const served = new Set(message.served);
    for (const { peers, spread } of spreadTargets(keyring.self, view, message.spread)) {
      const copy: ChunkMessage = { ...message, spread, served: [] };
      for (const peer of peers) {
        if (peer === from || peer === cut.cutter || holds(peer, cut) || served.has(shortId(peer))) continue;
        if (!isTold) this.#tell(peer, incoming);
        if (step === "everybody" && this.#isServedLater(peer, incoming)) this.#holdBack(peer, incoming, copy);
        else transport.send(peer, copy);
      }
    }
  }

  /** Chunks have stopped coming. What was held back is sent; who has given nothing so far is served later from here on. */
  stalled(incoming: IncomingBlock): void {
    for (const [peer, messages] of this.#take(incoming)) this.#send(peer, incoming, messages);
    const takers = this.#takersOf(incoming);
    if (takers.size > 0) this.#heldBack.set(incoming, { takers, copies: new Map() });
  }

  /** The block has come whole, and is good: who has given nothing of it is served later from here on. */
  whole(incoming: IncomingBlock): void {
    this.#takers.note(this.#takersOf(incoming), this.#parts.view.active());
  }

  /** What was held back is sent bit by bit. To be called when the block has come or is not waited for any more. */
  release(incoming: IncomingBlock): void {
    for (const [peer, messages] of this.#take(incoming))
      for (const message of messages) this.#unhurried.add(() => this.#send(peer, incoming, [message]));
  }

  /** Sends nothing more. */
  stop(): void {
    this.#heldBack.clear();
    this.#unhurried.stop();
  }

  #take(incoming: IncomingBlock): ReadonlyMap<PeerId, readonly ChunkMessage[]> {
    const { copies = new Map() } = this.#heldBack.get(incoming) ?? {};
    this.#heldBack.delete(incoming);
    return copies;
  }

  #gave(peer: PeerId, incoming: IncomingBlock): void {
    this.#takers.gave(peer);
    const { takers, copies } = this.#heldBack.get(incoming) ?? {};
    takers?.delete(peer);
    this.#send(peer, incoming, copies?.get(peer) ?? []);
    copies?.delete(peer);
  }

  #send(peer: PeerId, { assembly }: IncomingBlock, messages: readonly ChunkMessage[]): void {
    const { transport, holds } = this.#parts;
    for (const message of messages) if (!holds(peer, assembly.cut)) transport.send(peer, message);
  }

  /** Parity means that links lose: who has lost a cut can make nothing of the chunks, and hears of it from two relays. */
  #repeatCuts(incoming: IncomingBlock): void {
    const { view, keyring, transport } = this.#parts;
    const cuts = incoming.assembly.cuts();
    if (cuts.length === 1 || !incoming.repeatsNow(cuts.length)) return;
    const ring = [...view.active(), keyring.self].sort();
    const place = ring.indexOf(keyring.self);
    for (const step of REPEATED_TO)
      for (const cut of cuts)
        transport.send(ring[(place + step) % ring.length] ?? cut.cutter, cutNotice(cut));
  }

  #tell(peer: PeerId, { assembly, informed }: IncomingBlock): void {
    if (informed.has(peer)) return;
    informed.add(peer);
    this.#parts.transport.send(peer, cutNotice(assembly.cut));
  }

  #isServedLater(peer: PeerId, incoming: IncomingBlock): boolean {
    if (incoming.state !== "coming") return false;
    return this.#takers.has(peer) || this.#heldBack.get(incoming)?.takers.has(peer) === true;
  }

  #holdBack(peer: PeerId, incoming: IncomingBlock, message: ChunkMessage): void {
    const heldBack = this.#heldBack.get(incoming) ?? { takers: new Set(), copies: new Map() };
    this.#heldBack.set(incoming, heldBack);
    const copies = heldBack.copies.get(peer) ?? [];
    heldBack.copies.set(peer, copies);
    copies.push(message);
  }

  #takersOf({ assembly, informed }: IncomingBlock): Set<PeerId> {
    return takersOf(this.#parts.view.active(), assembly.cut.lanes, informed);
  }
}
