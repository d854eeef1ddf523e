import { isIP } from "node:net";
import { extname } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import * as z from "zod";
import { readText } from "../files.ts";
import { isHostname } from "../http/hostname.ts";
import { nearestName } from "../config/nearest-name.ts";
import {
  invalid,
  isOrganisationName,
  ORDERER_ORGANISATION,
  PEERS_MAX,
  PORT_MAX,
  requireChannelName,
  type NetworkPlan,
  type PeerPlan,
} from "./network-plan.ts";

/** What `createNetwork` makes a network of whose peers are on machines of their own. */
export interface HostedNetworkSpec extends Pick<NetworkPlan, "out" | "channel" | "consensus"> {
  /** The file that says which peer is on which host; see {@link readHosts}. */
  readonly hosts: string;
}

/** Nobody listens there: whoever submits signs. */
const ORDERER_HOST = "127.0.0.1";

/** @throws NodeError `CONFIG_INVALID`, `FILE_UNREADABLE`. */
export function planHostedNetwork({ hosts, ...spec }: HostedNetworkSpec): NetworkPlan {
  requireChannelName(spec.channel);
  return { ...spec, peers: readHosts(hosts), ordererHost: ORDERER_HOST, isHosted: true };
}

/**
 * Reads which peer is on which host: a CSV file (`.csv`) whose first line names the columns, or a YAML file (`.yaml`,
 * `.yml`) with a list of maps with the same names. Ports that are not given are 9700 and 9800. In CSV, empty lines and
 * those that begin with `#` are left out.
 *
 * ```
 * name,organisation,host,port,apiPort
 * org1-peer0,Org1,192.0.2.10,9700,9800
 * org2-peer0,Org2,peer0.org2.example,,
 * ```
 *
 * @throws NodeError `CONFIG_INVALID` with a line for each value that is wrong: the file, its line, and what is allowed;
 * `FILE_UNREADABLE`.
 */
export function readHosts(path: string): readonly PeerPlan[] {
  const rows = readRows(path);
  if (rows.length === 0) throw invalid(`${path} names no peer; a line for each is expected`);
  if (rows.length > PEERS_MAX)
    throw invalid(
      `${path} names ${rows.length} peers, more than the ${PEERS_MAX} that one network is made with`,
    );
  const parsed = rows.map((row) => ({ row, result: peerSchema.safeParse(row.cells) }));
  const faults = parsed.flatMap(({ row, result }) =>
    result.success ? [] : result.error.issues.map((issue) => sentence(issue, row)),
  );
  if (faults.length > 0) throw invalid(faults.join("\n"));
  const peers = parsed.flatMap(({ row, result }) => (result.success ? [{ row, peer: result.data }] : []));
  const clashes = peers.flatMap(({ row, peer }, index) => clashesOf(row, peer, peers.slice(0, index)));
  if (clashes.length > 0) throw invalid(clashes.join("\n"));
  return peers.map(({ peer }) => peer);
}

/** One peer as the file has it. */
interface Row {
  /** For people: `hosts.csv:3`. */
  readonly origin: string;
  /** What is not there is left out. */
  readonly cells: Readonly<Record<string, string>>;
}

/** Kubernetes wants a DNS label, and puts up to twelve characters behind a StatefulSet's name. */
const NAME = /^[a-z]([a-z0-9-]{0,48}[a-z0-9])?$/;

const peerSchema = z.strictObject({
  name: z
    .string()
    .regex(NAME)
    .describe('up to 50 characters of a-z, 0-9 and "-", the first a letter, the last no "-"'),
  organisation: z
    .string()
    .refine((text) => isOrganisationName(text) && !text.endsWith("-"))
    .refine((text) => fold(text) !== fold(ORDERER_ORGANISATION))
    .describe(
      `up to 63 letters, digits and "-", the first a letter, the last no "-", and not ${ORDERER_ORGANISATION}, which the orderers have`,
    ),
  host: z
    .string()
    .refine(isReachableHost)
    .describe("the IP address or DNS name at which the others reach the peer"),
  port: port("9700"),
  apiPort: port("9800"),
});

const COLUMNS = Object.keys(peerSchema.shape);

function port(fallback: string) {
  return z
    .string()
    .regex(/^\d{1,5}$/)
    .default(fallback)
    .transform(Number)
    .refine((value) => value >= 1 && value <= PORT_MAX)
    .describe(`a port from 1 to ${PORT_MAX}`);
}

function isReachableHost(text: string): boolean {
  const isMistypedIp = isIP(text) === 0 && /^[\d.]+$/.test(text);
  return isHostname(text) && !isMistypedIp && !["0.0.0.0", "::"].includes(text);
}

