import type { Logger } from "pino";
import { LOG_AREAS, type LogArea } from "./log-areas.ts";
import { isLogged, LOG_LEVELS, LogSpec, type LogLevel } from "./log-spec.ts";

/** What libp2p tells of single connections is of no interest until somebody looks for it. */
const LIBP2P_LEVEL: LogLevel = "warn";

/** Parts of libp2p that log. */
const AREAS_MAX = 256;

/**
 * A peer's loggers, one for each area, all in one stream. Each has the level that the specification in force gives it,
 * and gets another one at once when that changes. libp2p's have `warn` at most unless they are named.
 */
export class Loggers {
  readonly #root: Logger;
  readonly #loggers = new Map<string, Logger>();
  #spec: LogSpec;

  /** `root` is where all goes; its own level is left alone. */
  constructor(root: Logger, spec: LogSpec) {
    this.#root = root;
    this.#spec = spec;
    for (const area of Object.keys(LOG_AREAS)) this.#add(area);
  }

  /** What holds now. */
  get spec(): LogSpec {
    return this.#spec;
  }

  set spec(spec: LogSpec) {
    this.#spec = spec;
    for (const [area, logger] of this.#loggers) logger.level = levelIn(spec, area);
  }

  get(area: LogArea): Logger {
    return this.#loggers.get(area) ?? this.#add(area);
  }

  /** That of a part of libp2p, such as `libp2p.tcp`. */
  ofLibp2p(part: string): Logger {
    const known = this.#loggers.get(part);
    if (known !== undefined) return known;
    return this.#loggers.size < AREAS_MAX ? this.#add(part) : this.get("libp2p");
  }

  /** The level of each logger there is, by name. */
  levels(): Readonly<Record<string, LogLevel>> {
    const names = [...this.#loggers.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, levelIn(this.#spec, name)]));
  }

  #add(area: string): Logger {
    const logger = this.#root.child({ logger: area }, { level: levelIn(this.#spec, area) });
    this.#loggers.set(area, logger);
    return logger;
  }
}

/**
 * The loggers of a peer that writes to `root`. That one's own level is the level of all loggers that the specification
 * does not name: an application that gives a logger has said what it wants to see.
 *
 * @throws NodeError `CONFIG_INVALID`.
 */
export function peerLoggers(root: Logger, spec: string): Loggers {
  return new Loggers(root, LogSpec.parse(`${spec}:${levelOf(root)}`));
}

/** An application may have levels of its own. */
function levelOf({ level }: Logger): LogLevel {
  return LOG_LEVELS.find((known) => known === level) ?? "info";
}

function levelIn(spec: LogSpec, area: string): LogLevel {
  const isLibp2p = area === "libp2p" || area.startsWith("libp2p.");
  const named = spec.named(area);
  if (named !== undefined || !isLibp2p) return named ?? spec.defaultLevel;
  return isLogged(spec.defaultLevel, LIBP2P_LEVEL) ? spec.defaultLevel : LIBP2P_LEVEL;
}
