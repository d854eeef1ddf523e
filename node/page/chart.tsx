import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { clockTime } from "./texts.ts";
import { useWidth } from "./use-width.ts";

const HEIGHT = 190;

interface ChartProps {
  /** What it shows, in words. */
  readonly label: string;
  /** Behind each value; empty: none. */
  readonly unit: string;
  /** The places along the bottom, then the values of each line. */
  readonly data: readonly (readonly number[])[];
  readonly lines: readonly { readonly name: string; readonly colour: string }[];
  readonly isTime: boolean;
}

/** Lines over time or over block numbers, and in words for who does not see them. */
export function Chart({ label, unit, data, lines, isTime }: ChartProps) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | undefined>(undefined);
  const theme = document.documentElement.dataset["theme"];
  useEffect(() => {
    if (frame.current === null || width === 0) return undefined;
    const made = new uPlot(optionsOf({ lines, unit, isTime, width }), asData(data), frame.current);
    plot.current = made;
    return () => made.destroy();
  }, [width, theme]);
  useEffect(() => plot.current?.setData(asData(data)));
  return (
    <>
      <div class="chart" ref={frame} role="img" aria-label={label} />
      <ul class="legend" aria-label="Lines">
        {lines.map(({ name, colour }) => (
          <li key={name}>
            <span class={`swatch line ${colour.slice(2)}`} aria-hidden="true" />
            {name}
          </li>
        ))}
      </ul>
    </>
  );
}

/** How places along the bottom are labelled. */
const TIMES: uPlot.Axis = {
  space: 90,
  values: (_plot, splits) => splits.map((seconds) => clockTime(1_000 * seconds)),
};
const NUMBERS: uPlot.Axis = {
  incrs: [1, 2, 5, 10, 20, 50],
  values: (_plot, splits) => splits.map((number) => `#${number}`),
};

function asData(data: ChartProps["data"]): uPlot.AlignedData {
  return data as uPlot.AlignedData;
}

function optionsOf({
  lines,
  unit,
  isTime,
  width,
}: Pick<ChartProps, "lines" | "unit" | "isTime"> & { readonly width: number }): uPlot.Options {
  const axis = {
    stroke: colourOf("--muted"),
    grid: { stroke: colourOf("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
    size: 30,
  };
  const values = (_plot: uPlot, splits: number[]) => splits.map((value) => `${value} ${unit}`);
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: isTime },
      y: { range: (_plot, low, high) => (isTime ? around(low, high) : [0, Math.max(1, 1.1 * high)]) },
    },
    axes: [isTime ? { ...axis, ...TIMES } : { ...axis, ...NUMBERS }, { ...axis, size: 56, values }],
    series: [
      {},
      ...lines.map(({ colour }) => ({
        stroke: colourOf(colour),
        width: 2,
        points: { show: !isTime, size: 5 },
      })),
    ],
  };
}

/** Room for a line that is flat. */
function around(low: number, high: number): uPlot.Range.MinMax {
  return [Math.max(0, Math.floor(low) - 1), Math.ceil(high) + 1];
}

/** What a colour of the style sheet is at present. */
function colourOf(name: string): string {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
