import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { configureProgram } from "./command-line.ts";
import { addAntiEntropy } from "./commands/anti-entropy.ts";
import { addBlock } from "./commands/block.ts";
import { addCert } from "./commands/cert.ts";
import { addChannel } from "./commands/channel.ts";
import { addEvent } from "./commands/event.ts";
import { addJoin } from "./commands/join.ts";
import { addLog } from "./commands/log.ts";
import { addMembers } from "./commands/members.ts";
import { addCompletion } from "./commands/completion.ts";
import { addHeight } from "./commands/height.ts";
import { addLeave } from "./commands/leave.ts";
import { addStats } from "./commands/stats.ts";
import { addSubmit } from "./commands/submit.ts";
import { addSync } from "./commands/sync.ts";
import { addConfig } from "./commands/config.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addId } from "./commands/id.ts";
import { addInit } from "./commands/init.ts";
import { addLedger } from "./commands/ledger.ts";
import { addDevnet } from "./commands/devnet.ts";
import { addNetworkCreate } from "./commands/network-create.ts";
import { addPeerStart } from "./commands/peer-start.ts";
import { addRepair } from "./commands/repair.ts";
import { addTokenCreate } from "./commands/token-create.ts";

/** The program `blockgossip` with all its commands. */
export function createProgram(): Command {
  const program = configureProgram(new Command("blockgossip"))
    .description("Peers that carry signed, hash-chained blocks to each other.")
    .version(packageJson.version);
  addDevnet(program);
  addInit(program);
  addId(program);
  addConfig(program.command("config").description("show and check a peer's settings"));
  addDoctor(program);
  addNetworkCreate(program.command("network").description("make networks"));
  addPeerStart(program.command("peer").description("run peers"));
  addMembers(program);
  addJoin(program);
  addLeave(program);
  addSubmit(program);
  addHeight(program);
  addSync(program);
  addBlock(program.command("block").description("get blocks from a peer, and follow them"));
  addEvent(program.command("event").description("send events to all members, and see theirs"));
  addRepair(program);
  addAntiEntropy(program);
  addStats(program);
  addLog(program.command("log").description("show and change what a running peer logs"));
  addChannel(program.command("channel").description("show and change a channel's configuration"));
  addLedger(
    program.command("ledger").description("look at and move a ledger's blocks while no peer runs on them"),
  );
  addCert(program.command("cert").description("make, renew, revoke and show certificates"));
  addTokenCreate(program.command("token").description("make tokens that open a peer's API"));
  addCompletion(program);
  return program;
}
