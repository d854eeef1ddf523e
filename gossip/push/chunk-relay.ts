import { Block } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { AnswerBudget } from "../catch-up/answer-budget.ts";
import type { ReceivedBlock } from "../channel/block-buffer.ts";
import type { BlockIntake } from "../channel/block-intake.ts";
import { ChunkForwarder } from "./chunk-forwarder.ts";
import { ChunkHelpers } from "./chunk-helpers.ts";
import { isNear } from "./chunk-plan.ts";
import { missingLanes, sendChunks } from "./chunk-messages.ts";
import { CutBlock } from "./cut-block.ts";
import { cutOf, isParity, roundsOf, type Cut } from "./cut.ts";
import type { Lack } from "./lack.ts";
import { GossipError, rateLimited } from "../errors.ts";
import { IncomingBlock } from "./incoming-block.ts";
import type { ChunkMessage, CutId, CutNotice, Message } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, ErasureCode, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { gridWidth } from "./relay-grid.ts";
import { SPREAD_NONE, type Spread } from "./spread.ts";
import { isSigned } from "../wire/statements.ts";

export interface ChunkRelayParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly intake: BlockIntake;
  /** What answers may cost. */
  readonly budget: AnswerBudget;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
  /** Reads a block that is not in memory any more. */
  readonly read: (number: number) => Promise<Block>;
  /** Takes in a block that has been put together. @throws ChainError where it is bad. */
  readonly offer: (received: ReceivedBlock) => void;
  /** Whether the peer is known to hold the block. */
  readonly holds: (peer: PeerId, cut: Cut) => boolean;
  /** The peer is sending what is here already. */
  readonly onNotNeeded: (peer: PeerId, cut: Cut) => void;
  /** The cutter has made a chunk or a cut that is none. */
  readonly onLie: (cut: Cut, error: GossipError) => void;
  /** A block begins to come in chunks; who has told of it. */
  readonly onComing: (from: PeerId, number: number) => void;
  /** Somebody has cut another block of a number that is here. */
  readonly onOtherCut: (cut: Cut) => void;
  /** The chunks have stopped coming; the block must come by another way. */
  readonly onGivenUp: (number: number) => void;
}

/** Blocks in chunks that are remembered, and how many of one cutter may be on their way. */
const INCOMING_MAX = 128;
const INCOMING_OF_CUTTER_MAX = 32;

/** A block whose cutter has lied about it is no reason to believe the next one; for a minute. */
const LIAR_PAUSE_MS = 60_000;

/**
 * The receivers' side of the fast path: each peer puts the block together from chunks that different relays send it,
 * and passes on, verified, those that the cutter gave to it. What does not come is asked for: of a peer that says
 * that it holds the block, else of the cutter, whom it tells so which relays are silent.
 */
export class ChunkRelay {
  readonly #parts: ChunkRelayParts;
  /** By number, then by cutter and its life: nobody can stand in another's way, nor in that of his later self. */
  readonly #incoming = new Map<string, IncomingBlock>();
  readonly #byCut = new Map<CutId, IncomingBlock>();
  /** Those of them that are not whole. */
  readonly #coming = new Set<IncomingBlock>();
  readonly #liars = new Map<PeerId, number>();
  readonly #forwarder: ChunkForwarder;
  readonly #helpers: ChunkHelpers;

  constructor(parts: ChunkRelayParts) {
    this.#parts = parts;
    this.#forwarder = new ChunkForwarder(parts);
    this.#helpers = new ChunkHelpers(parts);
  }

  /** Whether the cut has been told of. */
  knows(cut: CutId): boolean {
    return this.#byCut.has(cut);
  }

