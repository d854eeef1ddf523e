/** What a peer tells of a block: it has been verified (gossipsub: its message event), or it is durable. */
export type Stage = "verified" | "durable";

/** Told at once, for blocks that the peer was not handed in itself. */
export type OnArrival = (block: number, stage: Stage) => void;

/** A peer of a system that is measured, in a worker process. */
export interface BenchPeer extends AsyncDisposable {
  /** Where it listens, with its peer id. */
  readonly address: string;
  /** Takes part from now on, with these peers to begin with. */
  join(contacts: readonly string[]): Promise<void>;
  /** Hands a block in; resolves when the peer has taken it. */
  submit(block: Uint8Array, number: number): Promise<void>;
  /** How many others it knows that blocks may go to. */
  neighbours(): number;
  connections(): number;
  /** Signatures of statements that it has checked so far; 0 where nobody counts. */
  signatureChecks(): number;
  /** Bytes of frames that it has sent so far, by their kind; empty where nobody counts. */
  sentBytes(): Readonly<Partial<Record<string, number>>>;
}
