import { Option, type Command } from "commander";
import type { ApiMember } from "../http/api-types.ts";
import { EXIT_STATUS_HELP } from "../command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly status?: ApiMember["state"];
  readonly org?: string;
  readonly tag?: readonly string[];
  readonly json?: true;
}

const STATES: readonly ApiMember["state"][] = ["alive", "suspect", "dead", "left", "refused"];

/** Adds `members`: whom a running peer knows. */
export function addMembers(program: Command): void {
  addPeerFlags(program.command("members"))
    .description("show whom a peer knows: state and why, organisation, heights, what was held against it")
    .option("--channel <name>", "only those of this channel")
    .addOption(new Option("--status <state>", "only those in this state").choices([...STATES]))
    .option("--org <msp-id>", "only those of this organisation")
    .option("--tag <name=value...>", "only those that have all of these tags")
    .option("--json", "one JSON object a line")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(show);
}

const EXAMPLE = `
Example:
  blockgossip members --api http://127.0.0.1:9800 --status alive --tag role=archive`;

async function show({ channel, status, org, tag = [], json, ...flags }: Flags): Promise<void> {
  const api = await openApi(flags);
  const members = (await api.members(channel)).filter(
    ({ state, organisation, tags }) =>
      (status === undefined || state === status) &&
      (org === undefined || organisation === org) &&
      tag.every((wanted) => tags.includes(wanted)),
  );
  if (json === true) for (const member of members) console.log(JSON.stringify(member));
  else for (const line of table(members)) console.log(line);
}

const HEAD = ["NAME", "ORG", "STATE", "TAGS", "HEIGHTS", "CERTIFICATE UNTIL", "WHY"] as const;

function table(members: readonly ApiMember[]): readonly string[] {
  const rows = [HEAD, ...members.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows.map((cells) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** What the peer that was asked does not rely on the member for, in words. */
function demotion({ name, demoted = {} }: ApiMember["channels"][number]): readonly string[] {
  return Object.entries(demoted).map(
    ([duty, until]) =>
      `does not ${DUTY_WORDS[duty as keyof typeof demoted]} in ${name}, left alone until ${until}`,
  );
}

const DUTY_WORDS = { relay: "pass blocks on", source: "deliver what it claims", digest: "answer" } as const;

function row(member: ApiMember): readonly string[] {
  const {
    name,
    self,
    organisation = "-",
    state,
    tags,
    channels,
    certificateExpires,
    reason,
    reachable,
    misbehaving,
  } = member;
  const heights = channels.map((channel) => `${channel.name} ${channel.height ?? "?"}`).join(", ");
  const out = reachable ? "" : "; out of reach from here";
  const held = misbehaving === undefined ? "" : `; misbehaving (${misbehaving.code}): ${misbehaving.message}`;
  return [
    self ? `${name} (asked)` : name,
    organisation,
    state,
    tags.join(" ") || "-",
    heights || "-",
    certificateExpires?.slice(0, "2026-01-01".length) ?? "-",
    [`${reason}${out}${held}`, ...channels.flatMap(demotion)].join("; "),
  ];
}
