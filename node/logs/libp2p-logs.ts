import { Buffer } from "node:buffer";
import { format } from "node:util";
import type { ComponentLogger, Logger as Libp2pLogger } from "@libp2p/interface";
import type { Logger } from "pino";
import { REPEAT_INTERVAL_MS, RepeatFilter } from "../repeat-filter.ts";
import type { Loggers } from "./loggers.ts";

/** Texts that are remembered, so that none comes twice a second. */
const TEXTS_MAX = 1_024;

/**
 * libp2p's own log as records of the area `libp2p.PART`, with the component's whole name in each. What libp2p calls an
 * error is about one connection or stream, often no more than its end, and `info` here: what of it matters, the
 * transport tells.
 */
export function libp2pLogs(loggers: Loggers, now: () => number): ComponentLogger {
  const repeats = new RepeatFilter(REPEAT_INTERVAL_MS, TEXTS_MAX);
  const write = (component: string, logger: Logger, { level, text }: Line) => {
    const suppressed = repeats.pass(`${component} ${text}`, now());
    if (suppressed === undefined) return;
    logger[level]({ component, ...(suppressed === 0 ? {} : { suppressed }) }, text);
  };
  const forComponent = (component: string): Libp2pLogger => {
    const logger = loggers.ofLibp2p(partOf(component));
    const at =
      (level: Line["level"]) =>
      (formatter: unknown, ...args: unknown[]) => {
        if (logger.isLevelEnabled(level)) write(component, logger, { level, text: textOf(formatter, args) });
      };
    const log = Object.assign(at("debug"), {
      error: at("info"),
      trace: at("trace"),
      enabled: false,
      newScope: (name: string) => forComponent(`${component}:${name}`),
    });
    return Object.defineProperty(log, "enabled", { get: () => logger.isLevelEnabled("debug") });
  };
  return { forComponent };
}

interface Line {
  readonly level: "info" | "debug" | "trace";
  readonly text: string;
}

/** `libp2p.tcp` for `libp2p:tcp:listener`; what follows may name a connection or a stream, of which there is no end. */
function partOf(component: string): string {
  const [, part] = component.split(":");
  return part === undefined ? "libp2p" : `libp2p.${part.replaceAll(/[^A-Za-z0-9_#-]/g, "_")}`;
}

/** What stands for an argument in libp2p's texts beside those that Node.js knows (`@libp2p/logger`). */
const PLACEHOLDER = /%([%a-zA-Z])/g;

/** One line, whatever the arguments are. */
function textOf(formatter: unknown, args: readonly unknown[]): string {
  if (typeof formatter !== "string") return shown(formatter);
  let index = 0;
  const values = [...args];
  const template = formatter.replaceAll(PLACEHOLDER, (all, letter: string) => {
    if (letter === "%") return all;
    const at = index++;
    if (!"abcekmpt".includes(letter)) return all;
    values[at] = shown(values[at]);
    return "%s";
  });
  return format(template, ...values).replaceAll(/\s*\n\s*/g, " ");
}

function shown(value: unknown): string {
  if (value instanceof Error) return value.message;
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : String(value);
}
