import type { Command } from "commander";
import type { ApiChannel } from "../http/api-types.ts";
import type { ChannelReport, OrganisationReport } from "../channel/channel-report.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { moment } from "./cert-output.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly json?: true;
}

/** Adds `show`: the configuration in force. */
export function addChannelShow(channel: Command): void {
  addPeerFlags(channel.command("show"))
    .description(
      "show the configuration in force: organisations, authorities, revocations, policies; and who leads",
    )
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(show);
}

const EXAMPLE = `
Examples:
  blockgossip channel show
  blockgossip channel show --api http://127.0.0.1:9801 --channel trade --json`;

async function show({ channel: named, json, ...flags }: Flags): Promise<void> {
  const { reportChannel } = await import("../channel/channel-report.ts");
  const { configBlockInForce } = await import("../channel/channel-update.ts");
  const { chosenChannel } = await import("../orderer/submission.ts");
  const api = await openApi(flags);
  const channel = await chosenChannel(api, named);
  const report = reportChannel(await configBlockInForce(api, channel));
  const { leader, source } = await api.channel(channel);
  const supply = { ...(leader === undefined ? {} : { leader }), ...(source === undefined ? {} : { source }) };
  if (json === true) console.log(JSON.stringify({ ...report, ...supply }, undefined, 2));
  else for (const line of [...lines(report), ...supplyLines(supply)]) console.log(line);
}

/** Where new blocks come from, as the peer sees it. */
function supplyLines({ leader, source }: Pick<ApiChannel, "leader" | "source">): readonly string[] {
  const leaderLine =
    leader === undefined
      ? "no leader: nobody of the organisation brings blocks in"
      : `leader ${leader.name} (${leader.peer}) since ${moment(new Date(leader.since))}: ${leader.reason}`;
  if (source === undefined) return leader === undefined ? [] : [leaderLine];
  const height = source.height === undefined ? "" : `, ${source.height} blocks`;
  return [
    leaderLine,
    `source ${source.name}, ${source.healthy ? "it answers" : "no source answers"}${height}`,
  ];
}

function lines(report: ChannelReport): readonly string[] {
  const { channel, sequence, block } = report;
  const pathWidth = Math.max(...report.policies.map(({ path }) => path.length));
  return [
    `channel ${channel}, configuration ${sequence}, in force since block ${block}`,
    ...report.organisations.flatMap((each) => organisationLines("organisation", each)),
    ...report.ordererOrganisations.flatMap((each) => organisationLines("orderers of", each)),
    ...ordererLines(report),
    "policies",
    ...report.policies.map(({ path, rule }) => `  ${path.padEnd(pathWidth)}  ${rule}`),
  ];
}

function organisationLines(title: string, organisation: OrganisationReport): readonly string[] {
  const { name, mspId, authorities, anchorPeers } = organisation;
  return [
    `${title} ${name}, MSP id ${mspId}`,
    ...authorities.map(
      ({ subject, isRoot, notAfter, revoked }) =>
        `  ${isRoot ? "root CA" : "CA"}  ${subject}, until ${moment(new Date(notAfter))}, ${revoked} ${revoked === 1 ? "certificate" : "certificates"} revoked`,
    ),
    ...(anchorPeers.length === 0 ? [] : [`  anchor peers  ${anchorPeers.join(", ")}`]),
  ];
}

function ordererLines({ ordererAddresses, consenters }: ChannelReport): readonly string[] {
  return consenters.length === 0
    ? [`orderers at ${ordererAddresses.join(", ") || "no address"}`]
    : consenters.map(({ id, mspId, address }) => `orderer ${id} of ${mspId} at ${address}`);
}
