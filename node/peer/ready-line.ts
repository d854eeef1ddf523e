/** How a started peer can be reached. */
export interface ReadyPeer {
  /** With the peer id. */
  readonly multiaddrs: readonly string[];
  /** The API's URL. */
  readonly api: string;
}

/** The one line that a peer prints on standard output, once it listens: `ready`, its multiaddrs, its API's URL. */
export function readyLine({ multiaddrs, api }: ReadyPeer): string {
  return ["ready", ...multiaddrs, api].join("  ");
}

/** Reads such a line; undefined where it is another. */
export function parseReadyLine(line: string): ReadyPeer | undefined {
  const [word, ...rest] = line.trim().split(/\s+/);
  const api = rest.at(-1);
  if (word !== "ready" || api === undefined || !URL.canParse(api)) return undefined;
  return { multiaddrs: rest.slice(0, -1), api };
}
