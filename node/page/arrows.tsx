import type { Journey } from "./journeys.ts";
import type { Place } from "./layout.ts";

export interface ArrowsProps {
  readonly journey: Journey | undefined;
  readonly at: ReadonlyMap<string, Place>;
}

/** Who gave whom a block. */
export function Arrows({ journey, at }: ArrowsProps) {
  return (
    <>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0 8 4 0 8Z" class="arrow" />
        </marker>
      </defs>
      {[...(journey ?? [])].map(([peer, { from }]) => {
        const start = at.get(from ?? "");
        const end = at.get(peer);
        if (start === undefined || end === undefined) return null;
        return <path key={peer} class="gave" d={arrowBetween(start, end)} marker-end="url(#arrow)" />;
      })}
    </>
  );
}

/** A bow from one place to another, so that it does not run over a third that lies between. */
function arrowBetween(start: Place, end: Place): string {
  const [dx, dy] = [end.x - start.x, end.y - start.y];
  const length = Math.max(1, Math.hypot(dx, dy));
  const bend = Math.min(0.16, 24 / length);
  const [middleX, middleY] = [start.x + dx / 2 - bend * dy, start.y + dy / 2 + bend * dx];
  const outside = ({ x, y }: Place) => {
    const away = Math.max(1, Math.hypot(middleX - x, middleY - y));
    return `${x + (16 * (middleX - x)) / away} ${y + (16 * (middleY - y)) / away}`;
  };
  return `M${outside(start)}Q${middleX} ${middleY} ${outside(end)}`;
}
