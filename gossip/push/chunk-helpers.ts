import { isNear } from "./chunk-plan.ts";
import { missingLanes } from "./chunk-messages.ts";
import { roundsOf, type Cut } from "./cut.ts";
import type { IncomingBlock } from "./incoming-block.ts";
import type { PeerView } from "../channel/peer-view.ts";
import type { ChannelId, Clock, PeerId, Random, Transport } from "../ports.ts";
import { sample } from "../random.ts";

export interface ChunkHelpersParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
}

/** When so much of a block is here, the rest is not lacked by all. */
const NEARLY_WHOLE_SHARE = 0.75;

/** How long the next chunk is waited for, and an answer: between far peers, and between near ones. */
const FAR_MS = [40, 150] as const;
const NEAR_MS = [250, 500] as const;

/** Both at least so large a part of the time that chunks have been coming. */
const SHARE = 0.125;

/** Where helpers brought a part of the last block, they are asked when that and so much more is missing of the next one. */
const EARLY_SHARE = 0.05;

/** How many peers are asked at a time, for a part of what is missing each, and how often. */
const HELPERS_MAX = 4;
const TIMES_MAX = 2;

/** Peers that are remembered to have helped. */
const HELPED_MAX = 64;

/** Where nobody can help, all lack the same, and of the next blocks fewer and fewer are asked for so: one in 2^5. */
const IN_VAIN_MAX = 5;

/** Who has not helped yet may lack the same: so many are asked for each part. */
const UNTRIED_FACTOR = 2;

interface Waiting {
  readonly sinceMs: number;
  /** Who has been asked, and who of them has sent nothing since. */
  readonly asked: Set<PeerId>;
  readonly owing: Set<PeerId>;
  times: number;
  /** How many chunks have come from those who were asked. */
  helped: number;
  askedMs: number | undefined;
  /** When a chunk has come last. */
  progressMs: number;
  timer: Disposable | undefined;
}

/**
 * Asks others for the last of a block. Where most of its chunks have come and the rest does not, the relays of the rest
 * fail, or keep it from us alone: then those have it whose chunks did come. They are asked before the cutter is, a part
 * each, and nobody is blamed for it. Who has helped is asked first the next time.
 */
export class ChunkHelpers {
  readonly #parts: ChunkHelpersParts;
  readonly #waiting = new Map<IncomingBlock, Waiting>();
  /** Those who have helped lately. */
  readonly #helped = new Set<PeerId>();
  /** How much of the last block they brought: when no more is missing of the next one, there is no use in waiting. */
  #helpedShare = 0;
  /** For how many blocks in turn nobody could help, and how many are therefore left alone. */
  #inVain = 0;
  #left = 0;

  constructor(parts: ChunkHelpersParts) {
    this.#parts = parts;
  }

  /** A chunk has come that was not here. */
  received(from: PeerId, incoming: IncomingBlock): void {
    const nowMs = this.#parts.clock.now();
    const waiting = this.#waiting.get(incoming) ?? newWaiting(nowMs);
    this.#waiting.set(incoming, waiting);
    waiting.progressMs = nowMs;
    if (waiting.asked.has(from)) waiting.helped++;
    // Who helps late may lack the same.
    if (waiting.owing.has(from) && waiting.times === 1) this.#remember(from);
    waiting.owing.delete(from);
    const { cut, count } = incoming.assembly;
    const chunks = cut.lanes * roundsOf(cut);
    const expected = this.#helpedShare === 0 ? 1 : 1 - this.#helpedShare - EARLY_SHARE;
    if (waiting.times === 0 && count >= expected * chunks) this.#ask(incoming, waiting);
    if (count >= NEARLY_WHOLE_SHARE * chunks) waiting.timer ??= this.#watch(incoming, waiting);
  }

  /** The block has come, or is not waited for any more. */
  end(incoming: IncomingBlock): void {
    const waiting = this.#waiting.get(incoming);
    if (waiting === undefined) return;
    waiting.timer?.[Symbol.dispose]();
    this.#waiting.delete(incoming);
    for (const peer of waiting.owing) this.#helped.delete(peer);
    const { cut } = incoming.assembly;
    this.#helpedShare = waiting.helped / (cut.lanes * roundsOf(cut));
    if (waiting.askedMs === undefined) return;
    this.#inVain = waiting.helped > 0 ? 0 : Math.min(this.#inVain + 1, IN_VAIN_MAX);
    this.#left = 2 ** this.#inVain - 1;
  }

