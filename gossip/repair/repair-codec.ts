import { fromString } from "uint8arrays/from-string";
import { toString } from "uint8arrays/to-string";
import type { RepairHop, RepairMessage, RepairOutcome, RingId } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";
import { channelBytes, channelId, checkedHash, hashBytes, integer, owned } from "../wire/wire-values.ts";
import * as wire from "../wire/wire.js";

/** How many numbers of blocks a report names of a kind. */
export const REPAIR_NUMBERS_MAX = 1_024;

/** Bytes of a ring's id. */
export const RING_ID_BYTES = 16;
const PEER_ID_LENGTH_MAX = 128;
const CODE_LENGTH_MAX = 64;

/** The frame of a message of a ring of repair. */
export function toRepairFrame(message: RepairMessage): wire.Frame {
  switch (message.kind) {
    case "repair-step": {
      const { source, verify } = message;
      return { repairStep: { ...hopFields(message), source, verify } };
    }
    case "repair-progress":
      return { repairProgress: { ...hopFields(message), done: message.done } };
    case "repair-report": {
      const { tipHash, damaged, mended, isVerified, hasMore, failure, ...heights } = message.outcome;
      return {
        repairReport: {
          ...hopFields(message),
          ...heights,
          tipHash: hashBytes(tipHash),
          damaged: [...damaged],
          mended: [...mended],
          verified: isVerified,
          more: hasMore,
          failure: failure ?? "",
        },
      };
    }
    default:
      return message satisfies never;
  }
}

/** What the frame holds; undefined where that is none of these messages. @throws RangeError */
export function fromRepairFrame(frame: wire.Frame): RepairMessage | undefined {
  if (frame.repairStep !== undefined) {
    const { source, verify } = frame.repairStep;
    if (source.length > PEER_ID_LENGTH_MAX) throw new RangeError(`a peer id of ${source.length} characters`);
    return { kind: "repair-step", ...hopOf(frame.repairStep), source: source as PeerId, verify };
  }
  if (frame.repairProgress !== undefined) {
    const { done } = frame.repairProgress;
    return { kind: "repair-progress", ...hopOf(frame.repairProgress), done: integer(done) };
  }
  if (frame.repairReport !== undefined) {
    const outcome = outcomeOf(frame.repairReport);
    return { kind: "repair-report", ...hopOf(frame.repairReport), outcome };
  }
  return undefined;
}

function outcomeOf(report: wire.RepairReport): RepairOutcome {
  const { heightBefore, heightAfter, tipHash, copied, damaged, mended, verified, more, failure } = report;
  return {
    heightBefore: integer(heightBefore),
    heightAfter: integer(heightAfter),
    tipHash: checkedHash(tipHash),
    copied: integer(copied),
    damaged: damaged.map(integer),
    mended: mended.map(integer),
    isVerified: verified,
    hasMore: more,
    failure: failure === "" ? undefined : failure.slice(0, CODE_LENGTH_MAX),
  };
}

function hopFields({ channel, ring, hop }: RepairHop) {
  return { channel: channelBytes(channel), ring: owned(fromString(ring, "base16")), hop };
}

function hopOf({ channel, ring, hop }: Pick<wire.RepairStep, "channel" | "ring" | "hop">): RepairHop {
  return { channel: channelId(channel), ring: ringId(ring), hop };
}

/** @throws RangeError unless it is 16 bytes long. */
export function ringId(bytes: Uint8Array): RingId {
  if (bytes.length !== RING_ID_BYTES) throw new RangeError(`a ring's id of ${bytes.length} bytes`);
  return toString(bytes, "base16") as RingId;
}
