import { GossipError } from "./errors.ts";

/**
 * What an anti-entropy session mends: what the one lacks that starts it, what the other lacks, or both (Demers et al.
 * 1987).
 */
export type AntiEntropyMode = (typeof ANTI_ENTROPY_MODES)[number];

export const ANTI_ENTROPY_MODES = ["pull", "push", "push-pull"] as const;

/** Every number of the protocol that can be set. Durations in milliseconds, sizes in bytes. */
export interface GossipOptions {
  /** How often a peer says that it lives, among up to 50; see `scaledIntervalMs`. */
  readonly aliveIntervalMs: number;
  /** A peer not heard of for this many alive intervals is dead. */
  readonly aliveExpirationIntervals: number;
  /** A peer dead for this many alive intervals is forgotten, unless it is a bootstrap or an anchor peer. */
  readonly forgetIntervals: number;
  /** More peers than this are not remembered, whatever is said. */
  readonly membersMax: number;
  /** A peer caught at so many lies is cut off; a lie counts for `liesForgivenMs`. */
  readonly liesMax: number;
  readonly liesForgivenMs: number;
  /** How long a peer is cut off; doubles with each time, up to a day. */
  readonly cutOffMs: number;
  /** Whether blocks go to peers of other organisations, and are taken from them. */
  readonly crossOrgBlocks: boolean;
  /** How long statements of others are gathered before they are passed on together; changes of state, a tenth of it. */
  readonly batchIntervalMs: number;
  /** To how many random peers a batch of statements goes. */
  readonly statementFanout: number;
  /** How often the membership is compared with a random living peer's, and a dead one or a bootstrap peer tried. */
  readonly roundIntervalMs: number;
  /** How often a member is pinged, all in turn. */
  readonly probeIntervalMs: number;
  /** How long a pinged peer has to answer. */
  readonly probeTimeoutMs: number;
  /** How many others are asked to ping a peer that does not answer. */
  readonly indirectProbes: number;
  /** How long a suspect has to speak against it, among up to 10; grows with the logarithm of their number. */
  readonly suspicionMs: number;
  /** How many must accuse a peer for its death; in a small network the majority. */
  readonly accusersMin: number;
  /** At most this often a peer says how high its ledger is, among up to 10. */
  readonly stateInfoIntervalMs: number;
  /** A height that has not changed is said again after this long, among up to 50. */
  readonly stateInfoRefreshMs: number;

  /** Whether new blocks are pushed. */
  readonly push: boolean;
  /**
   * To how many random neighbours each peer sends a new block, once, whoever else may have done so; "auto": along a
   * grid of all, so that each peer gets one copy.
   */
  readonly pushFanout: number | "auto";
  /** What the first peer sends in all copies of a block itself, rather than have it relayed. */
  readonly pushDirectBytesMax: number;
  /**
   * How many random neighbours are told that a block is held. One that lacks it is overlooked by all of them, however
   * many peers there are, with a probability of e^-pushAdverts, and anti-entropy mends that.
   */
  readonly pushAdverts: number;
  /** How long what is held is gathered before it is told. */
  readonly advertDelayMs: number;
  /** Whether large blocks are cut into chunks that different neighbours relay. */
  readonly chunks: boolean;
  /** The smallest block that is cut. */
  readonly chunkBlockBytesMin: number;
  /** Up to so many peers each is linked to every other; above it, to those of its row and column in a grid of all. */
  readonly neighboursMax: number;
  /** How long a peer that was asked for a block, or is sending it, has for a block without bytes. */
  readonly wantTimeoutMs: number;
  /** The slowest rate at which a block that is on its way is waited for, bytes per second. */
  readonly wantBytesPerSecondMin: number;

  /**
   * Whether a block that enters the channel here is kept for peers that it cannot be sent to, until they can be reached.
   * With `push` off it is also sent straight to all.
   */
  readonly directMail: boolean;
  /** How many blocks wait for one peer; what is more is dropped, and counted. */
  readonly mailBlocksMax: number;
  /** When a peer that blocks wait for is tried again; doubles each time. */
  readonly mailRetryMs: number;
  readonly mailRetryMsMax: number;

  /** Whether what is held is compared with others' at intervals. Who asks is always answered. */
  readonly antiEntropy: boolean;
  readonly antiEntropyMode: AntiEntropyMode;
  readonly antiEntropyIntervalMs: number;
  /** With how many random peers in a round. */
  readonly antiEntropyPeers: number;
  /** An answer with blocks ends before it grows beyond this, but has one block at least. */
  readonly antiEntropyBytesMax: number;

  /** Whether a peer that is far behind catches up by ranges. Ranges asked of it are always served. */
  readonly stateTransfer: boolean;
  /** A peer this many blocks behind starts at once; one that is less behind, after `stateTransferPatienceMs`. */
  readonly stateTransferGapBlocks: number;
  readonly stateTransferPatienceMs: number;
  /** How many ranges are fetched side by side. */
  readonly stateTransferParallel: number;
  readonly stateTransferBatchBlocks: number;
  /** How long an answer may take: to a fetch, without a block; in an anti-entropy session, as a whole. */
  readonly fetchTimeoutMs: number;
  /** How long a peer whose fetch failed is left alone; four times as long with each failure. */
  readonly penaltyMs: number;
  readonly penaltyMsMax: number;

  /** Whether a peer that has block sources may become its organisation's leader, which brings blocks in from them. */
  readonly leader: boolean;
  /** A leader may be this many blocks behind; one that is further behind is replaced. */
  readonly leaderLagBlocks: number;
  /** For how long before it is, and how much later each next in line steps in where there is no leader. */
  readonly leaderPatienceMs: number;
  /** Block sources that have not answered for so long are lost, and so is a leader that has not been heard for so long. */
  readonly sourceLostMs: number;
  /** How often the leader asks its source for the height; the others of its organisation ask a twentieth as often. */
  readonly sourceIntervalMs: number;

