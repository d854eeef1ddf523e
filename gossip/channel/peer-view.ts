import { isTagged } from "./channel-tag.ts";
import { isLiving } from "../members/member-directory.ts";
import type { Member, Membership } from "../members/membership.ts";
import type { GossipOptions } from "../options.ts";
import { PeerScores } from "./peer-scores.ts";
import type { ChannelId, Clock, Credentials, PeerId, Random } from "../ports.ts";
import { sample } from "../random.ts";
import { neighboursOf, RelayGrid, shortId } from "../push/relay-grid.ts";
import type { AliveStatement, ChannelRole } from "../wire/statements.ts";

export interface PeerViewParts {
  readonly channel: ChannelId;
  readonly membership: Membership;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  /** Whether a peer may have the channel's blocks, under the configuration in force. */
  readonly mayRead: (credentials: Credentials) => boolean;
  /** Number of the config block in force; who may take part changes with it only. */
  readonly configNumber: () => number;
}

/** A busy moment must not make near peers look far. */
const ANSWERS_KEPT = 32;

/** How many layouts of one view are kept: one of each block that is on its way. */
const GRIDS_MAX = 16;

/**
 * The peers of one channel as seen from here: who is active, how high their ledgers are, and who has lately failed
 * to deliver what it promised. Heights are claims; a claim is believed until a fetch of what it promises fails.
 */
export class PeerView {
  /** Promises that peers have kept and broken. */
  readonly scores: PeerScores;
  readonly #parts: PeerViewParts;
  readonly #heights = new Map<PeerId, number>();
  /** Of those that have a source. */
  readonly #roles = new Map<PeerId, { readonly leads: boolean; readonly incarnation: number }>();
  #active: readonly PeerId[] = [];
  #activeSet: ReadonlySet<PeerId> = new Set();
  #members: ReadonlySet<PeerId> = new Set();
  #lost: readonly PeerId[] = [];
  #neighbours: readonly PeerId[] = [];
  readonly #answersMs: number[] = [];
  readonly #grids = new Map<string, RelayGrid>();
  /** Whether a statement names the channel: each change of the membership asks it of all members. */
  readonly #tagged = new WeakMap<AliveStatement, boolean>();
  /** The membership and the configuration that `#active` was made of. */
  #madeOf = { membership: -1, config: -1 };

  constructor(parts: PeerViewParts) {
    this.#parts = parts;
    this.scores = new PeerScores(parts.clock, parts.options);
  }

  /** The channel's other peers that are alive and can be reached from here: those that work is given to. */
  active(): readonly PeerId[] {
    this.#refresh();
    return this.#active;
  }

  /** Whether the peer is among the active ones. */
  isActive(peer: PeerId): boolean {
    this.#refresh();
    return this.#activeSet.has(peer);
  }

  /** Whether the peer is in this channel and may read it, be it suspected or out of our reach. */
  isMember(peer: PeerId): boolean {
    this.#refresh();
    return this.#members.has(peer);
  }

