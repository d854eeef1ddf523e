import { Buffer } from "node:buffer";
import { ELEMENT, GROUP } from "./config-fields.ts";
import { lastBytes } from "./last-field.ts";
import { Msp } from "./msp.ts";
import { mapEntries, withBytes, withMap } from "./protobuf-edit.ts";

const EMPTY = new Uint8Array(0);

/** An organisation's group somewhere in a channel's config tree. */
export interface ConfigOrganisation {
  /** Names of the groups on the way to it: Application, its own name. */
  readonly path: readonly string[];
  readonly name: string;
  readonly mspId: string;
  /** The bytes of its `msp.MSPConfig`. */
  readonly msp: Uint8Array;
}

/**
 * The organisations of a config tree in all its sections (Application, Orderer, the consortiums of an old system
 * channel). Those whose MSPs are not of certificates are left out.
 *
 * @throws ChainError `MALFORMED_CONFIG`; RangeError where a group cannot be read.
 */
export function configOrganisations(
  group: Uint8Array,
  path: readonly string[] = [],
): readonly ConfigOrganisation[] {
  const below = [...mapEntries(group, GROUP.groups)].flatMap(([name, child]) =>
    configOrganisations(child, [...path, name]),
  );
  const msp = valueOf(group, "MSP");
  if (msp === undefined || !Msp.isOfCertificates(msp)) return below;
  return [{ path, name: path.at(-1) ?? "", mspId: Msp.parse(msp).mspId, msp }, ...below];
}

/** The content of a group's value; undefined where it has none of this name. */
export function valueOf(group: Uint8Array, name: string): Uint8Array | undefined {
  const value = mapEntries(group, GROUP.values).get(name);
  return value && (lastBytes(value, ELEMENT.content) ?? EMPTY);
}

/** The group with another value, which its Admins may change if it is new. */
export function withValue(group: Uint8Array, name: string, content: Uint8Array): Uint8Array {
  const values = mapEntries(group, GROUP.values);
  const value = values.get(name) ?? withBytes(EMPTY, ELEMENT.modPolicy, Buffer.from("Admins", "utf8"));
  const changed = withBytes(value, ELEMENT.content, content);
  return withMap(group, GROUP.values, new Map([...values, [name, changed]]));
}

/** The group below these names. @throws RangeError where there is none. */
export function groupAt(group: Uint8Array, path: readonly string[]): Uint8Array {
  const [name, ...rest] = path;
  if (name === undefined) return group;
  const child = mapEntries(group, GROUP.groups).get(name);
  if (child === undefined) throw new RangeError(`no group ${name}`);
  return groupAt(child, rest);
}

/** The group in which the one below these names is another; undefined takes it out. */
export function withGroupAt(
  group: Uint8Array,
  path: readonly string[],
  content: Uint8Array | undefined,
): Uint8Array {
  const [name, ...rest] = path;
  if (name === undefined) return content ?? EMPTY;
  const groups = new Map(mapEntries(group, GROUP.groups));
  const child = rest.length === 0 ? content : withGroupAt(groups.get(name) ?? EMPTY, rest, content);
  if (child === undefined) groups.delete(name);
  else groups.set(name, child);
  return withMap(group, GROUP.groups, groups);
}
