import type { ChunkMessage, CutNotice } from "../wire/messages.ts";
import type { PeerId, Transport } from "../ports.ts";
import type { CutChunks } from "./cut-block.ts";
import { roundsOf, type Cut } from "./cut.ts";
import { SPREAD_NONE } from "./spread.ts";

/** Tells of a cut, whoever has made it. */
export function cutNotice({ channel, cutter, signed }: Cut): CutNotice {
  return { kind: "cut", channel, cutter, statement: signed };
}

/** A chunk as it is sent, not to be passed on. */
export function chunkMessage(
  chunks: CutChunks,
  lane: number,
  round: number,
  withProof: boolean,
): ChunkMessage {
  return {
    kind: "chunk",
    cut: chunks.cut.id,
    lane,
    round,
    data: chunks.chunk(lane, round),
    proof: withProof ? chunks.proof(lane, round) : undefined,
    spread: SPREAD_NONE,
    served: [],
  };
}

/** For each round, the lanes of data that are not there. */
export function missingLanes({ cut }: Pick<CutChunks, "cut">, present: Uint8Array): number[][] {
  return Array.from({ length: roundsOf(cut) }, (_, round) =>
    Array.from({ length: cut.lanes }, (__, lane) => lane).filter((lane) => {
      const bit = round * cut.lanes + lane;
      return ((present[bit >> 3] ?? 0) & (1 << (bit & 7))) === 0;
    }),
  );
}

/** Sends a peer what it lacks, not to be passed on; how many bytes that is. */
export function sendChunks(
  chunks: CutChunks,
  to: PeerId,
  missing: readonly (readonly number[])[],
  transport: Transport,
): number {
  let bytes = 0;
  for (const [round, lanes] of missing.entries()) {
    for (const lane of lanes) {
      const message = chunkMessage(chunks, lane, round, true);
      transport.send(to, message);
      bytes += message.data.length;
    }
  }
  return bytes;
}
