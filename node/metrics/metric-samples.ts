/** One line of Prometheus' text format. */
interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Labels that a sample must have. */
type Match = Readonly<Record<string, string>>;

/** What only goes up while a process runs. */
const COUNTER = /_(total|count|sum|bucket)$|^gossip_comm_messages_/;

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** What a peer's `/metrics` has answered. */
export class MetricSamples {
  readonly #samples: readonly Sample[];

  private constructor(samples: readonly Sample[]) {
    this.#samples = samples;
  }

  /** Reads Prometheus' text format; what is no sample is passed over. */
  static parse(text: string): MetricSamples {
    return new MetricSamples(text.split("\n").flatMap((line) => sampleOf(line) ?? []));
  }

  /** The same with counters as what came on top since an earlier answer of the same process. */
  since(before: MetricSamples): MetricSamples {
    const old = new Map(before.#samples.map((sample) => [keyOf(sample), sample.value]));
    return new MetricSamples(
      this.#samples.map((sample) =>
        COUNTER.test(sample.name)
          ? { ...sample, value: sample.value - (old.get(keyOf(sample)) ?? 0) }
          : sample,
      ),
    );
  }

  /** The sum of all that match; 0 where none does. */
  sum(name: string, match: Match = {}): number {
    return this.#find(name, match).reduce((sum, { value }) => sum + value, 0);
  }

  /** The sums by a label's values; those of 0 are left out. */
  sumsBy(name: string, label: string, match: Match = {}): Readonly<Record<string, number>> {
    const sums: Record<string, number> = {};
    for (const { labels, value } of this.#find(name, match)) {
      const key = labels[label];
      if (key !== undefined && value !== 0) sums[key] = (sums[key] ?? 0) + value;
    }
    return sums;
  }

  /**
   * A quantile (0.5 is the median) of a histogram, as Prometheus estimates it: on a straight line within a bucket; the
   * last bound for what is above it. Undefined where nothing was measured.
   */
  quantile(name: string, quantile: number, match: Match = {}): number | undefined {
    const counts = this.#cumulative(name, match);
    const total = counts.at(-1)?.count ?? 0;
    if (total === 0) return undefined;
    const rank = quantile * total;
    let below = { bound: 0, count: 0 };
    for (const bucket of counts) {
      if (bucket.count >= rank) {
        if (bucket.bound === Infinity) return below.bound;
        const share = (rank - below.count) / (bucket.count - below.count);
        return below.bound + (bucket.bound - below.bound) * (Number.isFinite(share) ? share : 1);
      }
      below = bucket;
    }
    return below.bound;
  }

  #cumulative(name: string, match: Match): readonly { readonly bound: number; readonly count: number }[] {
    const counts = new Map<number, number>();
    for (const { labels, value } of this.#find(`${name}_bucket`, match)) {
      const bound = labels["le"] === "+Inf" ? Infinity : Number(labels["le"]);
      counts.set(bound, (counts.get(bound) ?? 0) + value);
    }
    return [...counts].map(([bound, count]) => ({ bound, count })).sort((a, b) => a.bound - b.bound);
  }

  #find(name: string, match: Match): readonly Sample[] {
    const wanted = Object.entries(match);
    return this.#samples.filter(
      (sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value),
    );
  }
}

function sampleOf(line: string): Sample | undefined {
  const [, name, labels = "", value] = LINE.exec(line) ?? [];
  if (name === undefined) return undefined;
  const pairs = [...labels.matchAll(LABEL)].map(([, label = "", text = ""]) => [label, unescaped(text)]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}

function keyOf({ name, labels }: Sample): string {
  return `${name} ${JSON.stringify(labels)}`;
}
