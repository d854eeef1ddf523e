import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { tell } from "./tell.ts";

interface Flags extends PeerFlags {
  readonly json?: true;
}

/** Adds `join`: lets a running peer get to know another one, and by it the rest. */
export function addJoin(program: Command): void {
  addPeerFlags(program.command("join"))
    .description("let a running peer get to know the one at an address; it learns of the others by that one")
    .argument(
      "<address>",
      "where that one listens, such as /ip4/10.0.0.7/tcp/9700, with or without its peer id",
    )
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(join);
}

const EXAMPLE = `
Examples:
  blockgossip join /ip4/127.0.0.1/tcp/9702
  blockgossip join --api http://127.0.0.1:9801 /dns4/peer0.example.org/tcp/9700`;

async function join(address: string, { json, ...flags }: Flags): Promise<void> {
  const api = await openApi(flags);
  const peer = await api.meet(address);
  tell(json, { peer }, [`met ${peer}`]);
}
