import { readFileSync } from "node:fs";
import type { Endpoint } from "../../chain/channel-spec.ts";
import type { ConfigChange } from "../../chain/config-update.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { readOrganisationMsp } from "../msp/organisation-folder.ts";

/** What a flag says of an organisation. */
export type OrganisationFlag = readonly [organisation: string, value: string];

/** The changes of a channel's configuration as flags give them. */
export interface ChannelFlags {
  /** A name and an MSP folder. */
  readonly addOrg?: readonly OrganisationFlag[];
  /** The MSP ids of these. */
  readonly mspId?: readonly OrganisationFlag[];
  readonly removeOrg?: readonly string[];
  /** A file with a revocation list. */
  readonly revoke?: readonly OrganisationFlag[];
  /** A file with a CA's certificate. */
  readonly addCa?: readonly OrganisationFlag[];
  /** `host:port`. */
  readonly anchor?: readonly OrganisationFlag[];
}

/**
 * Reads all that the flags name. Organisations go before others come, so that one may take the place of another of its
 * name; lists, authorities and anchor peers come last, so that those of a new organisation can be given as well.
 *
 * @throws NodeError `CONFIG_INVALID`, `FILE_UNREADABLE`, `MSP_INVALID`.
 */
export function readChanges(flags: ChannelFlags): readonly ConfigChange[] {
  const { addOrg = [], mspId = [], removeOrg = [], revoke = [], addCa = [], anchor = [] } = flags;
  const ids = new Map(mspId);
  const stray = [...ids.keys()].find((name) => !addOrg.some(([added]) => added === name));
  if (stray !== undefined)
    throw invalid(`--msp-id names ${stray}, but is only for organisations that --add-org lets in`);
  const changes: readonly ConfigChange[] = [
    ...removeOrg.map((organisation) => ({ kind: "remove-organisation", organisation }) as const),
    ...addOrg.map(([name, directory]) => addition(name, directory, ids.get(name) ?? `${name}MSP`)),
    ...revoke.map(
      ([organisation, file]) =>
        ({ kind: "revoke", organisation, list: readBytes(file, "the revocation list") }) as const,
    ),
    ...addCa.map(
      ([organisation, file]) =>
        ({
          kind: "add-authority",
          organisation,
          certificate: readBytes(file, "the CA's certificate"),
        }) as const,
    ),
    ...[...Map.groupBy(anchor, ([organisation]) => organisation)].map(
      ([organisation, flagged]) =>
        ({
          kind: "set-anchor-peers",
          organisation,
          anchorPeers: flagged.map(([, address]) => endpoint(address)),
        }) as const,
    ),
  ];
  if (changes.length > 0) return changes;
  throw invalid("say what is to change: --add-org, --remove-org, --revoke, --add-ca or --anchor");
}

/** Fabric's rule for names in the config tree (common/configtx/validator.go). */
const NAME = /^[a-zA-Z0-9.-]{1,249}$/;

function addition(name: string, directory: string, mspId: string): ConfigChange {
  if (!NAME.test(name))
    throw invalid(
      `${JSON.stringify(name)} is no organisation's name; allowed are up to 249 letters, digits, "." and "-"`,
    );
  return { kind: "add-organisation", name, msp: readOrganisationMsp(directory, mspId) };
}

/** A revocation list may be larger than what `readText` takes, and no text. */
function readBytes(file: string, what: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new NodeError("FILE_UNREADABLE", `${what} ${file} cannot be read: ${reason(cause)}`, { cause });
  }
}

const PORT_MAX = 65535;

function endpoint(address: string): Endpoint {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(address) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > PORT_MAX)
    throw invalid(
      `the anchor peer is ${JSON.stringify(address)}; allowed is HOST:PORT such as 10.0.0.9:9700`,
    );
  // An IPv6 address stands in brackets, but not in the configuration.
  return { host: host.replace(/^\[(.*)\]$/, "$1"), port: Number(port) };
}

function invalid(message: string): NodeError {
  return new NodeError("CONFIG_INVALID", message);
}
