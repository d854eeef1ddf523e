/** How the links are. All peers have the same; what may change is asked for anew with every message. */
export interface LinkWeather {
  readonly latencyMs: number;
  /** Each message takes up to this much longer, at random. */
  readonly jitterMs: number;
  /** Of each peer's uplink, which its messages share one after another. */
  readonly bytesPerSecond: number;
  /** Of one-way messages; fetches are on streams, which repeat what is lost and so only take longer. */
  readonly lossRate: number;
  /**
   * With TCP nothing is lost for good: after so long what was lost is sent again, then after twice as long, and what
   * comes behind it waits. 0: one-way messages stay lost.
   */
  readonly repeatMs: number;
  readonly duplicationRate: number;
  /** Of one-way messages that overtake the ones before them. */
  readonly reorderRate: number;
}

/** A quiet local network. */
export const CALM: LinkWeather = {
  latencyMs: 1,
  jitterMs: 0.5,
  bytesPerSecond: 125_000_000,
  lossRate: 0,
  repeatMs: 0,
  duplicationRate: 0,
  reorderRate: 0,
};