  /** Blocks further than this above the ledger are refused; they come again later. */
  readonly windowBlocks: number;
  /** Bytes of the blocks that wait for their predecessors or for the disk. The next block is always taken. */
  readonly windowBytesMax: number;
  /** A served range ends before it grows beyond this, but holds one block at least. */
  readonly replyBytesMax: number;
  /** A block above this is refused. */
  readonly blockBytesMax: number;
}

/**
 * The defaults: a network of 5 to 500 peers. Idle traffic per peer does not grow with the network, because the
 * intervals do; a gap of a few blocks is closed by the next anti-entropy session, a larger one at once by state transfer.
 */
export const DEFAULT_GOSSIP_OPTIONS: GossipOptions = {
  aliveIntervalMs: 5_000,
  aliveExpirationIntervals: 5,
  forgetIntervals: 100,
  membersMax: 4_096,
  liesMax: 5,
  liesForgivenMs: 600_000,
  cutOffMs: 600_000,
  crossOrgBlocks: true,
  batchIntervalMs: 500,
  statementFanout: 2,
  roundIntervalMs: 5_000,
  probeIntervalMs: 1_000,
  probeTimeoutMs: 500,
  indirectProbes: 3,
  suspicionMs: 2_000,
  accusersMin: 5,
  stateInfoIntervalMs: 500,
  stateInfoRefreshMs: 60_000,
  push: true,
  pushFanout: "auto",
  pushDirectBytesMax: 512 << 10,
  pushAdverts: 4,
  advertDelayMs: 200,
  chunks: true,
  chunkBlockBytesMin: 256 << 10,
  neighboursMax: 100,
  wantTimeoutMs: 500,
  wantBytesPerSecondMin: 1_000_000,
  directMail: false,
  mailBlocksMax: 64,
  mailRetryMs: 1_000,
  mailRetryMsMax: 30_000,
  antiEntropy: true,
  antiEntropyMode: "push-pull",
  antiEntropyIntervalMs: 2_000,
  antiEntropyPeers: 1,
  antiEntropyBytesMax: 1 << 20,
  stateTransfer: true,
  stateTransferGapBlocks: 16,
  stateTransferPatienceMs: 3_000,
  stateTransferParallel: 4,
  stateTransferBatchBlocks: 64,
  fetchTimeoutMs: 10_000,
  penaltyMs: 1_000,
  penaltyMsMax: 60_000,
  leader: true,
  leaderLagBlocks: 16,
  leaderPatienceMs: 2_000,
  sourceLostMs: 1_500,
  sourceIntervalMs: 100,
  windowBlocks: 512,
  windowBytesMax: 64 << 20,
  replyBytesMax: 4 << 20,
  blockBytesMax: 64 << 20,
};

/** For networks on one machine, where a newcomer should be seen within the second. */
export const LOCAL_GOSSIP_OPTIONS: GossipOptions = {
  ...DEFAULT_GOSSIP_OPTIONS,
  aliveIntervalMs: 1_000,
  batchIntervalMs: 250,
  roundIntervalMs: 1_000,
  antiEntropyIntervalMs: 1_000,
};

/** Push as in Fabric 2.5: the block itself to three random peers, once, and no adverts (core.yaml, batcher.go). */
export const FABRIC_PUSH_OPTIONS: GossipOptions = {
  ...DEFAULT_GOSSIP_OPTIONS,
  pushFanout: 3,
  pushAdverts: 0,
  chunks: false,
  directMail: false,
};

/** @throws GossipError `INVALID_OPTION` that names the option, its value and what is allowed. */
export function gossipOptions(overrides: Partial<GossipOptions>): GossipOptions {
  const options: GossipOptions = { ...DEFAULT_GOSSIP_OPTIONS, ...overrides };
  for (const [name, value] of Object.entries(options)) {
    const fallback = (DEFAULT_GOSSIP_OPTIONS as unknown as Record<string, unknown>)[name];
    if (fallback === undefined) throw new GossipError("INVALID_OPTION", `gossip.${name} is not an option`);
    if (fallback === "auto" && value === "auto") continue;
    if (name === "antiEntropyMode") {
      if (!ANTI_ENTROPY_MODES.some((mode) => mode === value)) throw invalid(name, value, MODES_TEXT);
    } else if (typeof fallback === "boolean") {
      if (typeof value !== "boolean") throw invalid(name, value, "true or false");
    } else if (typeof value !== "number" || !Number.isSafeInteger(value) || value < minimum(name)) {
      throw invalid(
        name,
        value,
        `a whole number from ${minimum(name)}${fallback === "auto" ? ', or "auto"' : ""}`,
      );
    }
  }
  return options;
}

/**
 * How often each peer says a thing where there are this many: at the base up to `peersAtBase`, above it longer in
 * proportion, so that what each peer hears per second stays the same.
 */
export function scaledIntervalMs(baseMs: number, peerCount: number, peersAtBase = 50): number {
  return baseMs * Math.max(1, peerCount / peersAtBase);
}

const MODES_TEXT = ANTI_ENTROPY_MODES.map((mode) => `"${mode}"`).join(", ");

function minimum(name: string): number {
  return name === "pushAdverts" || name === "advertDelayMs" ? 0 : 1;
}

function invalid(name: string, value: unknown, allowed: string): GossipError {
  return new GossipError(
    "INVALID_OPTION",
    `gossip.${name} is ${JSON.stringify(value)}; allowed is ${allowed}`,
  );
}
