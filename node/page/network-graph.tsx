import { useEffect, useMemo, useState } from "preact/hooks";
import type { ApiMember } from "../http/api-types.ts";
import { Card } from "./card.tsx";
import type { Dashboard } from "./dashboard.ts";
import type { Journey } from "./journeys.ts";
import { Layout, type Place } from "./layout.ts";
import { lookOf, Shape } from "./organisations.tsx";
import { count, nameOf, organisationName } from "./texts.ts";
import { useWidth } from "./use-width.ts";

/** Where it is narrow, organisations stand one above the other. */
const heightFor = (width: number) => (width < 450 ? 430 : 330);
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
  const label = `${summary(peers)} The table of peers below tells the same.`;
  return (
    <Card title="Network" note={dashboard.shownBlock.value === undefined ? undefined : <ArrowNote />}>
      <div ref={frame}>
        <svg class="graph" width={width} height={heightFor(width)} role="img" aria-label={label}>
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8Z" class="arrow" />
            </marker>
          </defs>
          <Clusters peers={peers} places={places} />
          <Arrows journey={journey} at={at} />
          {peers.map((member) => (
            <Peer
              key={member.peer}
              member={member}
              place={at.get(member.peer)}
              look={lookOf(peers, member)}
              channel={channel}
              isNamed={peers.length <= NAMED_MAX}
            />
          ))}
        </svg>
      </div>
      <GraphLegend />
    </Card>
  );
}

function ArrowNote() {
  return <span>arrows: who gave whom the block on the right</span>;
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

interface ClustersProps {
  readonly peers: readonly ApiMember[];
  readonly places: readonly Place[];
}

function Clusters({ peers, places }: ClustersProps) {
  const names = [...new Set(places.map(({ organisation }) => organisation))];
  return (
    <>
      {names.map((name) => {
        const own = places.filter(({ organisation }) => organisation === name);
        const [left, right] = [
          Math.min(...own.map(({ x }) => x)) - 42,
          Math.max(...own.map(({ x }) => x)) + 42,
        ];
        const [top, bottom] = [
          Math.min(...own.map(({ y }) => y)) - 42,
          Math.max(...own.map(({ y }) => y)) + 38,
        ];
        const member = peers.find((each) => organisationName(each) === name);
        return (
          <g key={name} class={`cluster look-${lookOf(peers, member ?? {})}`}>
            <rect x={left} y={top} width={right - left} height={bottom - top} rx={20} />
            <text x={left + 14} y={top + 20}>
              {name}
            </text>
          </g>
        );
      })}
    </>
  );
}

interface ArrowsProps {
  readonly journey: Journey | undefined;
  readonly at: ReadonlyMap<string, Place>;
}

function Arrows({ journey, at }: ArrowsProps) {
  return (
    <>
      {[...(journey ?? [])].map(([peer, { from }]) => {
        const start = at.get(from ?? "");
        const end = at.get(peer);
        if (start === undefined || end === undefined) return null;
        const length = Math.max(1, Math.hypot(end.x - start.x, end.y - start.y));
        const [dx, dy] = [(14 * (end.x - start.x)) / length, (14 * (end.y - start.y)) / length];
        const line = { x1: start.x + dx, y1: start.y + dy, x2: end.x - dx, y2: end.y - dy };
        return <line key={peer} class="gave" {...line} marker-end="url(#arrow)" />;
      })}
    </>
  );
}

interface PeerProps {
  readonly member: ApiMember;
  readonly place: Place | undefined;
  readonly look: number;
  readonly channel: string;
  readonly isNamed: boolean;
}

function Peer({ member, place, look, channel, isNamed }: PeerProps) {
  if (place === undefined) return null;
  const { state, self, channels, peer, reachable } = member;
  const { height, leads } = channels.find(({ name }) => name === channel) ?? {};
  const shown = state === "alive" && !reachable ? "suspect" : state;
  return (
    <g class={`peer ${shown} look-${look}`} transform={`translate(${place.x},${place.y})`} data-state={state}>
      {/* Made anew with each block, so that it plays again. */}
      {state === "alive" ? <circle key={height} class="pulse" r={10} /> : null}
      <g class="shape">
        <Shape look={look} scale={1.2} />
      </g>
      {state === "dead" || state === "refused" ? <path class="cross" d="M-5-5 5 5M5-5-5 5" /> : null}
      {leads === true ? (
        <text class="star" y={-15}>
          ★
        </text>
      ) : null}
      {isNamed ? (
        <text class={self ? "name self" : "name"} y={28}>
          {nameOf([member], peer)}
        </text>
      ) : null}
    </g>
  );
}

function GraphLegend() {
  const states = ["alive", "suspect", "dead", "left"] as const;
  return (
    <ul class="legend states" aria-label="Marks of the graph">
      {states.map((state) => (
        <li key={state}>
          <svg width={20} height={20} viewBox="-12 -12 24 24" aria-hidden="true">
            <g class={`peer ${state} look-0`}>
              <g class="shape">
                <Shape look={0} />
              </g>
              {state === "dead" ? <path class="cross" d="M-5-5 5 5M5-5-5 5" /> : null}
            </g>
          </svg>
          {state}
        </li>
      ))}
      <li>
        <b aria-hidden="true">★</b> brings blocks in for its organisation
      </li>
    </ul>
  );
}
