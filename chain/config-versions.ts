import { Buffer } from "node:buffer";
import { ELEMENT, GROUP } from "./config-fields.ts";
import { lastBytes, lastVarint } from "./last-field.ts";
import { mapEntries, withFields, withMap } from "./protobuf-edit.ts";
import { varintField } from "./protobuf-fields.ts";

const EMPTY = new Uint8Array(0);

/**
 * The changed group of a config tree with the versions that Fabric's own config updates would give it
 * (internal/configtxlator/update/update.go): a value or a policy that has changed is one above what it was; a group is,
 * where elements have come into it or gone or its mod_policy has changed, but not for changes further down; what is new
 * keeps the version that it has. What has not changed keeps its bytes.
 *
 * @throws RangeError where a group cannot be read.
 */
export function raiseVersions(before: Uint8Array, after: Uint8Array): Uint8Array {
  const groups = raiseEach(before, after, { number: GROUP.groups, raise: raiseVersions });
  const values = raiseEach(before, after, { number: GROUP.values, raise: raiseElement });
  const policies = raiseEach(before, after, { number: GROUP.policies, raise: raiseElement });
  const isChanged =
    [groups, values, policies].some(({ hasOtherNames }) => hasOtherNames) ||
    !isEqual(lastBytes(before, GROUP.modPolicy) ?? EMPTY, lastBytes(after, GROUP.modPolicy) ?? EMPTY);
  let group = withVersion(after, versionOf(before) + (isChanged ? 1 : 0));
  for (const { number, entries } of [groups, values, policies]) group = withMap(group, number, entries);
  return group;
}

interface Raised {
  readonly number: number;
  readonly entries: ReadonlyMap<string, Uint8Array>;
  readonly hasOtherNames: boolean;
}

function raiseEach(
  before: Uint8Array,
  after: Uint8Array,
  how: { readonly number: number; readonly raise: (before: Uint8Array, after: Uint8Array) => Uint8Array },
): Raised {
  const { number, raise } = how;
  const old = mapEntries(before, number);
  const entries = mapEntries(after, number);
  const raised = [...entries].map(([name, entry]): [string, Uint8Array] => {
    const was = old.get(name);
    return [name, was === undefined || isEqual(was, entry) ? entry : raise(was, entry)];
  });
  const hasOtherNames = old.size !== entries.size || [...entries.keys()].some((name) => !old.has(name));
  return { number, entries: new Map(raised), hasOtherNames };
}

/** Of a value or a policy. */
function raiseElement(before: Uint8Array, after: Uint8Array): Uint8Array {
  return withVersion(after, versionOf(before) + 1);
}

function versionOf(element: Uint8Array): number {
  // One number for elements and groups.
  return Number(lastVarint(element, ELEMENT.version));
}

function withVersion(element: Uint8Array, version: number): Uint8Array {
  return withFields(element, ELEMENT.version, [varintField(ELEMENT.version, version)]);
}

function isEqual(first: Uint8Array, second: Uint8Array): boolean {
  return Buffer.compare(first, second) === 0;
}
