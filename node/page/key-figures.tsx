import type { ApiChannel } from "../http/api-types.ts";
import type { Dashboard } from "./dashboard.ts";
import { spreadOf } from "./journeys.ts";
import { count, duration, size } from "./texts.ts";

/** What matters most, in a row. */
export function KeyFigures({ dashboard }: { readonly dashboard: Dashboard }) {
  const channel = dashboard.channel.value;
  const peers = dashboard.peers.value;
  const alive = peers.filter(({ state }) => state === "alive").length;
  const journey = dashboard.journeys.value.get(dashboard.blocks.value[0] ?? -1);
  const spread = journey === undefined ? undefined : spreadOf(journey);
  return (
    <section class="figures" aria-label="In short">
      <Figure name="Height" value={channel?.height.toLocaleString() ?? "–"} more="blocks, with genesis" />
      <Figure
        name="Peers alive"
        value={`${alive} of ${peers.length}`}
        more={alive === peers.length ? "all that are known" : "look below for why"}
      />
      <Figure
        name="Newest block"
        value={spread === undefined ? "–" : duration(spread.lastMs)}
        more={
          journey === undefined
            ? "none has come yet"
            : `to be durable at ${journey.size === peers.length ? "all" : ""} ${count(journey.size, "peer")}`
        }
      />
      <CatchUp channel={channel} />
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly more: string;
}

function Figure({ name, value, more }: FigureProps) {
  return (
    <div class="card figure">
      <h2>{name}</h2>
      <p class="value">{value}</p>
      <p class="more">{more}</p>
    </div>
  );
}

function CatchUp({ channel }: { readonly channel: ApiChannel | undefined }) {
  const catchUp = channel?.catchUp;
  if (catchUp === undefined) {
    const value = channel === undefined ? "–" : channel.catchingUp ? "catching up" : "in step";
    return <Figure name="Catch-up" value={value} more="with the highest that is known" />;
  }
  const { from, height, target, blocksPerSecond, bytesPerSecond, secondsLeft } = catchUp;
  const percent = Math.floor((100 * (height - from)) / Math.max(1, target - from));
  const left = secondsLeft === undefined ? "" : `, ${duration(1_000 * secondsLeft)} left`;
  return (
    <div class="card figure">
      <h2 id="catch-up">Catch-up</h2>
      <p class="value">
        {percent} % <small>{`${height} of ${target}`}</small>
      </p>
      <progress max={target - from} value={height - from} aria-labelledby="catch-up" />
      <p class="more">{`${Math.round(blocksPerSecond)} blocks/s, ${size(bytesPerSecond)}/s${left}`}</p>
    </div>
  );
}
