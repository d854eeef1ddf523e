import { Card } from "./card.tsx";
import { Chart } from "./chart.tsx";
import type { Dashboard } from "./dashboard.ts";
import { spreadOf } from "./journeys.ts";
import { duration } from "./texts.ts";

/** How long each block took to half of the peers, and to the last. */
export function DelayChart({ dashboard }: { readonly dashboard: Dashboard }) {
  const spreads = [...dashboard.journeys.value]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([number, journey]) => {
      const spread = spreadOf(journey);
      return spread === undefined ? [] : [{ number, ...spread }];
    });
  const last = spreads.at(-1);
  return (
    <Card title="Dissemination delay" note="until durable, from the block's first byte">
      <Chart
        label={
          last === undefined
            ? "No block has come yet."
            : `Block ${last.number} was durable at half of the peers after ${duration(last.medianMs)}, at the last after ${duration(last.lastMs)}.`
        }
        unit="ms"
        data={[
          spreads.map(({ number }) => number),
          spreads.map(({ medianMs }) => medianMs),
          spreads.map(({ lastMs }) => lastMs),
        ]}
        lines={[
          { name: "half of the peers", colour: "--way-push" },
          { name: "the last peer", colour: "--way-want" },
        ]}
        isTime={false}
      />
    </Card>
  );
}
