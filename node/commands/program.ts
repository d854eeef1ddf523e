import { Command } from "commander";
import packageJson from "../../package.json" with { type: "json" };
import { configureProgram } from "./command-line.ts";
import { addAntiEntropy } from "./anti-entropy.ts";
import { addBlock } from "./block.ts";
import { addCert } from "./cert.ts";
import { addChannel } from "./channel.ts";
import { addEvent } from "./event.ts";
import { addJoin } from "./join.ts";
import { addLog } from "./log.ts";
import { addMembers } from "./members.ts";
import { addCompletion } from "./completion.ts";
import { addHeight } from "./height.ts";
import { addLeave } from "./leave.ts";
import { addStats } from "./stats.ts";
import { addSubmit } from "./submit.ts";
import { addSync } from "./sync.ts";
import { addConfig } from "./config.ts";
import { addDoctor } from "./doctor.ts";
import { addId } from "./id.ts";
import { addInit } from "./init.ts";
import { addLedger } from "./ledger.ts";
import { addDevnet } from "./devnet.ts";
import { addNetworkCreate } from "./network-create.ts";
import { addPeerStart } from "./peer-start.ts";
import { addRepair } from "./repair.ts";
import { addTokenCreate } from "./token-create.ts";

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
