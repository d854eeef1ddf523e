import { Option, type Command } from "commander";
import { ANTI_ENTROPY_MODES } from "../../gossip/options.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { durationMs } from "./flag-values.ts";
import type { ApiAntiEntropyChange } from "../http/api-types.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

interface Flags extends PeerFlags {
  readonly channel?: string;
  readonly mode?: (typeof ANTI_ENTROPY_MODES)[number];
  readonly interval?: number;
  readonly on?: true;
  readonly off?: true;
  readonly json?: true;
}

/** Adds `anti-entropy`: how a running peer compares what it holds with others. */
export function addAntiEntropy(program: Command): void {
  addPeerFlags(program.command("anti-entropy"))
    .description("show or change how a running peer compares what it holds with others, until it ends")
    .option("--channel <name>", "the channel (default: the only one that the peer has joined)")
    .addOption(
      new Option("--mode <mode>", "who gets what he lacks: the peer, the other, or both").choices([
        ...ANTI_ENTROPY_MODES,
      ]),
    )
    .option("--interval <duration>", "from one session to the next, such as 2s", durationMs)
    .option("--on", "start sessions")
    .addOption(new Option("--off", "ask for nothing; others are answered all the same").conflicts("on"))
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(run);
}

const EXAMPLE = `
Examples:
  blockgossip anti-entropy
  blockgossip anti-entropy --api http://127.0.0.1:9801 --mode push-pull --interval 2s`;

async function run({ channel: named, json, ...flags }: Flags): Promise<void> {
  const { chosenChannel } = await import("../orderer/submission.ts");
  const api = await openApi(flags);
  const channel = await chosenChannel(api, named);
  const change = changeOf(flags);
  const settings =
    Object.keys(change).length === 0
      ? await api.antiEntropy(channel)
      : await api.setAntiEntropy(channel, change);
  if (json === true) console.log(JSON.stringify(settings));
  else {
    const { enabled, mode, intervalMs } = settings;
    console.log(`${channel}: ${enabled ? "on" : "off"}, ${mode}, every ${intervalMs} ms`);
  }
}

function changeOf({ mode, interval, on, off }: Flags): ApiAntiEntropyChange {
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(interval === undefined ? {} : { intervalMs: interval }),
    ...(on === true || off === true ? { enabled: on === true } : {}),
  };
}
