import type { Command } from "commander";
import { addLedgerCompare } from "./ledger-compare.ts";
import { addLedgerExport } from "./ledger-export.ts";
import { addLedgerImport } from "./ledger-import.ts";
import { addLedgerInfo } from "./ledger-info.ts";
import { addLedgerVerify } from "./ledger-verify.ts";

/** Adds what is done with a ledger's files while no peer runs on them. */
export function addLedger(ledger: Command): void {
  addLedgerInfo(ledger);
  addLedgerVerify(ledger);
  addLedgerExport(ledger);
  addLedgerImport(ledger);
  addLedgerCompare(ledger);
}
