import { setTimeout as pause } from "node:timers/promises";
import type { ChaosNetwork } from "./chaos-network.ts";

const LOOK_INTERVAL_MS = 2_000;

/** The last third of the time may take so many times the memory of the second third. */
const GROWTH_MAX = 1.25;

/** Too few samples say nothing. */
const SAMPLES_MIN = 15;

/** Looks at the memory of some peers that are let alone. */
export class MemoryWatch {
  readonly #network: ChaosNetwork;
  readonly #samples: ReadonlyMap<string, number[]>;

  constructor(network: ChaosNetwork, names: readonly string[]) {
    this.#network = network;
    this.#samples = new Map(names.map((name) => [name, []]));
  }

  /** Looks until the signal. */
  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      for (const [name, samples] of this.#samples) {
        const standing = await this.#network.standing(name);
        if (standing !== undefined) samples.push(standing.rssBytes);
      }
      await pause(LOOK_INTERVAL_MS, undefined, { signal: over }).catch(() => undefined);
    }
  }

  /** Whose memory has grown by more than is allowed. */
  failures(): readonly string[] {
    return [...this.#samples].flatMap(([name, samples]) => {
      const [, before = 0, after = 0] = thirds(samples);
      if (samples.length < SAMPLES_MIN || after <= GROWTH_MAX * before) return [];
      return [`the memory of ${name} grew from ${mebibytes(before)} to ${mebibytes(after)}`];
    });
  }

  /** The medians of the first, second and last third of the time, by peer. */
  report(): string {
    const parts = [...this.#samples].map(
      ([name, samples]) => `${name} ${thirds(samples).map(mebibytes).join(", ")}`,
    );
    return `memory, medians of each third of the time: ${parts.join("; ")}`;
  }
}

function thirds(samples: readonly number[]): readonly number[] {
  const length = Math.ceil(samples.length / 3);
  return [0, 1, 2].map((third) => {
    const part = samples.slice(third * length, (third + 1) * length).toSorted((a, b) => a - b);
    return part[part.length >> 1] ?? 0;
  });
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
