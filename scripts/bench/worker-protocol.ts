import type { Stage } from "./bench-peer.ts";
import type { Link } from "./link.ts";

export type SystemName = "blockgossip" | "gossipsub";

/** A block that has come to a peer, by the clock of `monotonicMs`. */
export interface Arrival {
  readonly peer: number;
  readonly block: number;
  readonly stage: Stage;
  readonly atMs: number;
}

/** All peers of a worker have the block, since then. */
export interface Completion {
  readonly block: number;
  readonly stage: Stage;
  readonly atMs: number;
}

/** What a worker has used up since it started, and what it is now. */
export interface Usage {
  readonly cpuMs: number;
  readonly rssBytes: number;
  readonly signatureChecks: number;
  /** Of all its peers. */
  readonly connections: number;
  /** Of the peer that knows fewest. */
  readonly neighboursMin: number;
  /** Of frames that its peers have sent, by their kind; empty where nobody counts. */
  readonly sentBytes: Readonly<Partial<Record<string, number>>>;
}

/** What a worker process does when it is asked to; peers go by their index in the whole network. */
export interface WorkerCalls {
  /** Makes a peer; returns its address. */
  open(peer: {
    readonly index: number;
    readonly system: SystemName;
    readonly directory: string;
    readonly genesis: string;
    /** What it sends goes through; without one, as fast as the machine does it. */
    readonly link?: Link | undefined;
  }): Promise<string>;
  join(peer: { readonly index: number; readonly contacts: readonly string[] }): Promise<void>;
  /** Hands a block in at a peer; returns when that was. */
  submit(block: {
    readonly index: number;
    readonly number: number;
    readonly bytes: Uint8Array;
  }): Promise<number>;
  usage(): Promise<Usage>;
  arrivals(): Promise<readonly Arrival[]>;
  /** Listens for a raw stream; returns the address. */
  listenRaw(): Promise<string>;
  /** Sends so many bytes over one stream; returns when it began. */
  sendRaw(to: { readonly address: string; readonly bytes: number; readonly chunk: number }): Promise<number>;
  /** When so many bytes had come over raw streams. */
  receivedRaw(bytes: number): Promise<number>;
  /** Closes what is open; the process ends. */
  close(): Promise<void>;
}

export type CallName = keyof WorkerCalls;

export interface Call {
  readonly id: number;
  readonly name: CallName;
  readonly argument: unknown;
}

/** What a worker says without being asked: at once, when the last of its peers has a block. */
export interface Telling {
  readonly completion: Completion;
}