  /** All of the channel's other peers that live, be they suspected or out of our reach. */
  members(): readonly PeerId[] {
    this.#refresh();
    return [...this.#members];
  }

  /** The channel's other peers that are not active: suspects, those out of our reach, and the dead until forgotten. */
  lost(): readonly PeerId[] {
    this.#refresh();
    return this.#lost;
  }

  /**
   * The peers that this one keeps links to: all of them up to `neighboursMax`, above that its row and its column in
   * the grid of all.
   */
  neighbours(): readonly PeerId[] {
    this.#refresh();
    return this.#neighbours;
  }

  /** All of the channel, ourselves included, laid out. */
  grid(width: number, seed: number): RelayGrid {
    this.#refresh();
    const name = `${width} ${seed}`;
    const known = this.#grids.get(name);
    if (known !== undefined) return known;
    const grid = new RelayGrid([...this.#active, this.#parts.membership.self], width, seed);
    for (const oldest of this.#grids.keys()) {
      if (this.#grids.size < GRIDS_MAX) break;
      this.#grids.delete(oldest);
    }
    this.#grids.set(name, grid);
    return grid;
  }

  /**
   * Those whom this sender cannot see, since organisations keep them from each other, and to whom we are the one of
   * our organisation to pass on what it sends: our own peers without external endpoints, where it is of another one;
   * all of others, where it is one of those itself. All that see both choose the same one.
   */
  unseenBy(sender: PeerId): PeerId[] {
    const { membership } = this.#parts;
    const { disclosure, party, self } = membership;
    const from = membership.partyOf(sender);
    const isOwn = disclosure.isOwn(from);
    if (disclosure.isOpen || !party.isExternal || (isOwn && from.isExternal)) return [];
    const isOurs = (peer: PeerId) => disclosure.isOwn(membership.partyOf(peer));
    const isHidden = (peer: PeerId) => !membership.partyOf(peer).isExternal;
    const active = this.active();
    const between = [self, ...active.filter((peer) => isOurs(peer) && !isHidden(peer))].sort();
    const unseen = active.filter((peer) => (isOwn ? !isOurs(peer) : isOurs(peer) && isHidden(peer)));
    return unseen.filter((peer) => between[shortId(peer) % between.length] === self);
  }

  /** Random neighbours, all different; those for whom `skip` is true are left out. */
  sample(count: number, skip: (peer: PeerId) => boolean = () => false): PeerId[] {
    return sample(
      this.neighbours().filter((peer) => !skip(peer)),
      count,
      this.#parts.random,
    );
  }

  /** Which life of the peer this is; undefined for one that is not remembered. */
  incarnationOf(peer: PeerId): number | undefined {
    return this.#parts.membership.get(peer)?.statement.incarnation;
  }

  /** What a peer says of its height; it never goes back within one life of the peer. */
  noteHeight(peer: PeerId, height: number): void {
    if (this.isMember(peer)) this.#heights.set(peer, Math.max(height, this.#heights.get(peer) ?? 0));
  }

  /** What a peer says that it does, in this life of it. */
  noteRole(peer: PeerId, { hasSource, leads }: ChannelRole, incarnation: number): void {
    if (hasSource && this.isMember(peer)) this.#roles.set(peer, { leads, incarnation });
    else this.#roles.delete(peer);
  }

  /** The peer is not taken for a source or a leader any more, until it says so anew. */
  forgetRole(peer: PeerId): void {
    this.#roles.delete(peer);
  }

  /** Active peers whose block sources answer, by their own word, and which of them lead. */
  sourced(): readonly { readonly peer: PeerId; readonly leads: boolean }[] {
    return [...this.#roles]
      .filter(([peer, role]) => this.isActive(peer) && role.incarnation === this.incarnationOf(peer))
      .map(([peer, { leads }]) => ({ peer, leads }));
  }

  /** A peer has answered a small question after so long. */
  noteAnswer(ms: number): void {
    this.#answersMs.push(ms);
    if (this.#answersMs.length > ANSWERS_KEPT) this.#answersMs.shift();
  }

  /** How soon peers answer where nothing delays them, of late; undefined where none was asked. */
  answerMs(): number | undefined {
    return this.#answersMs.length === 0 ? undefined : Math.min(...this.#answersMs);
  }

  /** The height a peer claims; undefined while it has said nothing. */
  heightOf(peer: PeerId): number | undefined {
    return this.#heights.get(peer);
  }

  /** The greatest height that a peer claims that is not being left alone for its failures. */
  highest(): number {
    let highest = 0;
    for (const [peer, height] of this.#heights) {
      if (height > highest && this.#isBelieved(peer)) highest = height;
    }
    return highest;
  }

  /** Active peers that claim to hold this block and are not being left alone for their failures. */
  sources(number: number): PeerId[] {
    return this.active().filter((peer) => (this.#heights.get(peer) ?? 0) > number && this.#isUsable(peer));
  }

  /** Leaves the peer alone for a while, longer with each failure, and forgets what it claimed. */
  penalise(peer: PeerId): void {
    this.scores.broken(peer, "source");
    this.#heights.delete(peer);
  }

  /** The peer has enough to do with others: it is left alone for a moment, and what it claimed is still believed. */
  rest(peer: PeerId): void {
    this.scores.rest(peer, "source", this.#parts.options.penaltyMs);
  }

  /** The peer has delivered. */
  reward(peer: PeerId): void {
    this.scores.kept(peer, "source");
  }

  /** One that rests has still told the truth. */
  #isBelieved(peer: PeerId): boolean {
    return this.#isUsable(peer) || (this.isActive(peer) && !this.scores.hasBroken(peer, "source"));
  }

  #isUsable(peer: PeerId): boolean {
    return this.isActive(peer) && this.scores.isTrusted(peer, "source");
  }

  /** Whether the member is in this channel, may read it, and has neither left nor been refused. */
  #takesPart(member: Member): boolean {
    const { membership, mayRead, options } = this.#parts;
    return (
      (isLiving(member) || member.state === "dead") &&
      this.#isTagged(member) &&
      mayRead(member.credentials) &&
      (options.crossOrgBlocks || membership.disclosure.isOwn(member))
    );
  }

  #isTagged({ peer, statement }: Member): boolean {
    const known = this.#tagged.get(statement);
    if (known !== undefined) return known;
    const isOurs = isTagged(statement.channelTags, this.#parts.channel, peer);
    this.#tagged.set(statement, isOurs);
    return isOurs;
  }

  #refresh(): void {
    const { membership, configNumber } = this.#parts;
    const { version } = membership;
    const config = configNumber();
    if (this.#madeOf.membership === version && this.#madeOf.config === config) return;
    this.#madeOf = { membership: version, config };
    const known = membership.all().filter((member) => this.#takesPart(member));
    const members = known.filter(isLiving);
    this.#members = new Set(members.map(({ peer }) => peer));
    this.#active = members
      .filter(({ state, isReachable }) => state === "alive" && isReachable)
      .map(({ peer }) => peer);
    this.#activeSet = new Set(this.#active);
    this.#lost = known.filter(({ peer }) => !this.#activeSet.has(peer)).map(({ peer }) => peer);
    this.#grids.clear();
    this.#neighbours = neighboursOf(membership.self, this.#active, this.#parts.options.neighboursMax);
    for (const kept of [this.#heights, this.#roles])
      for (const peer of kept.keys()) if (!this.#members.has(peer)) kept.delete(peer);
    this.scores.keepOnly((peer) => membership.get(peer) !== undefined);
  }
}
