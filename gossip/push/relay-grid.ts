import { sha256 } from "../../chain/hash.ts";
import type { PeerId } from "../ports.ts";

/**
 * Peers laid out in rows and columns, in an order that follows from their ids alone: who sees the same peers lays them
 * out alike, without a word. Whoever sends along its row, and each of those along its column, reaches everybody once
 * (dimension-order broadcast in a Hamming graph); so a peer needs links to its row and its column only, about 2·√n of
 * n. The last row may be shorter than the others.
 */
export class RelayGrid {
  readonly width: number;
  readonly #peers: readonly PeerId[];
  readonly #positions = new Map<PeerId, number>();

  /** @param seed other seeds give other orders, so that it is not always the same peers that stand in the middle. */
  constructor(peers: readonly PeerId[], width: number, seed = 0) {
    this.width = Math.max(1, Math.min(width, peers.length));
    this.#peers = inOrder(peers, seed);
    this.#peers.forEach((peer, position) => this.#positions.set(peer, position));
  }

  /** The others in the peer's row; none for a peer that is not in the grid. */
  row(peer: PeerId): PeerId[] {
    const position = this.#positions.get(peer);
    if (position === undefined) return [];
    const start = position - (position % this.width);
    return this.#peers.slice(start, start + this.width).filter((other) => other !== peer);
  }

  /** The others in the peer's column. */
  column(peer: PeerId): PeerId[] {
    const position = this.#positions.get(peer);
    if (position === undefined) return [];
    const column: PeerId[] = [];
    for (let at = position % this.width; at < this.#peers.length; at += this.width) {
      const other = this.#peers[at];
      if (other !== undefined && other !== peer) column.push(other);
    }
    return column;
  }

  /** Whether the peer's row meets every column. */
  isRowFull(peer: PeerId): boolean {
    return this.row(peer).length === this.width - 1;
  }

  /** Whether the peer's column meets every row. */
  isColumnFull(peer: PeerId): boolean {
    return this.column(peer).length === Math.ceil(this.#peers.length / this.width) - 1;
  }
}

/**
 * The width of the grid that so many peers are laid out in: about as wide as high, and of those widths the one that
 * leaves the fewest places of the last row empty, since a column that does not meet every row can head no spread.
 */
export function gridWidth(peerCount: number): number {
  const least = Math.max(1, Math.ceil(Math.sqrt(peerCount)));
  let best = least;
  for (let width = least; width <= WIDENING * least; width++) {
    if (emptyPlaces(peerCount, width) < emptyPlaces(peerCount, best)) best = width;
  }
  return best;
}

/** Rows a quarter longer than a square's cost a fortieth more links. */
const WIDENING = 1.25;

function emptyPlaces(peerCount: number, width: number): number {
  return Math.ceil(peerCount / width) * width - peerCount;
}

/**
 * The peers that `self` keeps links to: all others up to `max`, above that its row and its column in the grid of all,
 * about 2·√n, which the others lay out alike.
 */
export function neighboursOf(self: PeerId, others: readonly PeerId[], max: number): readonly PeerId[] {
  if (others.length <= max) return others;
  const grid = new RelayGrid([...others, self], gridWidth(others.length + 1));
  return [...grid.row(self), ...grid.column(self)];
}

const keys = new Map<PeerId, number>();
const KEYS_MAX = 16_384;

function inOrder(peers: readonly PeerId[], seed: number): readonly PeerId[] {
  return peers
    .map((peer) => ({ peer, key: mixed(shortId(peer) ^ Math.imul(seed, GOLDEN)) }))
    .sort((a, b) => a.key - b.key || (a.peer < b.peer ? -1 : 1))
    .map(({ peer }) => peer);
}

/** 32 bits of a hash of the id, remembered: an id is hashed once, not once for each block. */
export function shortId(peer: PeerId): number {
  const known = keys.get(peer);
  if (known !== undefined) return known;
  const [a = 0, b = 0, c = 0, d = 0] = sha256(peer);
  const key = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  if (keys.size >= KEYS_MAX) keys.clear();
  keys.set(peer, key);
  return key;
}

/** 2^32 divided by the golden ratio: spreads small seeds over all bits. */
const GOLDEN = 0x9e3779b1;

/** The finalizer of MurmurHash3 (Appleby), which makes every bit depend on every other. */
function mixed(key: number): number {
  let hash = key;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
