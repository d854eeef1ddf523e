import type { SignedStatement } from "./messages.ts";
import type { PeerId } from "./ports.ts";
import { supersedes, type AccusationStatement, type LogicalTime } from "./statements.ts";

/** An accusation as it is kept and passed on. */
export interface Accusation extends AccusationStatement {
  readonly signed: SignedStatement;
}

/** More words against one peer than this are not kept; fewer are enough for a death. */
const ACCUSERS_MAX = 16;

/**
 * Who says of whom that he cannot be reached. Of each accuser the latest word counts; what the accused says later
 * refutes it. Data only; it decides nothing.
 */
export class Accusations {
  readonly #against = new Map<PeerId, Map<PeerId, Accusation>>();

  /** False: it is known, or there are enough. */
  add(accusation: Accusation): boolean {
    const { peer, accused } = accusation;
    const known = this.#against.get(accused) ?? new Map<PeerId, Accusation>();
    const before = known.get(peer);
    if (before === undefined ? known.size >= ACCUSERS_MAX : !supersedes(accusation, before)) return false;
    known.set(peer, accusation);
    this.#against.set(accused, known);
    return true;
  }

  /** What is said against a peer. */
  against(peer: PeerId): readonly Accusation[] {
    return [...(this.#against.get(peer)?.values() ?? [])];
  }

  /** What this accuser says against a peer. */
  by(accuser: PeerId, peer: PeerId): Accusation | undefined {
    return this.#against.get(peer)?.get(accuser);
  }

  /** Everything that is said. */
  all(): readonly Accusation[] {
    return [...this.#against.values()].flatMap((accusations) => [...accusations.values()]);
  }

  /** The peer has spoken at this time of its own: what was said before is refuted, and returned. */
  refute(peer: PeerId, time: LogicalTime): readonly Accusation[] {
    const refuted = this.against(peer).filter((accusation) => supersedes(time, accusation));
    for (const { peer: accuser } of refuted) this.#against.get(peer)?.delete(accuser);
    if (this.#against.get(peer)?.size === 0) this.#against.delete(peer);
    return refuted;
  }

  /** The peer is not remembered any more. */
  forget(peer: PeerId): void {
    this.#against.delete(peer);
  }
}