  /** Whether the block is on its way in chunks, and need not be asked for otherwise. */
  isComing(number: number): boolean {
    for (const { assembly, isPromising } of this.#coming)
      if (isPromising && assembly.cut.number === number) return true;
    return false;
  }

  /** Bytes of chunks of blocks that are not whole. */
  get bytes(): number {
    let bytes = 0;
    for (const { assembly } of this.#coming) bytes += assembly.bytes;
    return bytes;
  }

  /** A peer says how a block is cut. @throws GossipError `BAD_SIGNATURE`, `MALFORMED_MESSAGE`. */
  receiveCut(from: PeerId, notice: CutNotice): void {
    const cutter = notice.cutter ?? from;
    const cut = cutOf(notice.statement, cutter);
    const known = this.#byCut.get(cut.id);
    if (known !== undefined) return void known.informed.add(from);
    if (!this.#isWelcome(cut)) return;
    if (!isSigned({ ...cut, kind: "cut", peer: cutter }, notice.statement, this.#parts.keyring))
      throw new GossipError("BAD_SIGNATURE", `a cut that ${cutter} did not sign`);
    const present = this.#parts.intake.hashOf(cut.number);
    if (present !== undefined && present !== cut.hash) this.#parts.onOtherCut(cut);
    const same = this.#incoming.get(this.#nameOf(cut));
    if (same === undefined) {
      if (!isParity(cut)) this.#begin(cut, from);
    } else if (!isParity(cut)) {
      // Whoever passed it on may know nothing of the first one: two signatures are the cutter's doing.
      this.#lied(same, new GossipError("BAD_CUT", `${cutter} has cut block ${cut.number} twice`));
    } else if (same.assembly.addParity(cut)) {
      this.#byCut.set(cut.id, same);
      same.informed.add(from);
    }
  }

  /** @throws GossipError `BAD_CHUNK` where the chunk is none, `EXCESSIVE_SPREAD`. */
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
    const isLast = message.round === roundsOf(cut) - 1;
    if (incoming.state === "here" && message.spread.step === "none" && !isLast)
      this.#parts.onNotNeeded(from, cut);
    this.#forwarder.forward(from, incoming, message);
    if (outcome !== "new" || incoming.state !== "coming") return;
    incoming.noteProgress(this.#parts.clock.now());
    this.#helpers.received(from, incoming);
    if (assembly.isComplete) return this.#finish(incoming);
    // From here on the chunks' own pace says how long to wait.
    if (assembly.count === 1) this.#watch(incoming);
  }

  /**
   * A peer lacks chunks of a block that somebody else has cut. It is sent them now, or when the block is whole here.
   * What cannot be read is not sent; the asker turns to another.
   *
   * @throws GossipError `RATE_LIMITED`.
   */
  receiveWant(from: PeerId, want: Message & { kind: "chunk-want" }): void {
    const incoming = this.#byCut.get(want.cut);
    if (incoming === undefined || incoming.state === "given-up" || !incoming.answersNow(from)) return;
    const lack: Lack = { peer: from, missing: missingLanes(incoming.assembly, want.present) };
    if (incoming.state === "coming") incoming.owe(lack);
    else if (!this.#answer(incoming, [lack])) throw rateLimited(from);
  }

  /** A peer says that it holds the block. */
  noteHolder(peer: PeerId, number: number): void {
    for (const incoming of this.#coming)
      if (incoming.assembly.cut.number === number) incoming.noteHolder(peer);
  }

  /** The block has come, by whatever way: no more of it is asked for. */
  settle(number: number): void {
    for (const incoming of this.#coming) {
      if (incoming.assembly.cut.number !== number) continue;
      this.#end(incoming, "here");
      incoming.assembly.release();
      this.#answerOwed(incoming);
    }
  }

  /** Waits for nothing any more. */
  stop(): void {
    for (const incoming of this.#incoming.values()) this.#end(incoming, "given-up");
    this.#forwarder.stop();
    this.#incoming.clear();
    this.#byCut.clear();
    this.#coming.clear();
  }

  #isWelcome(cut: Cut): boolean {
    const { intake, channel, view, options, clock } = this.#parts;
    // An outsider's signature is as good as any; and our own cuts come back to us.
    if (cut.channel !== channel || !view.isActive(cut.cutter) || cut.blockBytes > options.blockBytesMax)
      return false;
    if ((this.#liars.get(cut.cutter) ?? 0) > clock.now()) return false;
    if (cut.number >= intake.windowEnd || cut.number + RELAYED_BLOCKS < intake.next) return false;
    const ofCutter = [...this.#coming].filter(({ assembly }) => assembly.cut.cutter === cut.cutter);
    return ofCutter.length < INCOMING_OF_CUTTER_MAX;
  }

  #begin(cut: Cut, from: PeerId): void {
    const { intake, clock, onComing } = this.#parts;
    const state = intake.isHere(cut.number) ? "here" : "coming";
    const incoming = new IncomingBlock(cut, from, state, clock.now());
    this.#incoming.set(this.#nameOf(cut), incoming);
    this.#byCut.set(cut.id, incoming);
    this.#forgetOldest();
    if (state !== "coming") return;
    this.#coming.add(incoming);
    onComing(from, cut.number);
    this.#watch(incoming);
  }

  /** A peer that has lost its disk, and is handed the block in again, cuts it again. */
  #nameOf({ number, cutter }: Cut): string {
    return `${number} ${cutter} ${this.#parts.view.incarnationOf(cutter)}`;
  }

  /** One chunk must not make more than its share: only the cutter may have it sent to all, others along one line. */
  #checkSpread(from: PeerId, cut: Cut, { step, width }: Spread): void {
    if (step === "none") return;
    const isByCutter = from === cut.cutter;
    const widthMax = 2 * gridWidth(this.#parts.view.active().length + 1) + 2;
    const isLine = step === "row" || step === "column";
    if ((isByCutter || isLine) && width <= widthMax) return;
    throw new GossipError("EXCESSIVE_SPREAD", `${from} may not have a chunk of ${cut.cutter} spread so`);
  }

  #finish(incoming: IncomingBlock): void {
    const { assembly } = incoming;
    const { cut } = assembly;
    this.#end(incoming, "here");
    const bytes = assembly.assemble(this.#parts.code);
    assembly.release();
    try {
      const block = bytes && Block.parse(bytes);
      if (block?.number !== cut.number || block.hash !== cut.hash) throw badCut(cut);
      this.#parts.offer({ block, from: cut.cutter, origin: "chunks", spread: SPREAD_NONE });
      this.#forwarder.whole(incoming);
      this.#answerOwed(incoming);
    } catch (error) {
      if (error instanceof ChainError && error.code !== "BROKEN_LINK" && error.code !== "SUPERSEDED_CONFIG")
        this.#lied(incoming, badCut(cut, error));
      else if (error instanceof GossipError && error.code === "BAD_CUT") this.#lied(incoming, error);
      else if (!(error instanceof ChainError || error instanceof GossipError)) throw error;
    }
  }

  #answerOwed(incoming: IncomingBlock): void {
    const { cut } = incoming.assembly;
    this.#answer(
      incoming,
      incoming.takeOwed().filter(({ peer }) => !this.#parts.holds(peer, cut)),
    );
  }

  /** Sends each what it lacks. False: to none of them, since answers have cost as much as they may. */
  #answer(incoming: IncomingBlock, lacks: readonly Lack[]): boolean {
    const { budget, intake, read, transport } = this.#parts;
    const { cut } = incoming.assembly;
    const granted = lacks.flatMap((lack) => {
      if (incoming.help.take(lack)) return [{ lack, settle: () => undefined }];
      const grant = budget.grant(lack.peer);
      if (grant === undefined) return [];
      return [{ lack, settle: (bytes: number) => budget.settle(lack.peer, grant, bytes) }];
    });
    if (granted.length === 0) return lacks.length === 0;
    const send = async () => {
      const block = intake.inMemory(cut.number) ?? (await read(cut.number));
      const chunks = block.hash === cut.hash ? CutBlock.of(block.bytes, cut) : undefined;
      for (const { lack, settle } of granted)
        settle(chunks === undefined ? 0 : sendChunks(chunks, lack.peer, lack.missing, transport));
    };
    send().catch(() => granted.forEach(({ settle }) => settle(0)));
    return true;
  }

  #lied(incoming: IncomingBlock, error: GossipError): void {
    const { cut } = incoming.assembly;
    this.#liars.delete(cut.cutter);
    this.#liars.set(cut.cutter, this.#parts.clock.now() + LIAR_PAUSE_MS);
    for (const oldest of this.#liars.keys()) {
      if (this.#liars.size <= INCOMING_MAX) break;
      this.#liars.delete(oldest);
    }
    this.#parts.onLie(cut, error);
    this.#end(incoming, "given-up");
    incoming.assembly.release();
    this.#parts.onGivenUp(cut.number);
  }

  #watch(incoming: IncomingBlock): void {
    const { view, clock, options } = this.#parts;
    incoming.timer?.[Symbol.dispose]();
    const delayMs = incoming.patientUntilMs(isNear(view), options.wantTimeoutMs) - clock.now();
    if (delayMs <= 0) return this.#stalled(incoming);
    incoming.timer = clock.schedule(delayMs, () => this.#watch(incoming));
  }

  #stalled(incoming: IncomingBlock): void {
    const { channel, view, transport, clock, options } = this.#parts;
    const { assembly } = incoming;
    const { cut } = assembly;
    this.#forwarder.stalled(incoming);
    const asked = incoming.nextToAsk(
      (peer) => view.isActive(peer),
      () => view.sample(1, (peer) => peer === cut.cutter)[0],
    );
    if (asked === undefined) {
      this.#end(incoming, "given-up");
      assembly.release();
      return this.#parts.onGivenUp(cut.number);
    }
    transport.send(asked, {
      kind: "chunk-want",
      channel,
      cut: cut.id,
      present: assembly.present(),
      needed: assembly.needed,
    });
    incoming.noteProgress(clock.now());
    incoming.timer = clock.schedule(options.wantTimeoutMs, () => this.#watch(incoming));
  }

  #end(incoming: IncomingBlock, state: "here" | "given-up"): void {
    incoming.timer?.[Symbol.dispose]();
    incoming.timer = undefined;
    incoming.state = state;
    this.#coming.delete(incoming);
    this.#forwarder.release(incoming);
    this.#helpers.end(incoming);
  }

  #forgetOldest(): void {
    for (const [name, incoming] of this.#incoming) {
      if (this.#incoming.size <= INCOMING_MAX) break;
      this.#end(incoming, "given-up");
      this.#incoming.delete(name);
      for (const { id } of incoming.assembly.cuts()) this.#byCut.delete(id);
    }
  }
}

/** Chunks of blocks that are so many behind the newest are still relayed. */
const RELAYED_BLOCKS = 8;

function badCut(cut: Cut, cause?: Error): GossipError {
  return new GossipError("BAD_CUT", `what ${cut.cutter} has cut is not block ${cut.number}`, { cause });
}
