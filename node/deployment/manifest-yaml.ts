import { stringify } from "yaml";

/** YAML as people expect it in such files: no anchors, and no line broken in the middle. */
export function manifestYaml(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
}
