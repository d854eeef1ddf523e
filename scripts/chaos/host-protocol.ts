import type { CallAnswer } from "../pending-calls.ts";
import type { ReadyPeer } from "../../node/peer/ready-line.ts";

/** How a peer of a host stands. */
export interface PeerStanding {
  readonly height: number;
  readonly tipHash: string;
  readonly rssBytes: number;
  /** Pairs of valid blocks of one height that it knows of. */
  readonly forks: number;
}

/** What became of a block that was handed in. */
export type Submission = "stored" | "refused" | "unreachable";

/** What a host is asked to do. Each answers when it is done, or fails with a sentence. */
export interface HostCalls {
  /** Starts a peer; its log goes to the end of the file. */
  start(peer: {
    readonly name: string;
    readonly flags: readonly string[];
    readonly log: string;
    readonly environment: Readonly<Record<string, string>>;
  }): Promise<ReadyPeer>;
  /** Ends a peer as a power cut would. */
  kill(name: string): Promise<void>;
  /** Stands a peer still (SIGSTOP), or lets it go on. */
  freeze(peer: { readonly name: string; readonly isFrozen: boolean }): Promise<void>;
  submit(block: {
    readonly name: string;
    readonly channel: string;
    readonly bytes: Uint8Array;
  }): Promise<Submission>;
  /** Undefined: it did not answer in time. */
  standing(peer: { readonly name: string; readonly channel: string }): Promise<PeerStanding | undefined>;
  /** Stops all peers, and ends the host. */
  close(): Promise<void>;
}

export type HostCall = {
  readonly [Name in keyof HostCalls]: {
    readonly id: number;
    readonly name: Name;
    readonly argument: Parameters<HostCalls[Name]>[0];
  };
}[keyof HostCalls];

/** What a host says: an answer, or that a peer has ended that nobody had ended. */
export type HostSaying = CallAnswer | { readonly died: string; readonly how: string };
