import { AliveGossip, type MembershipMessage } from "./alive-gossip.ts";
import type { Doorkeeper } from "../door/doorkeeper.ts";
import type { Observer } from "../events.ts";
import { FailureDetector } from "../failures/failure-detector.ts";
import type { Message, PingMessage } from "../wire/messages.ts";
import type { GossipOptions } from "../options.ts";
import type { AnchorPeer, Clock, Contact, Keyring, PeerId, Random, Transport } from "../ports.ts";
import { Rounds } from "./rounds.ts";
import { Seeds } from "./seeds.ts";

export interface MemberGossipParts {
  readonly doorkeeper: Doorkeeper;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly bootstrap: readonly Contact[];
  readonly anchors: () => readonly AnchorPeer[];
  readonly observe: Observer;
}

/** The messages about who is there, and whether. */
export type MemberMessage = MembershipMessage | PingMessage;

/**
 * All that a peer says and hears about who is there: finding others (`Seeds`), saying that one lives and passing on what
 * others say (`AliveGossip`), making all views one (`Rounds`), and finding out who has died (`FailureDetector`). They
 * work on one `Membership`.
 */
export class MemberGossip {
  readonly detector: FailureDetector;
  readonly seeds: Seeds;
  readonly #alive: AliveGossip;
  readonly #rounds: Rounds;
  readonly #doorkeeper: Doorkeeper;

  constructor(parts: MemberGossipParts) {
    const { membership, identities, accusations } = parts.doorkeeper;
    this.#doorkeeper = parts.doorkeeper;
    const shared = { ...parts, membership, identities };
    this.detector = new FailureDetector({
      ...shared,
      accusations,
      onAccusation: (accusation) => this.#alive.tellAccusation(accusation),
      onAccused: (from, time) => this.#alive.speakUp(from, time),
    });
    this.#alive = new AliveGossip({
      ...shared,
      onRefused: (peer, { code, message }) =>
        parts.observe({ kind: "refused-identity", peer, code, message }),
      mayJudge: () => this.detector.mayJudge(),
      onNews: (member) => this.detector.spoke(member),
      onAccusation: (from, accusation) => this.detector.accused(from, accusation),
      accusations: () => this.detector.suspicion.all(),
    });
    const ask = (peer: PeerId) => this.#alive.ask(peer);
    this.seeds = new Seeds({ ...shared, ask });
    this.#rounds = new Rounds({ ...shared, seeds: this.seeds, ask });
  }

  /** Takes part until disposed of. */
  start(): Disposable {
    const timers = new DisposableStack();
    timers.use(this.#doorkeeper.identities.start());
    timers.use(this.#alive.start());
    timers.use(this.#rounds.start());
    timers.use(this.detector.start());
    return timers;
  }

  /** What is said first on a new link. */
  greeting(to: PeerId): Message {
    return this.#alive.greeting(to);
  }

  /** What we say of ourselves has changed. */
  changed(): void {
    this.#alive.changed();
  }

  /** Says goodbye; to be called after the timers have stopped. */
  leave(): void {
    this.#alive.leave();
  }

  /** @throws GossipError where the message is not to be believed. */
  receive(from: PeerId, message: MemberMessage): void {
    switch (message.kind) {
      case "ping":
      case "ping-request":
      case "pong":
        return this.detector.receive(from, message);
      case "alive":
      case "membership-request":
      case "membership-response":
      case "accusations":
      case "identity-want":
      case "identities":
        return this.#alive.receive(from, message);
      default:
        return message satisfies never;
    }
  }
}
