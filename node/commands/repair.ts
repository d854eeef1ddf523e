import type { Command } from "commander";
import type { ApiRepair, ApiRepairMember } from "../http/api-types.ts";
import { EXIT_STATUS, EXIT_STATUS_HELP } from "./command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { textTable } from "./text-table.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly verify: boolean;
  readonly json?: true;
}

/** Adds `repair`: a ring of repair over the live members of a channel. */
export function addRepair(program: Command): void {
  addPeerFlags(program.command("repair"))
    .description(
      "let all live members of a channel, one after the other, take from each other what they lack, and mend what has rotted on their disks",
    )
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .option("--no-verify", "let them not read all that they have stored first, so no damage is looked for")
    .option("--json", "the report as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(repair);
}

const EXAMPLE = `
Fails unless every member was reached and all end equal.

Examples:
  blockgossip repair --channel trade
  blockgossip repair --api http://127.0.0.1:9801 --no-verify --json`;

async function repair({ channel: named, verify, json, ...flags }: Flags): Promise<void> {
  const { chosenChannel } = await import("../orderer/submission.ts");
  const api = await openApi(flags);
  const report = await api.repair(await chosenChannel(api, named), verify);
  if (json === true) console.log(JSON.stringify(report, undefined, 2));
  else for (const line of lines(report, verify)) console.log(line);
  if (!isAllWell(report)) process.exitCode = EXIT_STATUS.failed;
}

function isAllWell({ equal, members }: ApiRepair): boolean {
  return equal && members.every(({ reached }) => reached);
}

const HEAD = ["NAME", "ORG", "BEFORE", "AFTER", "COPIED", "DAMAGED", "MENDED", "READ ALL", "NOTE"] as const;

function lines(report: ApiRepair, verify: boolean): readonly string[] {
  const rows = report.members.map((member) => row(member, verify));
  return [...textTable(HEAD, rows), verdict(report)];
}

function row(member: ApiRepairMember, verify: boolean): readonly string[] {
  const {
    name,
    organisation = "-",
    reached,
    before,
    after,
    copied,
    damaged,
    mended,
    more,
    verified,
  } = member;
  const left = damaged.length - mended.length;
  const notes = [
    reached ? undefined : "not reached",
    member.failure,
    left > 0 ? `${left} still damaged` : undefined,
    more ? "there is more damage" : undefined,
    verify && reached && !verified ? "read all a moment ago, and not again" : undefined,
  ];
  return [
    name || member.peer,
    organisation,
    String(before ?? "-"),
    String(after ?? "-"),
    String(copied),
    numbers(damaged),
    numbers(mended),
    verified ? "yes" : "no",
    notes.filter((note) => note !== undefined).join("; "),
  ];
}

const NUMBERS_SHOWN = 5;

function numbers(all: readonly number[]): string {
  if (all.length === 0) return "-";
  const shown = all.slice(0, NUMBERS_SHOWN).join(",");
  return all.length > NUMBERS_SHOWN ? `${shown},… (${all.length})` : shown;
}

function verdict({ channel, equal, hops, members }: ApiRepair): string {
  const unreached = members.filter(({ reached }) => !reached).length;
  const who =
    unreached === 0 ? `all ${members.length} members` : `the ${members.length - unreached} members reached`;
  return `${channel}: ${who} are ${equal ? "equal" : "NOT equal"} after ${hops} hops`;
}
