/**
 * For how many hops the block itself is pushed to `fanout` peers each before only adverts go on. Copies that are
 * pushed blindly meet by chance: with b of them among n peers, about b^2 / 2n arrive where one is already. The plan
 * keeps b at a fifth of n at most, so that blind pushing costs less than one copy in fifty twice. The first hop
 * never costs any: the source picks different peers.
 */
export function fullHopsFor(peerCount: number, fanout: number): number {
  if (fanout < 2) return 1;
  let hops = 1;
  for (let copies = fanout + fanout ** 2; copies <= peerCount / 5; copies += fanout ** (hops + 1)) hops++;
  return hops;
}

/**
 * How many random neighbours each peer tells of a new block, once. In a random directed graph of n vertices with k
 * edges out of each, the expected number of vertices that nothing leads to is n * e^-k; with k = ln n + 7 that is
 * one block in a thousand that misses a peer, which the pull then mends.
 */
export function advertsFor(peerCount: number): number {
  return Math.ceil(Math.log(Math.max(1, peerCount)) + 7);
}
