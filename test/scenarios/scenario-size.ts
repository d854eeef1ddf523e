import type { GossipOptions } from "../../gossip/options.ts";
import type { LinkWeather } from "../../node/testing/simulator/link-weather.ts";

/** How large a run is. */
export interface ScenarioSize {
  readonly isFull: boolean;
  /** All peers, the attackers among them. */
  readonly peers: number;
  readonly blocks: number;
  readonly blockBytes: number;
  /** From one block to the next. */
  readonly intervalMs: number;
  readonly weather: Pick<LinkWeather, "latencyMs" | "jitterMs" | "bytesPerSecond">;
  readonly options: Partial<GossipOptions>;
}

/** The delay is 50 ms ± 20. */
const DELAY = { latencyMs: 30, jitterMs: 40 } as const;

/** The reference's rig: a block of 1 MB each second for two minutes over 100 Mbit/s. */
export function fullSize(peers = 100): ScenarioSize {
  return {
    isFull: true,
    peers,
    blocks: 120,
    blockBytes: 1_000_000,
    intervalMs: 1_000,
    weather: { ...DELAY, bytesPerSecond: 12_500_000 },
    options: {},
  };
}

/**
 * The suite's: few blocks of a 16th of the size over uplinks of a 16th of the rate, so that a block takes as long to
 * leave an uplink as in the full rig, and with the sizes of the protocol that decide on its ways scaled alike.
 */
export function shortSize(peers = 100): ScenarioSize {
  return {
    isFull: false,
    peers,
    blocks: 5,
    blockBytes: 62_500,
    intervalMs: 1_000,
    weather: { ...DELAY, bytesPerSecond: 781_250 },
    options: {
      antiEntropyBytesMax: 64 << 10,
      replyBytesMax: 256 << 10,
      chunkBlockBytesMin: 16 << 10,
      pushDirectBytesMax: 32 << 10,
      wantBytesPerSecondMin: 62_500,
    },
  };
}

/** How long the block alone takes to leave an uplink. */
export function blockMs({ blockBytes, weather }: ScenarioSize): number {
  return (1_000 * blockBytes) / weather.bytesPerSecond;
}

/** The mean one-way delay. */
export function delayMs({ weather }: ScenarioSize): number {
  return weather.latencyMs + weather.jitterMs / 2;
}
