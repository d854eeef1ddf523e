import { useEffect, useMemo, useState } from "preact/hooks";
import type { ApiMember } from "../http/api-types.ts";
import { Arrows } from "./arrows.tsx";
import { Card } from "./card.tsx";
import { ClusterNames, Clusters } from "./clusters.tsx";
import type { Dashboard } from "./dashboard.ts";
import { Layout, type Place } from "./layout.ts";
import { lookOf } from "./organisations.tsx";
import { GraphLegend, PeerMark } from "./peer-mark.tsx";
import { count, organisationName } from "./texts.ts";
import { useWidth } from "./use-width.ts";

/** Where it is narrow, organisations stand one above the other. */
const heightFor = (width: number) => (width < 450 ? 430 : 310);
/** With more, names would lie on each other. */
const NAMED_MAX = 30;

/** The network: organisations as clusters, states as marks, and the way of the block that is shown beside it. */
export function NetworkGraph({ dashboard }: { readonly dashboard: Dashboard }) {
  const peers = dashboard.peers.value;
  const channel = dashboard.channelName.value ?? "";
  const journey = dashboard.journeys.value.get(dashboard.shownBlock.value ?? -1);
  const [frame, width] = useWidth<HTMLDivElement>();
  const places = usePlaces(peers, width);
  const at = new Map(places.map((place) => [place.peer, place]));
  const isNamed = peers.length <= NAMED_MAX;
  const label = `${summary(peers)} The table of peers below tells the same.`;
  return (
    <Card title="Network" note={dashboard.shownBlock.value === undefined ? undefined : <ArrowNote />}>
      <div ref={frame}>
        <svg class="graph" width={width} height={heightFor(width)} role="img" aria-label={label}>
          <Clusters {...{ peers, places, isNamed }} />
          <Arrows journey={journey} at={at} />
          {peers.map((member) => (
            <PeerMark
              key={member.peer}
              member={member}
              place={at.get(member.peer)}
              look={lookOf(peers, member)}
              channel={channel}
              isNamed={isNamed}
            />
          ))}
          <ClusterNames {...{ peers, places, isNamed }} />
        </svg>
      </div>
      <GraphLegend />
    </Card>
  );
}

function ArrowNote() {
  return <span>arrows: who gave whom the block that is shown</span>;
}

function usePlaces(peers: readonly ApiMember[], width: number): readonly Place[] {
  const [, redraw] = useState(0);
  const layout = useMemo(() => new Layout(() => redraw((drawn) => drawn + 1)), []);
  useEffect(() => () => layout[Symbol.dispose](), [layout]);
  const placed = peers.map((member) => ({ peer: member.peer, organisation: organisationName(member) }));
  useEffect(() => layout.update(placed, { width, height: heightFor(width) }));
  return layout.places();
}

function summary(peers: readonly ApiMember[]): string {
  const states = new Map<string, number>();
  for (const { state } of peers) states.set(state, (states.get(state) ?? 0) + 1);
  const told = [...states].map(([state, number]) => `${number} ${state}`).join(", ");
  return `${count(peers.length, "peer")} of ${count(new Set(peers.map(organisationName)).size, "organisation")}: ${told}.`;
}
