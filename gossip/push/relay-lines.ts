import type { PeerId } from "../ports.ts";
import { SPREAD_NONE, spreadTargets, type Spread, type SpreadTargets, type SpreadView } from "./spread.ts";

/** A relay, and the peers to whom it is to pass on what it is given. */
export interface RelayLine {
  readonly relay: PeerId;
  readonly peers: readonly PeerId[];
}

/** To whom a block's first peer sends it itself, and what it relies on relays for. */
export interface RelayedSpread {
  readonly targets: readonly SpreadTargets[];
  readonly lines: readonly RelayLine[];
}

/**
 * The targets of a spread, where peers that are not trusted relay nothing: they get the block like the others, and the
 * first peer serves their lines in their place.
 */
export function relayedSpread(
  self: PeerId,
  view: SpreadView,
  spread: Spread,
  isTrusted: (peer: PeerId) => boolean,
): RelayedSpread {
  const targets = spreadTargets(self, view, spread);
  const { step, width, seed } = spread;
  if (step !== "row-then-columns" && step !== "column-then-rows") return { targets, lines: [] };
  const grid = view.grid(width, seed);
  const lineOf = (relay: PeerId): RelayLine => {
    const line = step === "row-then-columns" ? grid.column(relay) : grid.row(relay);
    return { relay, peers: line };
  };
  const [first, ...rest] = targets;
  if (first === undefined) return { targets, lines: [] };
  const relays = first.peers.filter(isTrusted);
  const others = first.peers.filter((peer) => !isTrusted(peer));
  const inPlace = others.flatMap((peer) => [peer, ...lineOf(peer).peers]);
  return {
    targets: [{ ...first, peers: relays }, ...rest, { peers: inPlace, spread: SPREAD_NONE }],
    lines: relays.map(lineOf).filter(({ peers }) => peers.length > 0),
  };
}
