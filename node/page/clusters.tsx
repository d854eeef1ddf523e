import type { ApiMember } from "../http/api-types.ts";
import type { Place } from "./layout.ts";
import { lookOf } from "./organisations.tsx";
import { organisationName } from "./texts.ts";

export interface ClustersProps {
  readonly peers: readonly ApiMember[];
  readonly places: readonly Place[];
  /** Whether peers have names, which take room. */
  readonly isNamed: boolean;
}

/** The ground that each organisation's peers stand on. */
export function Clusters(props: ClustersProps) {
  return (
    <>
      {clustersOf(props).map(({ name, look, left, top, right, bottom }) => (
        <rect
          key={name}
          class={`cluster look-${look}`}
          x={left}
          y={top}
          width={right - left}
          height={bottom - top}
          rx={20}
        />
      ))}
    </>
  );
}

/** The organisations' names; to be drawn above all else. */
export function ClusterNames(props: ClustersProps) {
  return (
    <>
      {clustersOf(props).map(({ name, left, top }) => (
        <text key={name} class="cluster-name" x={left + 13} y={Math.max(13, top + 20)}>
          {name}
        </text>
      ))}
    </>
  );
}

function clustersOf({ peers, places, isNamed }: ClustersProps) {
  const names = [...new Set(places.map(({ organisation }) => organisation))];
  const [aside, above, below] = isNamed ? [42, 42, 38] : [20, 30, 20];
  return names.map((name) => {
    const own = places.filter(({ organisation }) => organisation === name);
    const member = peers.find((each) => organisationName(each) === name);
    return {
      name,
      look: lookOf(peers, member ?? {}),
      left: Math.min(...own.map(({ x }) => x)) - aside,
      right: Math.max(...own.map(({ x }) => x)) + aside,
      top: Math.min(...own.map(({ y }) => y)) - above,
      bottom: Math.max(...own.map(({ y }) => y)) + below,
    };
  });
}
