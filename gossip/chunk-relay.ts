import { Block } from "../chain/block.ts";
import { ChainError } from "../chain/errors.ts";
import { Assembly } from "./assembly.ts";
import type { ReceivedBlock } from "./block-buffer.ts";
import type { BlockIntake } from "./block-intake.ts";
import { isNear } from "./chunk-plan.ts";
import { missingLanes, sendChunks } from "./chunk-source.ts";
import { CutBlock } from "./cut-block.ts";
import { cutOf, isParity, type Cut } from "./cut.ts";
import { GossipError } from "./errors.ts";
import type { ChunkMessage, CutId, CutNotice, Message } from "./messages.ts";
import type { GossipOptions } from "./options.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, ErasureCode, Keyring, PeerId, Transport } from "./ports.ts";
import { shortId, gridWidth } from "./relay-grid.ts";
import { SPREAD_NONE, spreadTargets, type Spread } from "./spread.ts";
import { isSigned } from "./statements.ts";

export interface ChunkRelayParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly intake: BlockIntake;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
  /** Takes in a block that has been put together. @throws ChainError where it is bad. */
  readonly offer: (received: ReceivedBlock) => void;
  /** Whether the peer is known to hold the block. */
  readonly holds: (peer: PeerId, cut: Cut) => boolean;
  /** The peer is sending what is here already. */
  readonly onNotNeeded: (peer: PeerId, cut: Cut) => void;
  /** The peer has made a chunk or a cut that is none. */
  readonly onLie: (peer: PeerId, error: GossipError) => void;
  /** The chunks have stopped coming; the block must come by another way. */
  readonly onGivenUp: (number: number) => void;
}

/** A block on its way in chunks, or one that is here and whose chunks are still relayed. */
interface Incoming {
  readonly assembly: Assembly;
  /** Who is known to know the cut. */
  readonly informed: Set<PeerId>;
  /** Chunks that were passed on. */
  readonly relayed: Set<string>;
  /** Those who say that they hold the block, not asked yet. */
  readonly holders: Set<PeerId>;
  state: "coming" | "here" | "given-up";
  readonly sinceMs: number;
  progressMs: number;
  attempts: number;
  timer: Disposable | undefined;
  /** How often each peer was sent what it lacks. */
  readonly answered: Map<PeerId, number>;
}

/** Blocks in chunks that are remembered, and how many of one cutter may be on their way. */
const INCOMING_MAX = 128;
const INCOMING_OF_CUTTER_MAX = 32;

/**
 * Chunks are waited for so long after the last one, or as long as they have been coming. Between near peers chunks are
 * few and large, and what makes them pause is a busy machine.
 */
const PATIENCE_MS = 250;
const NEAR_PATIENCE_MS = 1_000;
const PATIENCE_MS_MAX = 2_000;

/** How often missing chunks are asked for before the block is fetched by another way. */
const ATTEMPTS_MAX = 5;

/** How often one peer is sent what it lacks of one block. */
const ANSWERS_MAX = 4;

/** A block whose cutter has lied about it is no reason to believe the next one; for a minute. */
const LIAR_PAUSE_MS = 60_000;

/**
 * The receivers' side of the fast path: each peer puts the block together from chunks that different relays send it,
 * and passes on, verified, those that the cutter gave to it. What does not come is asked for: of a peer that says
 * that it holds the block, else of the cutter, whom it tells so which relays are silent.
 */
export class ChunkRelay {
  readonly #parts: ChunkRelayParts;
  /** By number, then by cutter: nobody can stand in another's way. */
  readonly #incoming = new Map<string, Incoming>();
  readonly #byCut = new Map<CutId, Incoming>();
  /** Those of them that are not whole. */
  readonly #coming = new Set<Incoming>();
  readonly #liars = new Map<PeerId, number>();

  constructor(parts: ChunkRelayParts) {
    this.#parts = parts;
  }

  /** Whether the cut has been told of. */
  knows(cut: CutId): boolean {
    return this.#byCut.has(cut);
  }

