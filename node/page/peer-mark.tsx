import type { ApiMember } from "../http/api-types.ts";
import type { Place } from "./layout.ts";
import { Shape } from "./organisations.tsx";
import { nameOf } from "./texts.ts";

export interface PeerMarkProps {
  readonly member: ApiMember;
  readonly place: Place | undefined;
  readonly look: number;
  readonly channel: string;
  readonly isNamed: boolean;
}

/** A peer in the graph: its organisation by shape and colour, its state by how that is drawn. */
export function PeerMark({ member, place, look, channel, isNamed }: PeerMarkProps) {
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

/** What the marks mean. */
export function GraphLegend() {
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
