#!/usr/bin/env node
/** The command `blockgossip`: makes networks, certificates and tokens, and runs peers. */
import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { configureProgram, runProgram } from "./command-line.ts";
import { addAntiEntropy } from "./commands/anti-entropy.ts";
import { addBlock } from "./commands/block.ts";
import { addCert } from "./commands/cert.ts";
import { addChannel } from "./commands/channel.ts";
import { addEvent } from "./commands/event.ts";
import { addJoin } from "./commands/join.ts";
import { addMembers } from "./commands/members.ts";
import { addNetworkCreate } from "./commands/network-create.ts";
import { addPeerStart } from "./commands/peer-start.ts";
import { addRepair } from "./commands/repair.ts";
import { addTokenCreate } from "./commands/token-create.ts";

const program = configureProgram(new Command("blockgossip"))
  .description("Peers that carry signed, hash-chained blocks to each other.")
  .version(packageJson.version);
addNetworkCreate(program.command("network").description("make networks"));
addPeerStart(program.command("peer").description("run peers"));
addCert(program.command("cert").description("make, renew, revoke and show certificates"));
addBlock(program.command("block").description("get blocks from a peer, and follow them"));
addMembers(program);
addJoin(program);
addEvent(program.command("event").description("send events to all members, and see theirs"));
addRepair(program);
addAntiEntropy(program);
addTokenCreate(program.command("token").description("make tokens that open a peer's API"));
addChannel(program.command("channel").description("show and change a channel's configuration"));
await runProgram(program);
