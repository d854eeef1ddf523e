import type { ForkProofMessage } from "../wire/messages.ts";
import { channelBytes, channelId, detached, owned } from "../wire/wire-values.ts";
import type * as wire from "../wire/wire.js";

/** A block without its transactions that is larger is not passed on, and not read. */
export const PROOF_BLOCK_BYTES_MAX = 64 << 10;

/** The frame of a fork's proof. */
export function toForkFrame({ channel, blocks: [first, second] }: ForkProofMessage): wire.Frame {
  return { forkProof: { channel: channelBytes(channel), first: owned(first), second: owned(second) } };
}

/** What the frame holds; undefined where that is no proof of a fork. @throws RangeError */
export function fromForkFrame({ forkProof }: wire.Frame): ForkProofMessage | undefined {
  if (forkProof === undefined) return undefined;
  const { channel, first, second } = forkProof;
  if (Math.max(first.length, second.length) > PROOF_BLOCK_BYTES_MAX)
    throw new RangeError(`a proof of ${first.length} and ${second.length} bytes`);
  return { kind: "fork-proof", channel: channelId(channel), blocks: [detached(first), detached(second)] };
}
