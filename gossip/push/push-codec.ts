import { concat } from "uint8arrays/concat";
import { fromString } from "uint8arrays/from-string";
import { toString } from "uint8arrays/to-string";
import { NODE_BYTES, type LaneProof } from "./chunk-tree.ts";
import type { ChunkMessage, CutId, CutNotice, HeldBlock, Message } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";
import { SPREAD_NONE, type Spread, type SpreadStep } from "./spread.ts";
import {
  channelBytes,
  channelId,
  checkedHash,
  detached,
  hashBytes,
  integer,
  owned,
  signedStatement,
} from "../wire/wire-values.ts";
import * as wire from "../wire/wire.js";

/** The messages that blocks are spread with. */
type PushMessage = Extract<
  Message,
  { readonly kind: "block" | "cut" | "chunk" | "chunk-want" | "advert" | "want" }
>;

const CUT_ID_BYTES = 16;

/** More chunks than this are in no lane, and more nodes on no path. */
const NODES_MAX = 64;

/** A bit for each chunk of data, of which there are less than 127 x 32. */
const PRESENT_BYTES_MAX = 512;

/** As the numbers of the wire. */
const STEPS: readonly SpreadStep[] = [
  "none",
  "everybody",
  "row-then-columns",
  "column-then-rows",
  "row",
  "column",
];

/** The frame of a message that blocks are spread with. */
export function toPushFrame(message: PushMessage): wire.Frame {
  switch (message.kind) {
    case "block": {
      const { channel, block, spread } = message;
      return { block: { channel: channelBytes(channel), block: owned(block), ...spreadField(spread) } };
    }
    case "cut": {
      const { payload, signature } = message.statement;
      const statement = { payload: owned(payload), signature: owned(signature) };
      return { cut: { cutter: message.cutter ?? "", statement } };
    }
    case "chunk":
      return { chunk: toChunk(message) };
    case "chunk-want": {
      const { channel, cut, present, needed } = message;
      return {
        chunkWant: { channel: channelBytes(channel), cut: cutBytes(cut), present: owned(present), needed },
      };
    }
    case "advert": {
      const { channel, height, blocks } = message;
      const held = blocks.map(({ hash, ...block }) => ({ ...block, hash: hashBytes(hash) }));
      return { advert: { channel: channelBytes(channel), height, blocks: held } };
    }
    case "want": {
      const { channel, number, hash } = message;
      return { want: { channel: channelBytes(channel), number, hash: hashBytes(hash) } };
    }
    default:
      return message satisfies never;
  }
}

/** What the frame holds; undefined where that is none of these messages. @throws RangeError */
export function fromPushFrame(frame: wire.Frame): PushMessage | undefined {
  if (frame.chunk !== undefined) return fromChunk(frame.chunk);
  if (frame.block !== undefined) {
    const { channel, block, spread } = frame.block;
    return { kind: "block", channel: channelId(channel), block: detached(block), spread: fromSpread(spread) };
  }
  if (frame.cut !== undefined) return fromCut(frame.cut);
  if (frame.chunkWant !== undefined) {
    const { channel, cut, present, needed } = frame.chunkWant;
    if (present.length > PRESENT_BYTES_MAX) throw new RangeError(`${present.length} bytes of chunks`);
    return {
      kind: "chunk-want",
      channel: channelId(channel),
      cut: cutId(cut),
      present: detached(present),
      needed,
    };
  }
  if (frame.advert !== undefined) {
    const { channel, height, blocks } = frame.advert;
    return {
      kind: "advert",
      channel: channelId(channel),
      height: integer(height),
      blocks: blocks.map(fromHeld),
    };
  }
  if (frame.want !== undefined) {
    const { channel, number, hash } = frame.want;
    return { kind: "want", channel: channelId(channel), number: integer(number), hash: checkedHash(hash) };
  }
  return undefined;
}

/** The wire form of a cut's id. */
function cutBytes(cut: CutId): Uint8Array<ArrayBuffer> {
  return owned(fromString(cut, "base16"));
}

/** @throws RangeError unless it is 16 bytes long. */
export function cutId(bytes: Uint8Array): CutId {
  if (bytes.length !== CUT_ID_BYTES) throw new RangeError(`a cut's id of ${bytes.length} bytes`);
  return toString(bytes, "base16") as CutId;
}

function toChunk({ cut, lane, round, data, proof, spread, served }: ChunkMessage): wire.Chunk {
  const chunk = {
    cut: cutBytes(cut),
    lane,
    round,
    data: owned(data),
    served: [...served],
    ...spreadField(spread),
  };
  if (proof === undefined) return chunk;
  const [leaves, path] = [owned(concat([...proof.leaves])), owned(concat([...proof.path]))];
  return { ...chunk, proof: { leaves, path } };
}

function fromChunk({ cut, lane, round, data, proof, spread, served }: wire.Chunk): ChunkMessage {
  return {
    kind: "chunk",
    cut: cutId(cut),
    lane,
    round,
    data: detached(data),
    proof: fromProof(proof),
    spread: fromSpread(spread),
    served,
  };
}

function fromProof(proof: wire.LaneProof | undefined): LaneProof | undefined {
  return proof === undefined
    ? undefined
    : { leaves: nodes(detached(proof.leaves)), path: nodes(detached(proof.path)) };
}

function fromCut({ cutter, statement }: wire.CutNotice): CutNotice {
  if (statement === undefined) throw new RangeError("a cut without a statement");
  if (cutter.length > 128) throw new RangeError(`a peer id of ${cutter.length} characters`);
  return {
    kind: "cut",
    channel: channelId(wire.Cut.decode(statement.payload).channel),
    cutter: cutter === "" ? undefined : (cutter as PeerId),
    statement: signedStatement(statement),
  };
}

function fromHeld({ number, hash, blockBytes }: wire.HeldBlock): HeldBlock {
  return { number: integer(number), hash: checkedHash(hash), blockBytes };
}

/** Splits bytes into nodes. @throws RangeError */
export function nodes(bytes: Uint8Array, countMax = NODES_MAX): Uint8Array[] {
  const count = bytes.length / NODE_BYTES;
  if (!Number.isInteger(count) || count > countMax) throw new RangeError(`nodes of ${bytes.length} bytes`);
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * NODE_BYTES, (index + 1) * NODE_BYTES),
  );
}

function spreadField({ step, width, seed }: Spread): { spread?: wire.Spread } {
  return step === "none" ? {} : { spread: { step: STEPS.indexOf(step), width, seed } };
}

function fromSpread(spread: wire.Spread | undefined): Spread {
  if (spread === undefined) return SPREAD_NONE;
  const step = STEPS[spread.step];
  if (step === undefined) throw new RangeError(`the step ${spread.step}`);
  return { step, width: spread.width, seed: spread.seed };
}
