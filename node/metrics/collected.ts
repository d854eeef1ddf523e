import { Counter, Gauge, type Registry } from "prom-client";

/** What one metric is called, and what it means. */
export interface MetricHead {
  readonly name: string;
  /** One sentence, with the unit. */
  readonly help: string;
  readonly labels?: readonly string[];
}

/** One value of a metric. */
export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Adds a gauge whose values are looked up whenever somebody asks for them. */
export function collectedGauge(registry: Registry, head: MetricHead, samples: () => Iterable<Sample>): void {
  const gauge = new Gauge({
    ...options(registry, head),
    collect: () => {
      gauge.reset();
      for (const { labels = {}, value } of samples()) gauge.set(labels, value);
    },
  });
}

/** Adds a counter of what somebody else counts, looked up whenever somebody asks for it. */
export function collectedCounter(
  registry: Registry,
  head: MetricHead,
  samples: () => Iterable<Sample>,
): void {
  const counter = new Counter({
    ...options(registry, head),
    collect: () => {
      counter.reset();
      for (const { labels = {}, value } of samples()) counter.inc(labels, value);
    },
  });
}

/** One sample for each entry of a record, with its key as this label. */
export function samplesBy(
  label: string,
  values: Readonly<Partial<Record<string, number>>>,
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  return Object.entries(values).map(([key, value = 0]) => ({ labels: { ...labels, [label]: key }, value }));
}

function options(registry: Registry, { name, help, labels = [] }: MetricHead) {
  return { name, help, labelNames: [...labels], registers: [registry] };
}
