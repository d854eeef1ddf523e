import type { Dashboard } from "./dashboard.ts";
import { DelayChart } from "./delay-chart.tsx";
import { HeightChart } from "./height-chart.tsx";
import { Happenings, Refusals, UserEvents } from "./happenings.tsx";
import { KeyFigures } from "./key-figures.tsx";
import { NetworkGraph } from "./network-graph.tsx";
import { PageHeader } from "./page-header.tsx";
import { PeersTable } from "./peers-table.tsx";
import { TokenForm } from "./token-form.tsx";
import { Waterfall } from "./waterfall.tsx";

/** The whole page. */
export function App({ dashboard }: { readonly dashboard: Dashboard }) {
  const isLocked = dashboard.connection.value.kind === "locked";
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <PageHeader dashboard={dashboard} />
      <main id="content" tabIndex={-1}>
        {isLocked ? <TokenForm dashboard={dashboard} /> : <Views dashboard={dashboard} />}
      </main>
      <Announcer dashboard={dashboard} />
    </>
  );
}

function Views({ dashboard }: { readonly dashboard: Dashboard }) {
  return (
    <>
      <KeyFigures dashboard={dashboard} />
      <div class="columns">
        <NetworkGraph dashboard={dashboard} />
        <Waterfall dashboard={dashboard} />
      </div>
      <PeersTable dashboard={dashboard} />
      <div class="columns even">
        <DelayChart dashboard={dashboard} />
        <HeightChart dashboard={dashboard} />
      </div>
      <div class="columns thirds">
        <Happenings dashboard={dashboard} />
        <UserEvents dashboard={dashboard} />
        <Refusals dashboard={dashboard} />
      </div>
    </>
  );
}

/** Says to a screen reader what changes. */
function Announcer({ dashboard }: { readonly dashboard: Dashboard }) {
  const connection = dashboard.connection.value;
  const newest = dashboard.happenings.value[0]?.text ?? "";
  return (
    <div class="unseen" role="status" aria-live="polite">
      {connection.kind === "failing" ? connection.message : newest}
    </div>
  );
}
