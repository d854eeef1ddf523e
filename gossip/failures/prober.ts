import type { LocalHealth } from "./local-health.ts";
import type { Member, Membership } from "../members/membership.ts";
import type { PingMessage, SignedStatement } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { Clock, PeerId, Random, Transport } from "../ports.ts";
import { sample } from "../random.ts";

export interface ProberParts {
  readonly membership: Membership;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly health: LocalHealth;
  /** What we say of a peer that is to be told so with the ping. */
  readonly accusation: (peer: PeerId) => SignedStatement | undefined;
  /** Neither we nor those whom we have asked can reach the peer. */
  readonly onSilent: (peer: PeerId) => void;
  /** Others reach the peer, we do not. */
  readonly onOutOfReach: (peer: PeerId) => void;
}

interface Probe {
  readonly id: number;
  readonly peer: PeerId;
  /** Who was asked to ping the peer, and has not answered yet. */
  readonly asked: Set<PeerId>;
  /** How many of those have answered that they have no answer either. */
  silences: number;
}

/** A ping that another has asked for. */
interface Errand {
  readonly requester: PeerId;
  /** The requester's number for it. */
  readonly id: number;
  readonly peer: PeerId;
}

/** Pings on the way for others: in all, and for one. */
const ERRANDS_MAX = 256;
const ERRANDS_PER_PEER_MAX = 8;

/**
 * Finds out whether a peer answers: by a ping, and where that is not answered by the pings of a few others, so that a
 * single bad link is not taken for a death (SWIM, Das et al. 2002). Whatever the peer says counts as an answer. Those
 * asked say so too when they get none (Lifeguard's nack): where even that does not come, it is our own link that fails.
 *
 * ```
 * we                 the peer        a few others
 *  | ping ------------> |                |
 *  | (no answer in time)                 |
 *  | ping-request ---------------------> |
 *  |                    | <--------- ping |
 *  | <--------------------- pong (silent?) |
 * ```
 */
export class Prober {
  readonly #parts: ProberParts;
  readonly #probes = new Map<PeerId, Probe>();
  readonly #errands = new Set<Errand>();
  #lastId = 0;

  constructor(parts: ProberParts) {
    this.#parts = parts;
  }

  /** Pings a peer, unless that is being done. */
  probe(peer: PeerId): void {
    if (this.#probes.has(peer)) return;
    const probe = this.#begin(peer);
    this.#ping(probe);
    // A lost message or two is no sign of anything.
    this.#after(this.#timeoutMs() / 2, probe, () => this.#ping(probe));
    this.#after(this.#timeoutMs(), probe, () => this.#askOthers(probe));
  }

  /** The peer cannot be reached from here: others are asked at once. */
  unreachable(peer: PeerId): void {
    const before = this.#probes.get(peer);
    if (before !== undefined && before.asked.size > 0) return;
    this.#probes.delete(peer);
    this.#askOthers(this.#begin(peer));
  }

  /** Something has come from the peer itself. */
  heard(peer: PeerId): void {
    if (this.#probes.delete(peer)) this.#parts.health.answered();
    for (const errand of this.#errands) if (errand.peer === peer) this.#end(errand, false);
  }

  receive(from: PeerId, message: PingMessage): void {
    switch (message.kind) {
      case "ping":
        return void this.#parts.transport.send(from, { kind: "pong", id: message.id, isSilent: false });
      case "ping-request":
        return this.#takeErrand({ requester: from, id: message.id, peer: message.peer });
      case "pong":
        return this.#receivePong(from, message);
      default:
        return message satisfies never;
    }
  }

  #begin(peer: PeerId): Probe {
    const probe: Probe = { id: this.#nextId(), peer, asked: new Set<PeerId>(), silences: 0 };
    this.#probes.set(peer, probe);
    return probe;
  }

  #ping({ id, peer }: Pick<Probe, "id" | "peer">): void {
    const { transport, accusation } = this.#parts;
    transport.send(peer, { kind: "ping", id, accusation: accusation(peer) });
  }

  #askOthers(probe: Probe): void {
    const { transport, options, random } = this.#parts;
    const { id, peer } = probe;
    for (const helper of sample(this.#helpers(peer), options.indirectProbes, random)) {
      transport.send(helper.peer, { kind: "ping-request", id, peer });
      probe.asked.add(helper.peer);
    }
    // They need as long for the ping as we did, and as long again to tell us.
    const waitMs = probe.asked.size === 0 ? 0 : 2 * this.#timeoutMs();
    this.#after(waitMs, probe, () => this.#giveUp(probe));
  }

  /** Those that know the peer and may be asked about it. */
  #helpers(peer: PeerId): readonly Member[] {
    const { membership } = this.#parts;
    const about = membership.partyOf(peer);
    return membership
      .living()
      .filter(
        (member) =>
          member.peer !== peer &&
          member.state === "alive" &&
          member.isReachable &&
          membership.disclosure.mayTell(member, about),
      );
  }

  #giveUp({ peer, asked, silences }: Probe): void {
    const { health, onSilent } = this.#parts;
    this.#probes.delete(peer);
    // Some of them may have died with the peer; where not one is left, it is rather we who hear nothing.
    if (asked.size > 0 && silences === 0) health.erred();
    onSilent(peer);
  }

  #receivePong(from: PeerId, { id, isSilent }: PingMessage & { readonly kind: "pong" }): void {
    for (const probe of this.#probes.values()) {
      if (probe.id !== id || !probe.asked.delete(from)) continue;
      if (!isSilent) {
        this.#probes.delete(probe.peer);
        this.#parts.onOutOfReach(probe.peer);
        continue;
      }
      probe.silences++;
      // The others have had as long: whom they reach they have said so by now, or they have died with it.
      if (probe.silences > probe.asked.size) this.#giveUp(probe);
    }
  }

  #takeErrand(errand: Errand): void {
    const { membership, options } = this.#parts;
    const { requester, peer } = errand;
    const member = membership.get(peer);
    const ofRequester = [...this.#errands].filter((other) => other.requester === requester).length;
    const isPossible =
      (member?.state === "alive" || member?.state === "suspect") &&
      membership.disclosure.mayTell(membership.partyOf(requester), member) &&
      this.#errands.size < ERRANDS_MAX &&
      ofRequester < ERRANDS_PER_PEER_MAX;
    if (!isPossible) return this.#answer(errand, true);
    this.#errands.add(errand);
    this.#ping({ id: this.#nextId(), peer });
    this.#parts.clock.schedule(options.probeTimeoutMs, () => this.#end(errand, true));
  }

  #end(errand: Errand, isSilent: boolean): void {
    if (this.#errands.delete(errand)) this.#answer(errand, isSilent);
  }

  #answer({ requester, id }: Errand, isSilent: boolean): void {
    this.#parts.transport.send(requester, { kind: "pong", id, isSilent });
  }

  /** Runs the task after a while, unless the probe has ended. */
  #after(delayMs: number, probe: Probe, task: () => void): void {
    this.#parts.clock.schedule(delayMs, () => {
      if (this.#probes.get(probe.peer) === probe) task();
    });
  }

  #timeoutMs(): number {
    return this.#parts.options.probeTimeoutMs * this.#parts.health.patience;
  }

  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }
}
