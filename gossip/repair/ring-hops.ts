/** One hop: the receiver takes from the source what it lacks. Places in the ring, from 0. */
export interface RingHop {
  readonly source: number;
  readonly receiver: number;
}

/**
 * The hops of a ring of repair among `count` members, from place 0 on, each from one member to the next: once round
 * gathers the union of all at the last one, and n - 2 more hops bring it to those that came before. What any one member
 * holds has reached all others after 2n - 2 hops: it goes from each to the next, and n - 1 hops that follow one another
 * from any member on are among them. One hop fewer does not do: what only the last holds has then not come to the one
 * before it. (Closed-loop ordered repair of replicated InfluxDB, which for three repairs A-B, B-C, C-A and A-B again.)
 */
export function ringHops(count: number): readonly RingHop[] {
  return Array.from({ length: Math.max(0, 2 * count - 2) }, (_, hop) => ({
    source: hop % count,
    receiver: (hop + 1) % count,
  }));
}
