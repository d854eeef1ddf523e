import type { PeerId } from "../ports.ts";
import type { CutBlock } from "./cut-block.ts";
import type { Lack } from "./lack.ts";
import type { LaneRecord } from "./lane-record.ts";
import type { StandIns } from "./stand-ins.ts";

/** What a peer says that it lacks. */
export interface Want extends Lack {
  /** So many chunks of each round are enough. */
  readonly needed: number;
}

/** A block that was cut here, while others may still lack some of it. */
export interface SentBlock {
  readonly block: CutBlock;
  readonly sinceMs: number;
  readonly record: LaneRecord;
  readonly standIns: StandIns;
  /** What each peer lacks, since the last wave. */
  readonly wants: Map<PeerId, Want>;
  /** Bytes that each peer was sent because it lacked them. */
  readonly answered: Map<PeerId, number>;
  /** The next lane of parity. */
  parityLane: number;
  /** Lanes of parity that were asked for, and when they were sent. */
  readonly waves: { readonly sentMs: number; readonly lanes: number }[];
  /** How often a few who lack much were not answered at once. */
  gathered: number;
}