function sentence({ path, ...issue }: z.core.$ZodIssue, { origin, cells }: Row): string {
  if (issue.code === "unrecognized_keys") return `${origin}: ${issue.keys.map(unknownColumn).join("; ")}`;
  const key = String(path[0]);
  const shape: Readonly<Record<string, z.ZodType>> = peerSchema.shape;
  const value = cells[key] === undefined ? "missing" : JSON.stringify(cells[key]);
  return `${origin}: ${key} is ${value}; allowed is ${shape[key]?.description}`;
}

function unknownColumn(name: string): string {
  const meant = nearestName(name, COLUMNS);
  const hint = meant === undefined ? "." : `; did you mean ${meant}?`;
  return `there is no ${JSON.stringify(name)}${hint} Allowed are ${COLUMNS.join(", ")}`;
}

interface Placed {
  readonly row: Row;
  readonly peer: PeerPlan;
}

/** What of a peer an earlier one has already. */
function clashesOf({ origin }: Row, peer: PeerPlan, earlier: readonly Placed[]): readonly string[] {
  const clashes = earlier.flatMap(({ row, peer: other }) => {
    const at = `is that of ${row.origin} too`;
    const ports = [other.port, other.apiPort];
    const sameHost = fold(other.host) === fold(peer.host);
    return [
      ...(other.name === peer.name ? [`name ${peer.name} ${at}`] : []),
      ...(other.organisation !== peer.organisation && fold(other.organisation) === fold(peer.organisation)
        ? [`organisation ${peer.organisation} is ${other.organisation} in ${row.origin}; case does not count`]
        : []),
      ...[peer.port, peer.apiPort]
        .filter((each) => sameHost && ports.includes(each))
        .map((each) => `port ${each} of ${peer.host} ${at}`),
    ];
  });
  const own = peer.port === peer.apiPort ? [`port and apiPort are both ${peer.port}`] : [];
  return [...own, ...clashes].map((clash) => `${origin}: ${clash}`);
}

function fold(text: string): string {
  return text.toLowerCase();
}

function readRows(path: string): readonly Row[] {
  const text = readText(path, "the hosts file").replace(/^\uFEFF/, "");
  switch (extname(path).toLowerCase()) {
    case ".csv":
      return csvRows(path, text);
    case ".yaml":
    case ".yml":
      return yamlRows(path, text);
    default:
      throw invalid(
        `${path} is neither CSV nor YAML by its name; allowed are names with .csv, .yaml or .yml`,
      );
  }
}

function csvRows(path: string, text: string): readonly Row[] {
  const lines = text
    .split(/\r?\n/)
    .map((line, index) => ({ line: line.trim(), origin: `${path}:${index + 1}` }))
    .filter(({ line }) => line !== "" && !line.startsWith("#"));
  const [head, ...rest] = lines;
  if (head === undefined) return [];
  const columns = cellsOf(head.line);
  const unknown = columns.filter((column) => !COLUMNS.includes(column));
  if (unknown.length > 0)
    throw invalid(
      `${head.origin}: the first line names the columns; ${unknown.map(unknownColumn).join("; ")}`,
    );
  return rest.map(({ line, origin }) => {
    const cells = cellsOf(line);
    if (cells.length > columns.length)
      throw invalid(`${origin} has ${cells.length} values, and there are ${columns.length} columns`);
    const named = columns.map((column, index) => [column, cells[index] ?? ""] as const);
    return { origin, cells: Object.fromEntries(named.filter(([, cell]) => cell !== "")) };
  });
}

function cellsOf(line: string): readonly string[] {
  return line.split(",").map((cell) => cell.trim());
}

function yamlRows(path: string, text: string): readonly Row[] {
  const lines = new LineCounter();
  const { contents, errors } = parseDocument(text, { lineCounter: lines });
  const [error] = errors;
  if (error !== undefined) throw invalid(`${path} is no YAML: ${error.message}`);
  if (contents === null) return [];
  if (!isSeq(contents)) throw invalid(`${path} is no list of peers, each "- name: …"`);
  return contents.items.map((item) => {
    const start = isMap(item) || isScalar(item) ? (item.range?.[0] ?? 0) : 0;
    const origin = `${path}:${lines.linePos(start).line}`;
    if (!isMap(item)) throw invalid(`${origin} is no map of ${COLUMNS.join(", ")}`);
    const cells = item.items.map(({ key, value }) => [plain(key), plain(value)] as const);
    return { origin, cells: Object.fromEntries(cells) };
  });
}

/** As it stands in the file, so that 010 is no number of another base; what is no scalar is never allowed. */
function plain(node: unknown): string {
  return isScalar(node) ? (node.source ?? String(node.value)) : "(no text)";
}
