import { Option, type Command } from "commander";
import { callOf, EXIT_STATUS_HELP } from "./command-line.ts";
import type { DevnetPlan } from "../devnet/run-devnet.ts";
import { byteCount, durationMs, positiveNumber, wholeNumber } from "./flag-values.ts";

/** How other commands are called beside it. */
type Calls = DevnetPlan["calls"];

/** Adds `devnet`: a network on this machine. */
export function addDevnet(program: Command): void {
  describeDevnet(program.command("devnet"), { submit: "blockgossip submit", height: "blockgossip height" });
}

/** Makes the command the one that makes and runs a network on this machine. */
export function describeDevnet(command: Command, calls: Calls): Command {
  return command
    .description(
      "make a network on this machine, each peer a process of its own, and let them carry blocks of random bytes",
    )
    .option("--peers <number>", "how many peers", positiveNumber, 4)
    .option("--orgs <number>", "how many organisations they are in", positiveNumber, 2)
    .option("--blocks <number>", "how many blocks to submit", wholeNumber, 10)
    .option("--size <bytes>", "random bytes in each, such as 160KiB", byteCount, 16_384)
    .option("--interval <duration>", "pause between two blocks", durationMs, durationMs("500ms"))
    .option(
      "--block-every <duration>",
      "afterwards a block so often, until it is stopped; 0s: none",
      durationMs,
      durationMs("2s"),
    )
    .addOption(
      new Option("--consensus <kind>", "how the orderers agree").choices(["raft", "bft"]).default("raft"),
    )
    .option("--dir <dir>", "where to make it; what an earlier run made there is removed", "devnet")
    .option("--base-port <port>", "the first peer's port (default: free ones from 9700 on)", positiveNumber)
    .option(
      "--timeout <duration>",
      "how long to wait for all blocks to be everywhere",
      durationMs,
      durationMs("60s"),
    )
    .option(
      "--exit",
      "end when every peer holds every block, with status 0, or when the time is over, with status 1",
    )
    .addHelpText("after", examples(callOf(command)) + EXIT_STATUS_HELP)
    .action(async (plan: Omit<DevnetPlan, "calls">) => {
      const { runDevnet } = await import("../devnet/run-devnet.ts");
      await runDevnet({ ...plan, calls });
    });
}

function examples(call: string): string {
  return `
Examples:
  ${call} --peers 20 --orgs 3 --block-every 1s
  ${call} --peers 5 --orgs 2 --blocks 20 --size 160KiB --exit`;
}
