import type { Disclosure, Party } from "../members/disclosure.ts";
import { GossipError } from "../errors.ts";
import type { SignedStatement } from "../wire/messages.ts";
import { scaledIntervalMs, type GossipOptions } from "../options.ts";
import type { PeerView } from "./peer-view.ts";
import type { ChannelId, Clock, Keyring, PeerId, Random, Transport } from "../ports.ts";
import {
  isSigned,
  readStateInfo,
  signStatement,
  supersedes,
  type ChannelRole,
  type LogicalTime,
} from "../wire/statements.ts";
import { every } from "../time.ts";

export interface StateInfoGossipParts {
  readonly channel: ChannelId;
  readonly view: PeerView;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** Who may be told of whom. */
  readonly disclosure: Disclosure;
  readonly partyOf: (peer: PeerId) => Party;
  /** Our incarnation, as the membership tells it. */
  readonly incarnation: () => number;
  /** The height of our own ledger. */
  readonly height: () => number;
  /** What we do about the channel's block sources. */
  readonly role: () => ChannelRole;
  /** A peer's height has been learned. */
  readonly onHeight: () => void;
  /** A peer's role may have changed. */
  readonly onRole: () => void;
}

/**
 * Up to so many peers say a new height at the base interval. Every height is checked by every peer, so under load this,
 * and not the blocks, would cost most in a large network; and who sends a block hears from its receivers anyway.
 */
export const CHANGES_PEERS_AT_BASE = 4;

/** Within this time, in a channel of so many, a peer's new height has come to nearly all others. */
export function heightTellingMs(options: GossipOptions, peerCount: number): number {
  const tellingMs = scaledIntervalMs(options.stateInfoIntervalMs, peerCount, CHANGES_PEERS_AT_BASE);
  return 2 * (tellingMs + options.batchIntervalMs);
}

/**
 * Spreads how high each peer's ledger is among the peers of a channel, as signed statements that are passed on once:
 * when a height has changed, and now and then when it has not. Heights are for finding sources and for showing lag;
 * that a block is never missed does not depend on them.
 */
export class StateInfoGossip {
  readonly #parts: StateInfoGossipParts;
  readonly #newest = new Map<PeerId, LogicalTime>();
  readonly #news = new Map<PeerId, SignedStatement>();
  #sequence = 0;
  #saidHeight = -1;
  #saidMs = -Infinity;
  #own: SignedStatement | undefined;
  /** Those that we have links to; undefined before the start. */
  #neighbours: readonly PeerId[] | undefined;

  constructor(parts: StateInfoGossipParts) {
    this.#parts = parts;
  }

  /** Speaks at intervals until disposed of. */
  start(): Disposable {
    const { clock, random, view } = this.#parts;
    this.#neighbours = view.neighbours();
    return every(
      clock,
      random,
      () => this.#scaled(this.#parts.options.stateInfoIntervalMs, CHANGES_PEERS_AT_BASE),
      () => this.round(),
    );
  }

  /** Says our height if there is a reason to, and passes on what has come. */
  round(): void {
    const { channel, view, transport, options, disclosure, partyOf, keyring } = this.#parts;
    this.#sayOwn();
    for (const author of this.#news.keys())
      if (author !== keyring.self && !view.isMember(author)) this.#news.delete(author);
    if (this.#news.size === 0) return;
    const targets = view.sample(options.statementFanout);
    if (targets.length === 0) return;
    const news = [...this.#news];
    this.#news.clear();
    for (const peer of targets) {
      const to = partyOf(peer);
      const told = news.filter(([author]) => disclosure.mayTell(to, partyOf(author)));
      const statements = told.map(([, statement]) => statement);
      if (statements.length > 0) transport.send(peer, { kind: "state-info", channel, statements });
    }
  }

  /** Says our height and role to these peers at once; to the others it is told as usual. */
  tell(peers: readonly PeerId[]): void {
    this.#send(peers, this.#makeOwn());
  }

  /** Whoever has come, or has come back, hears at once how high we are: one of us may lack what the other holds. */
  membershipChanged(): void {
    const { view, height } = this.#parts;
    const [before, neighbours] = [this.#neighbours, view.neighbours()];
    if (before === undefined || before === neighbours) return;
    this.#neighbours = neighbours;
    const known = new Set(before);
    const newcomers = neighbours.filter((peer) => !known.has(peer));
    if (newcomers.length === 0) return;
    const own = height() === this.#saidHeight ? this.#own : undefined;
    this.#send(newcomers, own ?? this.#makeOwn());
  }

  #send(peers: readonly PeerId[], own: SignedStatement): void {
    const { channel, transport, disclosure, partyOf, keyring } = this.#parts;
    const statements = [own];
    for (const peer of peers)
      if (disclosure.mayTell(partyOf(peer), partyOf(keyring.self)))
        transport.send(peer, { kind: "state-info", channel, statements });
  }

  /** @throws GossipError `MALFORMED_MESSAGE`, `BAD_SIGNATURE`, `UNKNOWN_CHANNEL`. */
  receive(statements: readonly SignedStatement[]): void {
    for (const signed of statements) this.#receiveOne(signed);
    this.#parts.onHeight();
    this.#parts.onRole();
  }

  #receiveOne(signed: SignedStatement): void {
    const { channel, keyring, view } = this.#parts;
    const info = readStateInfo(signed);
    if (info.channel !== channel)
      throw new GossipError("UNKNOWN_CHANNEL", "a state-info statement of another channel");
    if (info.peer === keyring.self || !view.isMember(info.peer)) return;
    const newest = this.#newest.get(info.peer);
    if (newest !== undefined && !supersedes(info, newest)) return;
    if (!isSigned(info, signed, keyring)) {
      throw new GossipError("BAD_SIGNATURE", `a state-info statement of ${info.peer} that it did not sign`);
    }
    this.#newest.set(info.peer, { incarnation: info.incarnation, sequence: info.sequence });
    this.#news.set(info.peer, signed);
    view.noteHeight(info.peer, info.height);
    view.noteRole(info.peer, info, info.incarnation);
  }

  #sayOwn(): void {
    const { clock, options, height } = this.#parts;
    const isOld = clock.now() - this.#saidMs >= this.#scaled(options.stateInfoRefreshMs);
    if (height() !== this.#saidHeight || isOld) this.#makeOwn();
  }

  #makeOwn(): SignedStatement {
    const { channel, keyring, clock, height, role, incarnation } = this.#parts;
    this.#saidHeight = height();
    this.#saidMs = clock.now();
    const time = { incarnation: incarnation(), sequence: this.#sequence++ };
    const { hasSource, leads } = role();
    const statement = {
      kind: "state-info",
      peer: keyring.self,
      channel,
      height: this.#saidHeight,
      hasSource,
      leads,
      ...time,
    } as const;
    const signed = signStatement(statement, keyring);
    this.#own = signed;
    this.#news.set(keyring.self, signed);
    return signed;
  }

  #scaled(baseMs: number, peersAtBase?: number): number {
    const { view } = this.#parts;
    for (const peer of this.#newest.keys()) if (!view.isMember(peer)) this.#newest.delete(peer);
    return scaledIntervalMs(baseMs, view.active().length + 1, peersAtBase);
  }
}
