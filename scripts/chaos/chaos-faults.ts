import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import type { ChaosNetwork } from "./chaos-network.ts";

/** How often each thing was done. */
export interface FaultCounts {
  kills: number;
  freezes: number;
  partitions: number;
}

/** Kills, freezes and parts peers at random until it is told to stop. */
export class ChaosFaults {
  readonly counts: FaultCounts = { kills: 0, freezes: 0, partitions: 0 };
  readonly #network: ChaosNetwork;
  readonly #random: Random;
  /** Peers that nothing is done to, so that their memory can be watched. */
  readonly #spared: ReadonlySet<string>;
  readonly #underWay = new Set<Promise<void>>();
  #isParted = false;

  constructor(network: ChaosNetwork, spared: readonly string[], random: Random) {
    this.#network = network;
    this.#spared = new Set(spared);
    this.#random = random;
  }

  /** Resolves, after the signal, when everybody is up again and can reach everybody. */
  async run(over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await pause(this.#between(300, 2_500));
      this.#begin(over);
    }
    await Promise.all(this.#underWay);
  }

  #begin(over: AbortSignal): void {
    const draw = this.#random();
    const fault = draw < 0.15 ? this.#part(over) : draw < 0.55 ? this.#killOne(over) : this.#freezeOne(over);
    const task = fault.finally(() => this.#underWay.delete(task));
    this.#underWay.add(task);
  }

  async #killOne(over: AbortSignal): Promise<void> {
    const name = this.#victim();
    if (name === undefined) return;
    this.counts.kills++;
    await this.#network.kill(name);
    await this.#wait(500, 8_000, over);
    await this.#network.start(name);
  }

  async #freezeOne(over: AbortSignal): Promise<void> {
    const name = this.#victim();
    if (name === undefined) return;
    this.counts.freezes++;
    await this.#network.freeze(name, true);
    await this.#wait(1_000, 20_000, over);
    await this.#network.freeze(name, false);
  }

  async #part(over: AbortSignal): Promise<void> {
    const { link } = this.#network;
    if (link === undefined || this.#isParted) return;
    this.#isParted = true;
    this.counts.partitions++;
    link.cut();
    await this.#wait(3_000, 20_000, over);
    link.heal();
    this.#isParted = false;
  }

  /** One that works, while at least half of all do. */
  #victim(): string | undefined {
    const running = this.#network.running();
    if (running.length <= this.#network.peers().length / 2) return undefined;
    const candidates = running.filter(({ name }) => !this.#spared.has(name));
    return sample(candidates, 1, this.#random)[0]?.name;
  }

  async #wait(leastMs: number, mostMs: number, over: AbortSignal): Promise<void> {
    await pause(this.#between(leastMs, mostMs), undefined, { signal: over }).catch(() => undefined);
  }

  #between(least: number, most: number): number {
    return least + (most - least) * this.#random();
  }
}