  /** Looks again when a chunk should have come: at first any, later those that were asked for. */
  #watch(incoming: IncomingBlock, waiting: Waiting): Disposable {
    const { clock, view } = this.#parts;
    const { sinceMs, askedMs } = waiting;
    const [quietMs, answerMs] = isNear(view) ? NEAR_MS : FAR_MS;
    const shareMs = SHARE * (waiting.progressMs - sinceMs);
    const dueMs = () =>
      askedMs === undefined
        ? waiting.progressMs + Math.max(quietMs, shareMs)
        : askedMs + Math.max(answerMs, shareMs);
    return clock.schedule(dueMs() - clock.now(), () => {
      if (dueMs() <= clock.now()) this.#ask(incoming, waiting);
      if (waiting.times < TIMES_MAX) waiting.timer = this.#watch(incoming, waiting);
    });
  }

  #ask(incoming: IncomingBlock, waiting: Waiting): void {
    if (waiting.times === 0 && this.#left > 0) {
      this.#left--;
      waiting.times = TIMES_MAX;
      return;
    }
    const { channel, transport, clock } = this.#parts;
    const { cut } = incoming.assembly;
    for (const peer of waiting.owing) this.#helped.delete(peer);
    waiting.owing.clear();
    const wants = partsOf(cut, incoming.assembly.present(), HELPERS_MAX);
    const helpers = this.#choose(incoming, waiting, wants.length);
    for (const [turn, peer] of helpers.entries()) {
      const present = wants[turn % wants.length];
      if (present === undefined) break;
      waiting.asked.add(peer);
      waiting.owing.add(peer);
      transport.send(peer, { kind: "chunk-want", channel, cut: cut.id, present, needed: 0 });
    }
    // Where they have helped before, the cutter is asked later by what they need to answer.
    if (waiting.times++ === 0 && helpers.some((peer) => this.#helped.has(peer)))
      incoming.noteProgress(clock.now());
    waiting.askedMs = clock.now();
  }

  #remember(peer: PeerId): void {
    this.#helped.add(peer);
    for (const oldest of this.#helped) {
      if (this.#helped.size <= HELPED_MAX) break;
      this.#helped.delete(oldest);
    }
  }

  /** Who has helped before, one for each part, or else two others that have passed something of the block on. */
  #choose({ assembly, informed }: IncomingBlock, { asked }: Waiting, parts: number): readonly PeerId[] {
    const { view, random } = this.#parts;
    const others = [...informed].filter(
      (peer) => peer !== assembly.cut.cutter && !asked.has(peer) && view.isActive(peer),
    );
    const helped = others.filter((peer) => this.#helped.has(peer));
    if (helped.length >= parts) return sample(helped, parts, random);
    return sample(others, UNTRIED_FACTOR * parts, random);
  }
}

function newWaiting(nowMs: number): Waiting {
  return {
    sinceMs: nowMs,
    asked: new Set(),
    owing: new Set(),
    times: 0,
    helped: 0,
    askedMs: undefined,
    progressMs: nowMs,
    timer: undefined,
  };
}

/** What is missing in parts of about as many lanes: for each part the bits of all else. */
function partsOf(cut: Cut, present: Uint8Array, partsMax: number): readonly Uint8Array[] {
  const missing = missingLanes({ cut }, present);
  const lanes = [...new Set(missing.flat())];
  const parts = Math.min(partsMax, lanes.length);
  return Array.from({ length: parts }, (_, part) => {
    const bits = present.slice();
    for (const [turn, lane] of lanes.entries())
      if (turn % parts !== part)
        for (const round of missing.keys()) {
          const bit = round * cut.lanes + lane;
          bits[bit >> 3] = (bits[bit >> 3] ?? 0) | (1 << (bit & 7));
        }
    return bits;
  });
}
