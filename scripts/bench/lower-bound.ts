/** A network in which every peer has the same uplink, no downlink is narrower, and every pair the same delay. */
export interface Broadcast {
  /** Peers that the block is to reach, the source not counted. */
  readonly receivers: number;
  readonly blockBytes: number;
  readonly bytesPerSecond: number;
  readonly delayMs: number;
}

/**
 * The least time in which a block can reach all receivers, in milliseconds: the greatest of three bounds.
 *
 * - every receiver needs all bytes, and one delay;
 * - of what the source sends in the last two delays only its direct receivers profit, so nearly all must have left
 *   the source two delays before the end;
 * - all copies together must fit through all uplinks, of which those of the receivers can help only two delays after
 *   the start (with no delay: Kumar and Ross, "Peer-assisted file distribution: the minimum distribution time", 2006).
 *
 * Where the source has served everybody itself before any relay could help, that is the bound.
 */
export function lowerBoundMs({ receivers, blockBytes, bytesPerSecond, delayMs }: Broadcast): number {
  const delay = delayMs / 1_000;
  const once = blockBytes / bytesPerSecond;
  const direct = receivers * once + delay;
  if (direct <= 2 * delay) return 1_000 * direct;
  const perPeer = once + delay;
  const source = once >= delay / receivers ? once + 2 * delay - delay / receivers : direct;
  const inFlight = bytesPerSecond * delay * (1 + 2 * receivers);
  const aggregate = (receivers * blockBytes + inFlight) / (bytesPerSecond * (1 + receivers));
  return 1_000 * Math.max(perPeer, source, aggregate);
}

/**
 * How long it takes, in milliseconds, where the source cuts the block into chunks of an erasure code, sends each to
 * one relay, and that one to all others, while a share of the relays passes nothing on and the source sends as many
 * chunks more. No bound, but what a simple schedule reaches: once / (1 - share) + 2 delays + (receivers - 1) chunks.
 *
 * @throws RangeError unless the share is from 0 to below 1.
 */
export function codedTwoHopMs(broadcast: Broadcast, silentShare: number, chunks: number): number {
  const { receivers, blockBytes, bytesPerSecond, delayMs } = broadcast;
  if (!(silentShare >= 0 && silentShare < 1)) throw new RangeError(`a share of ${silentShare}`);
  const onceMs = (1_000 * blockBytes) / bytesPerSecond;
  return onceMs / (1 - silentShare) + 2 * delayMs + ((receivers - 1) * onceMs) / chunks;
}
