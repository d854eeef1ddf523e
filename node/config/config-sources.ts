import { dirname, relative, resolve } from "node:path";
import { isMap, isScalar, LineCounter, parseDocument, type YAMLMap } from "yaml";
import { NodeError } from "../errors.ts";
import { readText, reason } from "../files.ts";
import { nearestName } from "./nearest-name.ts";

/** One setting as one source has it. */
export interface Setting {
  readonly value: unknown;
  /** Where it came from, for people: `flag --listen`, `config.yaml:3`. */
  readonly origin: string;
  /** The folder that a relative path in the value starts from. */
  readonly directory: string;
}

/** Settings by key; an option of the protocol has the key `gossip.NAME`. */
export type Settings = ReadonlyMap<string, Setting>;

/** How a key's value is read from text, where a source has nothing but text. */
export type TextForm = "text" | "list" | "number" | "option";

/** Which keys there are, and how each is read from text. */
export type SettingForms = ReadonlyMap<string, TextForm>;

/** The settings given on the command line, by key; what is undefined was not given. */
export function flagSettings(flags: Readonly<Record<string, unknown>>, forms: SettingForms): Settings {
  const settings = new Map<string, Setting>();
  for (const [key, given] of Object.entries(flags)) {
    if (given === undefined) continue;
    const value = typeof given === "string" ? fromText(given, forms.get(key)) : given;
    addFlattened(settings, key, { value, origin: `flag --${kebab(key)}`, directory: process.cwd() });
  }
  return settings;
}

/** The settings that a program gives as values, by key; what is undefined was not given. */
export function optionSettings(options: Readonly<Record<string, unknown>>): Settings {
  const settings = new Map<string, Setting>();
  for (const [key, value] of Object.entries(options)) {
    if (value === undefined) continue;
    addFlattened(settings, key, { value, origin: `option ${key}`, directory: process.cwd() });
  }
  return settings;
}

const PREFIX = "BLOCKGOSSIP_";
const OPTION_PREFIX = `${PREFIX}GOSSIP_`;

const URL_SCHEME = /^https?:\/\//;

/**
 * The settings in the environment: `BLOCKGOSSIP_LISTEN` for listen, its addresses separated by commas,
 * `BLOCKGOSSIP_GOSSIP_PUSH_FANOUT` for gossip.pushFanout. An empty variable counts as not set. Variables
 * with the prefix that are no setting are left alone, since Kubernetes sets such ones for a service called
 * blockgossip, unless they look like a setting with a typing error.
 *
 * @throws NodeError `CONFIG_INVALID` for such a typing error.
 */
export function environmentSettings(
  environment: Readonly<Record<string, string | undefined>>,
  forms: SettingForms,
): Settings {
  const keys = new Map([...forms.keys()].map((key) => [variable(key), key]));
  const settings = new Map<string, Setting>();
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || text === undefined || text === "") continue;
    // The commands that ask a peer take the same variable: a URL is the API of a peer that runs.
    if (name === `${PREFIX}API` && URL_SCHEME.test(text)) continue;
    const key = name.startsWith(OPTION_PREFIX)
      ? `gossip.${camel(name.slice(OPTION_PREFIX.length))}`
      : keys.get(name);
    if (key === undefined) {
      const meant = nearestName(name, [...keys.keys()]);
      if (meant === undefined) continue;
      throw new NodeError(
        "CONFIG_INVALID",
        `environment variable ${name} is no setting; did you mean ${meant}?`,
      );
    }
    const form = key.startsWith("gossip.") ? "option" : forms.get(key);
    settings.set(key, {
      value: fromText(text, form),
      origin: `environment variable ${name}`,
      directory: process.cwd(),
    });
  }
  return settings;
}

/**
 * The settings of a YAML file.
 *
 * @throws NodeError `FILE_UNREADABLE`; `CONFIG_INVALID` where it is no YAML or no map of settings.
 */
export function fileSettings(path: string): Settings {
  const absolute = resolve(path);
  const shown = relative(process.cwd(), absolute) || absolute;
  const lines = new LineCounter();
  const document = parseDocument(readText(absolute, "the configuration"), { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined)
    throw new NodeError("CONFIG_INVALID", `${shown} is no YAML: ${error.message}`, { cause: error });
  const settings = new Map<string, Setting>();
  if (document.contents === null) return settings;
  if (!isMap(document.contents))
    throw new NodeError("CONFIG_INVALID", `${shown} is no list of settings "key: value"`);
  const places = keyLines(document.contents, lines);
  for (const [key, value] of Object.entries(plainValue(document, shown))) {
    const line = places.get(key);
    const origin = line === undefined ? shown : `${shown}:${line}`;
    addFlattened(settings, key, { value, origin, directory: dirname(absolute) });
  }
  return settings;
}

function variable(key: string): string {
  return `${PREFIX}${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function plainValue(document: { toJS(): unknown }, shown: string): Readonly<Record<string, unknown>> {
  try {
    return document.toJS() as Record<string, unknown>;
  } catch (cause) {
    throw new NodeError("CONFIG_INVALID", `${shown} cannot be read: ${reason(cause)}`, { cause });
  }
}

function keyLines(map: YAMLMap, lines: LineCounter): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const { key } of map.items) {
    if (isScalar(key) && key.range) places.set(String(key.value), lines.linePos(key.range[0]).line);
  }
  return places;
}

/** Adds a setting; the options of `gossip` one by one, so that each source adds to those of the others. */
function addFlattened(settings: Map<string, Setting>, key: string, setting: Setting): void {
  const { value } = setting;
  if (key !== "gossip" || typeof value !== "object" || value === null || Array.isArray(value)) {
    settings.set(key, setting);
    return;
  }
  for (const [name, option] of Object.entries(value))
    settings.set(`gossip.${name}`, { ...setting, value: option });
}

/** A value from text. Text that is not what its key wants stays text, for the schema to refuse. */
function fromText(text: string, form: TextForm | undefined): unknown {
  const number = /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
  switch (form) {
    case "list":
      return text.split(",").map((item) => item.trim());
    case "number":
      return number;
    case "option":
      return text === "true" ? true : text === "false" ? false : number;
    case "text":
    case undefined:
      return text;
    default:
      return form satisfies never;
  }
}

function kebab(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.toLowerCase().replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