  /** Whether the block is on its way in chunks. */
  isComing(number: number): boolean {
    for (const { assembly } of this.#coming) if (assembly.cut.number === number) return true;
    return false;
  }

  /** Bytes of chunks of blocks that are not whole. */
  get bytes(): number {
    let bytes = 0;
    for (const { assembly } of this.#coming) bytes += assembly.bytes;
    return bytes;
  }

  /** A peer says how a block is cut. @throws GossipError `BAD_SIGNATURE`, `BROKEN_PROMISE`, `MALFORMED_MESSAGE`. */
  receiveCut(from: PeerId, notice: CutNotice): void {
    const cutter = notice.cutter ?? from;
    const cut = cutOf(notice.statement, cutter);
    const known = this.#byCut.get(cut.id);
    if (known !== undefined) return void known.informed.add(from);
    if (!this.#isWelcome(cut)) return;
    const same = this.#incoming.get(nameOf(cut));
    if (same !== undefined && !isParity(cut)) {
      throw new GossipError("BROKEN_PROMISE", `${cutter} has cut block ${cut.number} twice`);
    }
    if (!isSigned({ ...cut, kind: "cut", peer: cutter }, notice.statement, this.#parts.keyring))
      throw new GossipError("BAD_SIGNATURE", `a cut that ${cutter} did not sign`);
    if (same === undefined) {
      if (!isParity(cut)) this.#begin(cut, from);
    } else if (same.assembly.addParity(cut)) {
      this.#byCut.set(cut.id, same);
      same.informed.add(from);
    }
  }

  /** @throws GossipError `BAD_CHUNK` where the chunk is none, `BROKEN_PROMISE` where the sender may not spread it so. */
  receiveChunk(from: PeerId, message: ChunkMessage): void {
    const incoming = this.#byCut.get(message.cut);
    if (incoming === undefined) return;
    const { assembly } = incoming;
    const { cut } = assembly;
    incoming.informed.add(from);
    this.#checkSpread(from, cut, message.spread);
    const isOverFull =
      incoming.state === "coming" && this.bytes + message.data.length > this.#parts.options.windowBytesMax;
    const outcome = isOverFull ? "unproven" : assembly.add(message);
    if (outcome === "unproven") return;
    if (incoming.state === "here" && message.spread.step === "none") this.#parts.onNotNeeded(from, cut);
    this.#relay(from, incoming, message);
    if (outcome !== "new" || incoming.state !== "coming") return;
    incoming.progressMs = this.#parts.clock.now();
    if (assembly.isComplete) return this.#finish(incoming);
    // From here on the chunks' own pace says how long to wait.
    if (assembly.count === 1) this.#watch(incoming);
  }

  /** A peer lacks chunks of a block that somebody else has cut. */
  async receiveWant(
    from: PeerId,
    want: Message & { kind: "chunk-want" },
    read: (number: number) => Promise<Block>,
  ): Promise<void> {
    const incoming = this.#byCut.get(want.cut);
    const answers = incoming?.answered.get(from) ?? 0;
    if (incoming?.state !== "here" || answers >= ANSWERS_MAX) return;
    incoming.answered.set(from, answers + 1);
    const { cut } = incoming.assembly;
    const block = this.#parts.intake.inMemory(cut.number) ?? (await read(cut.number));
    if (block.hash !== cut.hash) return;
    const chunks = CutBlock.of(block.bytes, cut);
    sendChunks(chunks, from, missingLanes(chunks, want.present), this.#parts.transport);
  }

  /** A peer says that it holds the block. */
  noteHolder(peer: PeerId, number: number): void {
    for (const { assembly, holders } of this.#coming) {
      if (assembly.cut.number === number && holders.size < HOLDERS_MAX) holders.add(peer);
    }
  }

  /** The block has come, by whatever way: no more of it is asked for. */
  settle(number: number): void {
    for (const incoming of this.#coming) {
      if (incoming.assembly.cut.number !== number) continue;
      this.#end(incoming, "here");
      incoming.assembly.release();
    }
  }

  /** Waits for nothing any more. */
  stop(): void {
    for (const { timer } of this.#incoming.values()) timer?.[Symbol.dispose]();
    this.#incoming.clear();
    this.#byCut.clear();
    this.#coming.clear();
  }

  #isWelcome(cut: Cut): boolean {
    const { intake, channel, options, clock, keyring } = this.#parts;
    if (cut.channel !== channel || cut.cutter === keyring.self || cut.blockBytes > options.blockBytesMax)
      return false;
    if ((this.#liars.get(cut.cutter) ?? 0) > clock.now()) return false;
    if (cut.number >= intake.windowEnd || cut.number + RELAYED_BLOCKS < intake.next) return false;
    const ofCutter = [...this.#coming].filter(({ assembly }) => assembly.cut.cutter === cut.cutter);
    return ofCutter.length < INCOMING_OF_CUTTER_MAX;
  }

  #begin(cut: Cut, from: PeerId): void {
    const nowMs = this.#parts.clock.now();
    const incoming: Incoming = {
      assembly: new Assembly(cut),
      informed: new Set([from, cut.cutter]),
      relayed: new Set(),
      holders: new Set(),
      state: this.#parts.intake.isHere(cut.number) ? "here" : "coming",
      sinceMs: nowMs,
      progressMs: nowMs,
      attempts: 0,
      timer: undefined,
      answered: new Map(),
    };
    this.#incoming.set(nameOf(cut), incoming);
    this.#byCut.set(cut.id, incoming);
    this.#forgetOldest();
    if (incoming.state !== "coming") return incoming.assembly.release();
    this.#coming.add(incoming);
    this.#watch(incoming);
  }

  #relay(from: PeerId, incoming: Incoming, message: ChunkMessage): void {
    const { view, keyring, transport, holds } = this.#parts;
    const { assembly, relayed, informed } = incoming;
    const place = `${message.lane} ${message.round}`;
    if (message.spread.step === "none" || relayed.has(place)) return;
    relayed.add(place);
    const { cut } = assembly;
    // The heads of a grid tell their lines, and so everybody; where all are linked to all, the cutter does it.
    const isTold = message.spread.step !== "row-then-columns" && message.spread.step !== "column-then-rows";
    const notice: CutNotice = {
      kind: "cut",
      channel: cut.channel,
      cutter: cut.cutter,
      statement: cut.signed,
    };
    const served = new Set(message.served);
    for (const { peers, spread } of spreadTargets(keyring.self, view, message.spread)) {
      const copy: ChunkMessage = { ...message, spread, served: [] };
      for (const peer of peers) {
        if (peer === from || peer === cut.cutter || holds(peer, cut) || served.has(shortId(peer))) continue;
        if (!isTold && !informed.has(peer)) transport.send(peer, notice);
        if (!isTold) informed.add(peer);
        transport.send(peer, copy);
      }
    }
  }

  /** One chunk must not make more than its share: only the cutter may have it sent to all, others along one line. */
  #checkSpread(from: PeerId, cut: Cut, { step, width }: Spread): void {
    if (step === "none") return;
    const isByCutter = from === cut.cutter;
    const widthMax = 2 * gridWidth(this.#parts.view.active().length + 1) + 2;
    const isLine = step === "row" || step === "column";
    if ((isByCutter || isLine) && width <= widthMax) return;
    throw new GossipError("BROKEN_PROMISE", `${from} may not have a chunk of ${cut.cutter} spread so`);
  }

  #finish(incoming: Incoming): void {
    const { assembly } = incoming;
    const { cut } = assembly;
    this.#end(incoming, "here");
    const bytes = assembly.assemble(this.#parts.code);
    assembly.release();
    try {
      const block = bytes && Block.parse(bytes);
      if (block?.number !== cut.number || block.hash !== cut.hash) throw badCut(cut);
      this.#parts.offer({ block, from: cut.cutter, origin: "chunks", spread: SPREAD_NONE });
    } catch (error) {
      if (error instanceof ChainError && error.code !== "BROKEN_LINK")
        this.#lied(incoming, badCut(cut, error));
      else if (error instanceof GossipError && error.code === "BAD_CUT") this.#lied(incoming, error);
    }
  }

  #lied(incoming: Incoming, error: GossipError): void {
    const { cut } = incoming.assembly;
    if (this.#liars.size < INCOMING_MAX) this.#liars.set(cut.cutter, this.#parts.clock.now() + LIAR_PAUSE_MS);
    this.#parts.onLie(cut.cutter, error);
    incoming.state = "given-up";
    this.#parts.onGivenUp(cut.number);
  }

  #watch(incoming: Incoming): void {
    const { view, clock, options } = this.#parts;
    incoming.timer?.[Symbol.dispose]();
    const { assembly, sinceMs, progressMs } = incoming;
    const lastMs = Math.max(progressMs, sinceMs);
    const comingMs = progressMs - sinceMs;
    const patienceMs =
      assembly.count === 0
        ? options.wantTimeoutMs
        : Math.min(Math.max(isNear(view) ? NEAR_PATIENCE_MS : PATIENCE_MS, comingMs), PATIENCE_MS_MAX);
    const delayMs = lastMs + patienceMs - clock.now();
    if (delayMs <= 0) return this.#stalled(incoming);
    incoming.timer = clock.schedule(delayMs, () => this.#watch(incoming));
  }

  #stalled(incoming: Incoming): void {
    const { channel, transport, clock, options } = this.#parts;
    const { assembly, holders } = incoming;
    const { cut } = assembly;
    if (incoming.attempts++ >= ATTEMPTS_MAX) {
      this.#end(incoming, "given-up");
      assembly.release();
      return this.#parts.onGivenUp(cut.number);
    }
    const [holder] = incoming.attempts === 1 ? [] : holders;
    if (holder !== undefined) holders.delete(holder);
    transport.send(holder ?? cut.cutter, {
      kind: "chunk-want",
      channel,
      cut: cut.id,
      present: assembly.present(),
    });
    incoming.progressMs = clock.now();
    incoming.timer = clock.schedule(options.wantTimeoutMs, () => this.#watch(incoming));
  }

  #end(incoming: Incoming, state: "here" | "given-up"): void {
    incoming.timer?.[Symbol.dispose]();
    incoming.timer = undefined;
    incoming.state = state;
    this.#coming.delete(incoming);
  }

  #forgetOldest(): void {
    for (const [name, incoming] of this.#incoming) {
      if (this.#incoming.size <= INCOMING_MAX) break;
      this.#end(incoming, "given-up");
      this.#incoming.delete(name);
      for (const id of incoming.assembly.cutIds()) this.#byCut.delete(id);
    }
  }
}

/** Chunks of blocks that are so many behind the newest are still relayed. */
const RELAYED_BLOCKS = 8;

const HOLDERS_MAX = 16;

function nameOf(cut: Cut): string {
  return `${cut.number} ${cut.cutter}`;
}

function badCut(cut: Cut, cause?: Error): GossipError {
  return new GossipError("BAD_CUT", `what ${cut.cutter} has cut is not block ${cut.number}`, { cause });
}
