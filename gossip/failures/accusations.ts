import type { SignedStatement } from "../wire/messages.ts";
import type { PeerId } from "../ports.ts";
import { supersedes, type AccusationStatement, type LogicalTime } from "../wire/statements.ts";

/** An accusation as it is kept and passed on. */
export interface Accusation extends AccusationStatement {
  readonly signed: SignedStatement;
}

const SPARE_ACCUSERS = 3;

/**
 * Who says of whom that he cannot be reached. Of each accuser the latest word counts; what the accused says later
 * refutes it. Data only; it decides nothing.
 */
export class Accusations {
  readonly #against = new Map<PeerId, Map<PeerId, Accusation>>();
  readonly #accusersMax: number;

  /** @param accusersMin so many make a death; a few more are kept, since some may not be heeded. */
  constructor(accusersMin: number) {
    this.#accusersMax = accusersMin + SPARE_ACCUSERS;
  }

  /** Whether it is neither known nor one too many. */
  wants(accusation: AccusationStatement): boolean {
    const known = this.#against.get(accusation.accused);
    const before = known?.get(accusation.peer);
    if (before !== undefined) return supersedes(accusation, before);
    return (known?.size ?? 0) < this.#accusersMax;
  }

  add(accusation: Accusation): void {
    const { peer, accused } = accusation;
    const known = this.#against.get(accused) ?? new Map<PeerId, Accusation>();
    known.set(peer, accusation);
    this.#against.set(accused, known);
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

  /** Whether something is said against the peer that it does not refute by having spoken at this time. */
  stands(peer: PeerId, time: LogicalTime): boolean {
    return this.against(peer).some((accusation) => !supersedes(time, accusation));
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
