import { ChainError, type ChainErrorCode } from "../../chain/errors.ts";
import { GossipError, type GossipErrorCode } from "../errors.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId } from "../ports.ts";

/** What is held against a peer. */
export interface Misconduct {
  /** Lies that count at present. */
  readonly lies: number;
  /** Of the latest. */
  readonly code: string;
  readonly message: string;
  readonly atMs: number;
  /** Until when the peer is cut off; undefined: it is not. */
  readonly cutOffUntilMs: number | undefined;
}

export interface ConductParts {
  readonly clock: Clock;
  readonly options: GossipOptions;
  /** A peer was caught at a lie. */
  readonly onLie: (peer: PeerId, misconduct: Misconduct) => void;
}

/**
 * What nobody says who keeps to the protocol, whatever he was told himself: an honest peer checks before it passes on.
 * What may come of a configuration that the sender has not seen yet (`SUPERSEDED_CONFIG`, an identity that is not
 * let in any more), or of the time that a message takes, is not among them.
 */
const LIES: ReadonlySet<GossipErrorCode | ChainErrorCode> = new Set<GossipErrorCode | ChainErrorCode>([
  "MALFORMED_MESSAGE",
  "BAD_SIGNATURE",
  "IMPERSONATION",
  "UNKNOWN_CHANNEL",
  "BROKEN_PROMISE",
  "BAD_CHUNK",
  "BAD_CUT",
  "BAD_PROOF",
  "WRONG_PEER",
  "REVOKED_CERTIFICATE",
  "MALFORMED_BLOCK",
  "WRONG_NUMBER",
  "WRONG_CHANNEL",
  "MALFORMED_TRANSACTION",
  "WRONG_DATA_HASH",
  "MISSING_METADATA",
  "UNSATISFIED_POLICY",
  "MALFORMED_CONFIG",
]);

const PEERS_MAX = 4_096;
const DAY_MS = 24 * 60 * 60 * 1_000;

interface Record {
  readonly liesMs: readonly number[];
  readonly misconduct: Misconduct;
  /** How often it was cut off. */
  readonly cutOffs: number;
}

/**
 * Who was caught lying. One lie may be a fault of somebody's disk; a peer with `liesMax` of them within
 * `liesForgivenMs` is cut off for `cutOffMs`, twice as long each time, up to a day. Only what proves the sender itself
 * at fault counts.
 */
export class Conduct {
  readonly #parts: ConductParts;
  /** The latest caught last. */
  readonly #records = new Map<PeerId, Record>();

  constructor(parts: ConductParts) {
    this.#parts = parts;
  }

  /** Holds against the peer what it was refused for, if that is a lie. */
  note(peer: PeerId, error: unknown): void {
    if (!(error instanceof GossipError || error instanceof ChainError) || !LIES.has(error.code)) return;
    const { clock, options, onLie } = this.#parts;
    const nowMs = clock.now();
    const before = this.#records.get(peer);
    const recent = (before?.liesMs ?? []).filter((atMs) => nowMs - atMs < options.liesForgivenMs);
    const liesMs = [...recent, nowMs].slice(-options.liesMax);
    const isTooMany = liesMs.length >= options.liesMax && !this.isCutOff(peer);
    const cutOffs = (before?.cutOffs ?? 0) + (isTooMany ? 1 : 0);
    const cutOffMs = Math.min(options.cutOffMs * 2 ** Math.min(cutOffs - 1, 20), DAY_MS);
    const earlierMs = this.isCutOff(peer) ? before?.misconduct.cutOffUntilMs : undefined;
    const cutOffUntilMs = isTooMany ? nowMs + cutOffMs : earlierMs;
    const { code, message } = error;
    const misconduct = { lies: liesMs.length, code, message, atMs: nowMs, cutOffUntilMs };
    this.#records.delete(peer);
    this.#records.set(peer, { liesMs: isTooMany ? [] : liesMs, misconduct, cutOffs });
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= PEERS_MAX) break;
      this.#records.delete(oldest);
    }
    onLie(peer, misconduct);
  }

  /** Whether we have nothing to do with the peer for now. */
  isCutOff(peer: PeerId): boolean {
    return (this.#records.get(peer)?.misconduct.cutOffUntilMs ?? 0) > this.#parts.clock.now();
  }

  /** What is held against the peer; undefined: nothing, or nothing that is not forgiven. */
  of(peer: PeerId): Misconduct | undefined {
    const misconduct = this.#records.get(peer)?.misconduct;
    if (misconduct === undefined) return undefined;
    if (this.isCutOff(peer)) return misconduct;
    const isForgiven = this.#parts.clock.now() - misconduct.atMs >= this.#parts.options.liesForgivenMs;
    return isForgiven ? undefined : { ...misconduct, cutOffUntilMs: undefined };
  }
}
