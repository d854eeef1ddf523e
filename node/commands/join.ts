import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "../command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";

/** Adds `join`: lets a running peer get to know another one, and by it the rest. */
export function addJoin(program: Command): void {
  addPeerFlags(program.command("join"))
    .description("let a running peer get to know the one at an address; it learns of the others by that one")
    .argument(
      "<address>",
      "where that one listens, such as /ip4/10.0.0.7/tcp/9700, with or without its peer id",
    )
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(join);
}

const EXAMPLE = `
Example:
  blockgossip join --api http://127.0.0.1:9800 /ip4/127.0.0.1/tcp/9702`;

async function join(address: string, flags: PeerFlags): Promise<void> {
  const api = await openApi(flags);
  console.log(`met ${await api.meet(address)}`);
}
