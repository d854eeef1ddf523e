import type { ApiMember } from "../http/api-types.ts";
import { organisationName } from "./texts.ts";

/** Shapes and colours come again after so many organisations. */
const LOOKS = 6;

/** A number for each organisation, by its name: the same on every peer's page. */
export function lookOf(members: readonly ApiMember[], member: Pick<ApiMember, "organisation">): number {
  const names = [...new Set(members.map(organisationName))].toSorted();
  return Math.max(0, names.indexOf(organisationName(member))) % LOOKS;
}

/** Around the origin, 9 units in radius: circle, square, diamond, triangle, hexagon, upended triangle. */
const OUTLINES = [
  undefined,
  "M-8-8H8V8H-8Z",
  "M0-10.5 10.5 0 0 10.5-10.5 0Z",
  "M0-10 10 8H-10Z",
  "M-9 0-4.5-8.5H4.5L9 0 4.5 8.5H-4.5Z",
  "M0 10-10-8H10Z",
] as const;

/** The shape of an organisation, for an SVG. */
export function Shape({ look, scale = 1 }: { readonly look: number; readonly scale?: number }) {
  const path = OUTLINES[look];
  const transform = scale === 1 ? undefined : `scale(${scale})`;
  return path === undefined ? (
    <circle r={9} transform={transform} />
  ) : (
    <path d={path} transform={transform} />
  );
}

/** The shape in a line of text. */
export function Glyph({ look }: { readonly look: number }) {
  return (
    <svg class={`glyph look-${look}`} viewBox="-12 -12 24 24" width={14} height={14} aria-hidden="true">
      <Shape look={look} />
    </svg>
  );
}
