import { setTimeout as pause } from "node:timers/promises";
import { Option, type Command } from "commander";
import type { ApiMember } from "../http/api-types.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { LiveLines } from "./live-lines.ts";
import { textTable } from "./text-table.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly status?: ApiMember["state"];
  readonly org?: string;
  readonly tag?: readonly string[];
  readonly watch?: true;
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
    .option("--watch", "look every second until Ctrl-C: redrawn on a terminal, else a line for each change")
    .option("--json", "one JSON object a line")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(show);
}

const EXAMPLE = `
Examples:
  blockgossip members --status alive --tag role=archive
  blockgossip members --watch --api http://127.0.0.1:9801`;

const WATCH_INTERVAL_MS = 1_000;

async function show({ watch, json, ...flags }: Flags): Promise<void> {
  const api = await openApi(flags);
  const ask = async () => (await api.members(flags.channel)).filter((member) => isWanted(member, flags));
  const format = json === true ? asJson : table;
  if (watch !== true) for (const line of format(await ask())) console.log(line);
  else if (process.stdout.isTTY && json !== true) await redraw(ask);
  else await tellChanges(ask, format);
}

function isWanted({ state, organisation, tags }: ApiMember, { status, org, tag = [] }: Flags): boolean {
  return (
    (status === undefined || state === status) &&
    (org === undefined || organisation === org) &&
    tag.every((wanted) => tags.includes(wanted))
  );
}

function asJson(members: readonly ApiMember[]): readonly string[] {
  return members.map((member) => JSON.stringify(member));
}

type Ask = () => Promise<readonly ApiMember[]>;

async function redraw(ask: Ask): Promise<never> {
  const lines = new LiveLines(process.stdout);
  for (;;) {
    lines.show(table(await ask()));
    await pause(WATCH_INTERVAL_MS);
  }
}

/** First all members, then each one whose state, or what is held against it, is another. Heights always change. */
async function tellChanges(
  ask: Ask,
  format: (members: readonly ApiMember[]) => readonly string[],
): Promise<never> {
  const told = new Map<string, string>();
  for (;;) {
    const changed = (await ask()).filter((member) => {
      const { peer, name, state, reachable, organisation, misbehaving } = member;
      const now = JSON.stringify([name, state, reachable, organisation, misbehaving?.code]);
      if (told.get(peer) === now) return false;
      told.set(peer, now);
      return true;
    });
    if (changed.length > 0) for (const line of format(changed)) console.log(line);
    await pause(WATCH_INTERVAL_MS);
  }
}

const HEAD = ["NAME", "ORG", "STATE", "TAGS", "HEIGHTS", "CERTIFICATE UNTIL", "WHY"] as const;

function table(members: readonly ApiMember[]): readonly string[] {
  return textTable(HEAD, members.map(row));
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
