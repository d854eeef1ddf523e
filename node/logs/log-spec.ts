import { NodeError } from "../errors.ts";

/** Levels as pino has them, the quietest first. */
export const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** Fabric's other words for levels (common/flogging/levels.go). */
const OTHER_NAMES: Readonly<Record<string, LogLevel>> = {
  payload: "trace",
  notice: "info",
  warning: "warn",
  critical: "error",
  dpanic: "fatal",
  panic: "fatal",
};

/** What a specification may look like, in words that complete "allowed is …". */
export const LOG_SPEC_HELP =
  `${LOG_LEVELS.slice(0, -1).join(", ")} or trace, or levels by logger with the level of all others at the end, ` +
  "such as gossip.state,transport=debug:info";

/** A logger's name in Fabric's specifications. One that ends with a dot means no more than that very logger. */
const LOGGER_NAME = /^[A-Za-z0-9_#-]+(\.[A-Za-z0-9_#-]+)*\.?$/;

/**
 * Which logger has which level: Fabric's `[LOGGER[,LOGGER…]=]LEVEL[:…]`. A logger's name stands for all whose names go
 * on behind a dot (`gossip` for `gossip.state`), the longest that fits counts; a level alone is that of all others,
 * `info` where there is none. Of several for the same the last one counts.
 */
export class LogSpec {
  readonly defaultLevel: LogLevel;
  /** By logger; the name with a dot at its end where it is for that logger alone. */
  readonly #levels: ReadonlyMap<string, LogLevel>;

  private constructor(defaultLevel: LogLevel, levels: ReadonlyMap<string, LogLevel>) {
    this.defaultLevel = defaultLevel;
    this.#levels = levels;
  }

  /** @throws NodeError `CONFIG_INVALID` that names the part that is wrong. */
  static parse(text: string): LogSpec {
    let defaultLevel: LogLevel = "info";
    const levels = new Map<string, LogLevel>();
    for (const segment of text.split(":")) {
      const [names, name, ...more] = segment.includes("=") ? segment.split("=") : [undefined, segment];
      const level = levelOf(name ?? "");
      if (level === undefined || more.length > 0) throw invalid(text, `bad segment '${segment}'`);
      if (names === undefined) defaultLevel = level;
      else if (names === "") throw invalid(text, `no logger specified in segment '${segment}'`);
      else for (const logger of names.split(",")) levels.set(checkName(logger, text), level);
    }
    return new LogSpec(defaultLevel, levels);
  }

  /** The level that the logger has by its own name or a name in front of it; undefined: that of all others. */
  named(logger: string): LogLevel | undefined {
    for (let name = `${logger}.`; name !== ""; name = name.slice(0, Math.max(name.lastIndexOf("."), 0))) {
      const level = this.#levels.get(name);
      if (level !== undefined) return level;
    }
    return undefined;
  }

  level(logger: string): LogLevel {
    return this.named(logger) ?? this.defaultLevel;
  }

  /** As Fabric shows one: by logger, and the level of all others at the end. */
  toString(): string {
    const named = [...this.#levels].map(([logger, level]) => `${logger}=${level}`).sort();
    return [...named, this.defaultLevel].join(":");
  }
}

/** Whether a text is a specification. */
export function isLogSpec(text: string): boolean {
  try {
    LogSpec.parse(text);
    return true;
  } catch (error) {
    if (error instanceof NodeError) return false;
    throw error;
  }
}

/** Whether what is of this level is seen by a logger of that one. */
export function isLogged(level: LogLevel, by: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(by);
}

/** No word at all is Fabric's default level. */
function levelOf(name: string): LogLevel | undefined {
  if (name === "") return "info";
  const lower = name === name.toUpperCase() ? name.toLowerCase() : name;
  return LOG_LEVELS.find((level) => level === lower) ?? OTHER_NAMES[lower];
}

function checkName(logger: string, text: string): string {
  if (LOGGER_NAME.test(logger)) return logger;
  throw invalid(text, `bad logger name '${logger}'`);
}

function invalid(text: string, why: string): NodeError {
  return new NodeError("CONFIG_INVALID", `invalid logging specification '${text}': ${why}`);
}
