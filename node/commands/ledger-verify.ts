import type { Command } from "commander";
import type { LedgerVerdict } from "../../chain/verify-ledger.ts";
import { EXIT_STATUS, EXIT_STATUS_HELP } from "./command-line.ts";
import {
  addLedgerFlags,
  addRangeFlags,
  OFFLINE_HELP,
  openNamedLedger,
  type LedgerFlags,
  type RangeFlags,
} from "./ledger-flags.ts";

type Flags = LedgerFlags & RangeFlags;

/** Adds `verify`: whether all that is stored is what the orderers signed. */
export function addLedgerVerify(ledger: Command): void {
  addRangeFlags(addLedgerFlags(ledger.command("verify")))
    .description(
      "read all blocks and judge each as if it had just come: checksum, hash chain, data hash, signatures by the " +
        "configuration as it changes",
    )
    .addHelpText("after", OFFLINE_HELP + EXAMPLES + EXIT_STATUS_HELP)
    .action(verify);
}

const EXAMPLES = `

Examples:
  blockgossip ledger verify --config network/peers/org1-peer0/config.yaml
  blockgossip ledger verify --data mirror/data --from 1000 --to 1999 --json`;

async function verify(flags: Flags): Promise<void> {
  const { verifyLedger } = await import("../../chain/verify-ledger.ts");
  const { ledger, channel } = await openNamedLedger(flags);
  await using _open = ledger;
  const { from: first, to } = flags;
  const end = to === undefined ? ledger.height : to + 1;
  const startMs = performance.now();
  const verdict = await verifyLedger(ledger, { first, end });
  const seconds = (performance.now() - startMs) / 1_000;
  if (flags.json === true) console.log(JSON.stringify({ channel, first, end, ...asJson(verdict) }));
  else console.log(sentence(verdict, { channel, first, end, seconds }));
  if (verdict.kind === "bad") process.exitCode = EXIT_STATUS.failed;
}

function asJson(verdict: LedgerVerdict): object {
  if (verdict.kind === "good") return verdict;
  const { kind, number, error } = verdict;
  return { kind, number, code: error.code, message: error.message };
}

interface Looked {
  readonly channel: string;
  readonly first: number;
  readonly end: number;
  readonly seconds: number;
}

function sentence(verdict: LedgerVerdict, { channel, first, end, seconds }: Looked): string {
  switch (verdict.kind) {
    case "good":
      return (
        `OK ${verdict.blocks} blocks of ${channel}, ${first} to ${end - 1}, ${verdict.transactions} transactions: ` +
        `hash chain, data hashes and signatures are good (${seconds.toFixed(1)} s)`
      );
    case "bad":
      return (
        `BAD block ${verdict.number} of ${channel}: ${verdict.error.message} (${verdict.error.code})\n` +
        `  start the peer and let the others mend it: blockgossip repair --channel ${channel}`
      );
    default:
      return verdict satisfies never;
  }
}
