import { setTimeout as pause } from "node:timers/promises";
import { Option, type Command } from "commander";
import { callOf, EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { errorGuide } from "./exit-status.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { ApiMember } from "../http/api-types.ts";
import { addApiFlags, API_URL_DEFAULT, openApi, type ApiFlags } from "./api-flags.ts";
import { areLevel, askHeight, formatHeight, type HeightRow } from "./height-row.ts";
import { LiveLines } from "./live-lines.ts";
import { textTable } from "./text-table.ts";

interface Flags extends ApiFlags {
  readonly api: string | readonly string[];
  readonly channel?: string;
  readonly all?: true;
  readonly watch?: true;
  readonly json?: true;
}

const WATCH_INTERVAL_MS = 500;

/** Adds `height`: how high peers' ledgers are. */
export function addHeight(program: Command): void {
  describeHeight(program.command("height"));
}

/** Makes the command the one that shows how high peers' ledgers are. */
export function describeHeight(command: Command): Command {
  const api = new Option("--api <url...>", "the peers' APIs").env("BLOCKGOSSIP_API").default(API_URL_DEFAULT);
  return addApiFlags(command.addOption(api))
    .description(
      "show height and tip hash of peers' ledgers, one line a peer; the height counts the genesis block. " +
        "Of a peer that catches up it shows how far it is, its rate and the time left",
    )
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .option("--all", "every member's height and lag, as the one peer that is asked knows them")
    .option(
      "--watch",
      "look twice a second, until all peers answer, hold the same chain and none is catching up",
    )
    .option("--json", "one JSON object a line")
    .addHelpText("after", help(callOf(command)) + EXIT_STATUS_HELP)
    .action(show);
}

function help(call: string): string {
  return `
With --watch the lines are redrawn in place on a terminal, and written again when they change elsewhere. It ends by
itself, with status 0, as soon as the peers are level; a peer that does not answer is waited for.

Examples:
  ${call} --all
  ${call} --watch --api http://127.0.0.1:9800 http://127.0.0.1:9801`;
}

async function show({ api: urls, all, ...flags }: Flags): Promise<void> {
  // From the environment it comes as one text.
  const named = [urls].flat().flatMap((text) => text.split(","));
  const clients = await Promise.all(named.map((url) => openApi({ ...flags, api: url.trim() })));
  const [first] = clients;
  if (all !== true || first === undefined) return await showPeers(clients, flags);
  if (clients.length > 1)
    throw new NodeError("CONFIG_INVALID", `--all asks one peer, and ${clients.length} are named with --api`);
  await showMembers(first, flags);
}

type View = Pick<Flags, "channel" | "watch" | "json">;

async function showPeers(clients: readonly ApiClient[], { channel, watch, json }: View): Promise<void> {
  const format = (row: HeightRow) => (json === true ? JSON.stringify(row) : formatHeight(row));
  const lines = new LiveLines(process.stdout);
  let rows: readonly HeightRow[];
  for (;;) {
    rows = await Promise.all(clients.map((api) => askHeight(api, channel)));
    const [only] = rows;
    if (rows.length === 1 && watch !== true && only !== undefined && "error" in only)
      throw new NodeError(only.code, only.error);
    lines.show(rows.map(format));
    if (watch !== true || areLevel(rows)) break;
    await pause(WATCH_INTERVAL_MS);
  }
  const failed = rows.find((row) => "error" in row);
  if (failed !== undefined) process.exitCode = errorGuide(failed.code).status;
}

async function showMembers(api: ApiClient, { channel: named, watch, json }: View): Promise<void> {
  const { chosenChannel } = await import("../orderer/submission.ts");
  const channel = await chosenChannel(api, named);
  const lines = new LiveLines(process.stdout);
  for (;;) {
    const members = (await api.members(channel)).map((member) => memberHeight(member, channel));
    lines.show(
      json === true
        ? members.map((member) => JSON.stringify(member))
        : textTable(["NAME", "ORG", "STATE", "HEIGHT", "LAG"], members.map(cells)),
    );
    const isLevel = members.every(({ state, lag }) => state !== "alive" || lag === 0);
    if (watch !== true || isLevel) return;
    await pause(WATCH_INTERVAL_MS);
  }
}

interface MemberHeight extends Pick<ApiMember, "name" | "peer" | "organisation" | "state"> {
  readonly height?: number | undefined;
  readonly lag?: number | undefined;
}

function memberHeight(
  { name, peer, organisation, state, channels }: ApiMember,
  channel: string,
): MemberHeight {
  const { height, lag } = channels.find((each) => each.name === channel) ?? {};
  return { name, peer, organisation, state, height, lag };
}

function cells({ name, organisation, state, height, lag }: MemberHeight): readonly string[] {
  return [name, organisation ?? "-", state, String(height ?? "?"), String(lag ?? "?")];
}
