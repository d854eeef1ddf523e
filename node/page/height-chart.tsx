import { Card } from "./card.tsx";
import { Chart } from "./chart.tsx";
import type { Dashboard } from "./dashboard.ts";

/** The greatest and the least height of the peers that live, over the last minutes. */
export function HeightChart({ dashboard }: { readonly dashboard: Dashboard }) {
  const samples = dashboard.samples.value.filter(({ heights }) => heights.size > 0);
  const highest = samples.map(({ heights }) => Math.max(...heights.values()));
  const lowest = samples.map(({ heights }) => Math.min(...heights.values()));
  return (
    <Card title="Height" note="of the peers that live, since the page was opened">
      <Chart
        label={`The highest peer is at ${highest.at(-1) ?? 0}, the lowest at ${lowest.at(-1) ?? 0}.`}
        unit=""
        data={[samples.map(({ atMs }) => atMs / 1_000), lowest, highest]}
        lines={[
          { name: "the lowest", colour: "--way-want" },
          { name: "the highest", colour: "--way-push" },
        ]}
        isTime
      />
    </Card>
  );
}
