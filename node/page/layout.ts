import {
  forceCollide,
  forceSimulation,
  forceX,
  forceY,
  type Simulation,
  type SimulationNodeDatum,
} from "d3-force";

/** A peer that is to have a place. */
export interface Placed {
  readonly peer: string;
  readonly organisation: string;
}

/** A place that is being looked for, in pixels. */
export interface Place extends SimulationNodeDatum, Placed {
  x: number;
  y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Finds a place for each peer: those of one organisation together, none on another, nobody's name on another's. */
export class Layout implements Disposable {
  readonly #places = new Map<string, Place>();
  readonly #simulation: Simulation<Place, undefined>;
  #shape = "";

  /** `onMove` is called while places change. */
  constructor(onMove: () => void) {
    this.#simulation = forceSimulation<Place>([]).on("tick", onMove).stop();
  }

  /** The places as they are now. */
  places(): readonly Place[] {
    return [...this.#places.values()];
  }

  /** To be called whenever the peers or the size may be others; does nothing where they are the same. */
  update(peers: readonly Placed[], { width, height }: Size): void {
    const shape = `${width} ${height} ${peers.map(({ peer, organisation }) => `${peer} ${organisation}`).join()}`;
    if (shape === this.#shape || width === 0) return;
    this.#shape = shape;
    const names = [...new Set(peers.map(({ organisation }) => organisation))].toSorted();
    const centres = new Map(
      names.map((name, index) => [name, centreOf(index, names.length, { width, height })]),
    );
    for (const peer of this.#places.keys())
      if (peers.every((placed) => placed.peer !== peer)) this.#places.delete(peer);
    for (const [index, placed] of peers.entries()) {
      if (this.#places.has(placed.peer)) continue;
      const { x, y } = centres.get(placed.organisation) ?? { x: width / 2, y: height / 2 };
      // Not all on one point, and the same on every page.
      this.#places.set(placed.peer, {
        ...placed,
        x: x + 20 * Math.cos(2.4 * index),
        y: y + 20 * Math.sin(2.4 * index),
      });
    }
    const room = Math.sqrt((width * height) / Math.max(4, peers.length));
    const radius = Math.min(66, 0.42 * room);
    // Clusters that are long across the line between them leave it free.
    const [across, along] = width > height ? [0.16, 0.06] : [0.06, 0.16];
    this.#simulation
      .nodes(this.places() as Place[])
      .force("x", forceX<Place>((place) => centres.get(place.organisation)?.x ?? width / 2).strength(across))
      .force("y", forceY<Place>((place) => centres.get(place.organisation)?.y ?? height / 2).strength(along))
      .force("apart", forceCollide<Place>(radius).iterations(3))
      .force("inside", () => {
        for (const place of this.#places.values()) {
          place.x = Math.min(Math.max(place.x, 44), width - 44);
          place.y = Math.min(Math.max(place.y, 44), height - 40);
        }
      })
      .alpha(0.8)
      .restart();
  }

  [Symbol.dispose](): void {
    this.#simulation.stop();
  }
}

/** Organisations stand in a ring, two of them side by side, or one above the other where it is narrow. */
function centreOf(
  index: number,
  count: number,
  { width, height }: Size,
): { readonly x: number; readonly y: number } {
  if (count === 1) return { x: width / 2, y: height / 2 };
  const turn = (width > height ? Math.PI : -Math.PI / 2) + (2 * Math.PI * index) / count;
  return {
    x: width / 2 + 0.31 * width * Math.cos(turn),
    y: height / 2 + 0.31 * height * Math.sin(turn),
  };
}
