import { InvalidArgumentError, type Command } from "commander";
import type { Block } from "../../chain/block.ts";
import type { ConfigChange } from "../../chain/config-update.ts";
import { RevocationList } from "../../chain/revocation-list.ts";
import type { ChannelFlags } from "../channel/channel-changes.ts";
import type { SigningTurn } from "../orderer/signing-turn.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { tell } from "./tell.ts";

interface Flags extends ChannelFlags, PeerFlags {
  readonly channel?: string;
  readonly orderer?: string;
  readonly out?: string;
  readonly json?: true;
}

/** Adds `update`: the next config block, with one change or several. */
export function addChannelUpdate(channel: Command): void {
  addPeerFlags(channel.command("update"))
    .description("change the configuration in force: make the next config block, sign it and hand it in")
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .option("--orderer <dir>", "an orderer's folder, or one with several (default: devnet/orderers)")
    .option(
      "--add-org <name=dir...>",
      "let an organisation in, with its MSP folder or its authority's",
      pairs,
    )
    .option("--msp-id <name=id...>", "the MSP id of an organisation that is let in (default: NAMEMSP)", pairs)
    .option("--remove-org <org...>", "take an organisation out, by its name or its MSP id")
    .option("--revoke <org=crl...>", "put an authority's revocation list in force", pairs)
    .option(
      "--add-ca <org=cert...>",
      "one more certificate authority, also of the orderers' organisation",
      pairs,
    )
    .option("--anchor <org=host:port...>", "all its anchor peers, in place of those that it has", pairs)
    .option(
      "--out <file>",
      "write the block there, to hand it in later; the next block's maker does otherwise",
    )
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP)
    .action(update);
}

const EXAMPLES = `
All changes that are given come in one block. An organisation is named as \`channel show\` names it, or by its MSP id.

Examples:
  blockgossip cert revoke --ca network/organisations/Org1 --name org1-peer1
  blockgossip channel update --api http://127.0.0.1:9800 --orderer network/orderers \\
    --revoke Org1=network/organisations/Org1/ca/crl.pem
  blockgossip channel update --api http://127.0.0.1:9800 --orderer network/orderers \\
    --add-org Org3=Org3 --anchor Org3=10.0.0.9:9700
  blockgossip channel update --api http://127.0.0.1:9800 --orderer network/orderers --remove-org Org2`;

async function update({ channel: named, orderer, out, json, ...flags }: Flags): Promise<void> {
  const { readChanges } = await import("../channel/channel-changes.ts");
  const { createChannelUpdate } = await import("../channel/channel-update.ts");
  const { chosenChannel, chosenOrderers } = await import("../orderer/submission.ts");
  const { SigningTurn } = await import("../orderer/signing-turn.ts");
  const changes = readChanges(flags);
  const api = await openApi(flags);
  const channel = await chosenChannel(api, named);
  using turn = await SigningTurn.begin(api, channel, { orderers: chosenOrderers(orderer) });
  const { block, config } = await createChannelUpdate(turn, changes);
  const report = { channel, block: block.number, hash: block.hash, configSequence: config.sequence };
  const done = out === undefined ? await handIn(turn, block) : await write(turn, block, out);
  const outcome =
    out === undefined
      ? `configuration ${config.sequence} of channel ${channel} is in force`
      : `configuration ${config.sequence} of channel ${channel} is in force when it is handed in: blockgossip submit --block ${out}`;
  tell(json, { ...report, ...(out === undefined ? {} : { file: out }) }, [
    ...changes.map(sentence),
    done,
    outcome,
  ]);
}

async function handIn(turn: SigningTurn, block: Block): Promise<string> {
  const result = await turn.handIn(block);
  if (result.kind === "refused")
    throw new NodeError(
      "REJECTED",
      `block ${block.number} was refused, and the configuration is as before: ${result.message} [${result.code}]`,
    );
  return `block ${result.number}  ${result.hash}  ${result.kind}`;
}

async function write(turn: SigningTurn, block: Block, out: string): Promise<string> {
  const { writeNewFile } = await import("../files.ts");
  try {
    writeNewFile(out, block.bytes);
  } catch (error) {
    await turn.forget();
    throw error;
  }
  return `block ${block.number}  ${block.hash}  written to ${out}`;
}

function sentence(change: ConfigChange): string {
  switch (change.kind) {
    case "add-organisation":
      return `${change.name}: comes into the channel`;
    case "remove-organisation":
      return `${change.organisation}: is taken out of the channel`;
    case "revoke":
      return `${change.organisation}: revocation list with ${certificates(change.list)}`;
    case "add-authority":
      return `${change.organisation}: one more certificate authority`;
    case "set-anchor-peers":
      return `${change.organisation}: anchor peers are ${change.anchorPeers.map(({ host, port }) => `${host}:${port}`).join(", ")}`;
    default:
      return change satisfies never;
  }
}

function certificates(list: Uint8Array): string {
  const { size } = RevocationList.parse(list).serials;
  return `${size} ${size === 1 ? "certificate" : "certificates"}`;
}

type Pair = readonly [name: string, value: string];

function pairs(text: string, before: readonly Pair[] = []): readonly Pair[] {
  const at = text.indexOf("=");
  if (at < 1 || at === text.length - 1)
    throw new InvalidArgumentError("Allowed is NAME=VALUE, such as Org1=…");
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}
