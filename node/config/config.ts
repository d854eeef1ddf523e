import { join, resolve } from "node:path";
import { inspect } from "node:util";
import type * as z from "zod";
import { apiFaults } from "../http/api-settings.ts";
import { peerSettingsSchema } from "./config-schema.ts";
import {
  environmentSettings,
  fileSettings,
  flagSettings,
  optionSettings,
  type SettingForms,
  type Settings,
  type TextForm,
} from "./config-sources.ts";
import { NodeError } from "../errors.ts";
import { nearestName } from "./nearest-name.ts";

type PeerSettings = z.output<typeof peerSettingsSchema>;

/** All settings of a peer, complete; paths are absolute. */
export interface PeerConfig extends Readonly<Omit<PeerSettings, "admission" | "nodeKey">> {
  /** "msp" where an MSP folder is given and nothing else is said; to let everybody in has to be said. */
  readonly admission: "open" | "msp";
  /** `node.key` in the data folder where nothing else is said. */
  readonly nodeKey: string;
}

/** Where settings come from; the first that has one counts. */
export interface ConfigSources {
  /** By key, as in the file; a flag that was not given is undefined. Texts are read as in the environment. */
  readonly flags?: Readonly<Record<string, unknown>>;
  /** As `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** By key, as values: those of a program that embeds the peer. They come before all others. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** A YAML file. Relative paths in it start from its folder; those of flags and environment from the process's. */
  readonly file?: string;
}

/**
 * A peer's configuration: flags over environment over file over defaults.
 *
 * @throws NodeError `CONFIG_INVALID` with a line for each setting that is wrong: its key, its value, where it came
 * from and what is allowed; `FILE_UNREADABLE`.
 */
export function loadConfig(sources: ConfigSources): PeerConfig {
  return explainConfig(sources).config;
}

/** A configuration and where it came from. */
export interface ExplainedConfig {
  readonly config: PeerConfig;
  /** By key, as `gossip.NAME` for an option of the protocol: `flag --listen`, `config.yaml:3`; missing: the default. */
  readonly origins: ReadonlyMap<string, string>;
}

/** As {@link loadConfig}, and says where each setting came from. */
export function explainConfig({
  flags = {},
  environment = {},
  options = {},
  file,
}: ConfigSources): ExplainedConfig {
  const settings: Settings = new Map([
    ...(file === undefined ? [] : fileSettings(file)),
    ...environmentSettings(environment, FORMS),
    ...flagSettings(flags, FORMS),
    ...optionSettings(options),
  ]);
  const parsed = peerSettingsSchema.safeParse(assemble(settings));
  if (!parsed.success) throw invalid(parsed.error.issues.flatMap((issue) => sentences(issue, settings)));
  const values = resolvePaths(parsed.data, settings);
  requireConsistent(values, settings);
  const config = {
    ...values,
    admission: values.admission ?? "msp",
    nodeKey: values.nodeKey ?? join(values.data, "node.key"),
  };
  return { config, origins: new Map([...settings].map(([key, { origin }]) => [key, origin])) };
}

const KEYS = Object.keys(peerSettingsSchema.shape);

const FORM_BY_KEY: Readonly<Partial<Record<keyof PeerSettings, TextForm>>> = {
  tags: "list",
  listen: "list",
  announce: "list",
  externalEndpoints: "list",
  bootstrap: "list",
  genesis: "list",
  apiHosts: "list",
  apiOrigins: "list",
  sources: "list",
  blockBytesMax: "number",
  connectionsMax: "number",
  followersMax: "number",
};

const FORMS: SettingForms = new Map(
  Object.entries({ ...Object.fromEntries(KEYS.map((key) => [key, "text" as TextForm])), ...FORM_BY_KEY }),
);

/** The settings in the schema's shape. */
function assemble(settings: Settings): unknown {
  const top: [string, unknown][] = [];
  const options: [string, unknown][] = [];
  for (const [key, { value }] of settings) {
    if (key.startsWith(OPTION)) options.push([key.slice(OPTION.length), value]);
    else top.push([key, value]);
  }
  return Object.fromEntries(options.length === 0 ? top : [...top, ["gossip", Object.fromEntries(options)]]);
}

const OPTION = "gossip.";

function sentences(issue: z.core.$ZodIssue, settings: Settings): readonly string[] {
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(key, settings));
  const [key = "", part] = issue.path.map(String);
  const option = key === "gossip" && part !== undefined;
  const setting = settings.get(option ? `${OPTION}${part}` : key);
  const shown = option ? `${OPTION}${part}` : part === undefined ? key : `${key}[${part}]`;
  const value =
    part !== undefined && Array.isArray(setting?.value) ? setting.value[Number(part)] : setting?.value;
  return [`${shown} is ${quote(value)} (${setting?.origin}); allowed is ${allowed(key)}`];
}

function unknownKey(key: string, settings: Settings): string {
  const meant = nearestName(key, KEYS);
  const hint = meant === undefined ? "." : `; did you mean ${meant}?`;
  return `${key} is ${quote(settings.get(key)?.value)} (${settings.get(key)?.origin}), but there is no such setting${hint} Allowed are ${KEYS.join(", ")}`;
}

function allowed(key: string): string {
  const shape: Readonly<Record<string, z.ZodType>> = peerSettingsSchema.shape;
  return shape[key]?.description ?? "another value";
}

const SHOWN_LENGTH_MAX = 200;

function quote(value: unknown): string {
  // A YAML file can hold circular values, which JSON cannot show.
  const text =
    typeof value === "string" ? JSON.stringify(value) : inspect(value, { breakLength: Infinity, depth: 2 });
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`;
}

function resolvePaths(values: PeerSettings, settings: Settings): PeerSettings {
  const absolute = (key: string, path: string) =>
    resolve(settings.get(key)?.directory ?? process.cwd(), path);
  return {
    ...values,
    data: absolute("data", values.data),
    genesis: values.genesis.map((path) => absolute("genesis", path)),
    ...Object.fromEntries(
      OPTIONAL_PATHS.flatMap((key) => {
        const path = values[key];
        return path === undefined ? [] : [[key, absolute(key, path)]];
      }),
    ),
  };
}

const OPTIONAL_PATHS = [
  "msp",
  "nodeKey",
  "apiTlsCert",
  "apiTlsKey",
  "apiTokens",
  "apiClientCa",
  "sourceTokenFile",
  "sourceCa",
  "sourceCert",
  "sourceKey",
] as const;

/** What no single setting can be blamed for. */
function requireConsistent(values: PeerSettings, settings: Settings): void {
  const { msp, admission, gossip } = values;
  const origin = (key: string) => settings.get(key)?.origin;
  if (admission === "msp" && msp === undefined) {
    throw invalid([
      `admission is "msp" (${origin("admission")}), but msp is not set; set msp to ${allowed("msp")}, or admission to "open"`,
    ]);
  }
  if (gossip["blockBytesMax"] !== undefined) {
    throw invalid([
      `gossip.blockBytesMax is ${quote(gossip["blockBytesMax"])} (${origin("gossip.blockBytesMax")}); set blockBytesMax instead`,
    ]);
  }
  const faults = apiFaults(values, (key) => `${quote(settings.get(key)?.value)} (${origin(key)})`);
  if (faults.length > 0) throw invalid(faults);
  if (admission === undefined && msp === undefined) {
    throw invalid([
      `neither msp nor admission is set, so it is not said who may take part; set msp to ${allowed("msp")}, or admission to "open", which lets everybody in`,
    ]);
  }
}

function invalid(lines: readonly string[]): NodeError {
  return new NodeError("CONFIG_INVALID", lines.join("\n"));
}
