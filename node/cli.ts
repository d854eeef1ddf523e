#!/usr/bin/env node
/** The command `blockgossip`: makes networks, runs peers, and makes tokens for their APIs. */
import { Command } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { configureProgram, runProgram } from "./command-line.ts";
import { addNetworkCreate } from "./commands/network-create.ts";
import { addPeerStart } from "./commands/peer-start.ts";
import { addTokenCreate } from "./commands/token-create.ts";

const program = configureProgram(new Command("blockgossip"))
  .description("Peers that carry signed, hash-chained blocks to each other.")
  .version(packageJson.version);
addNetworkCreate(program.command("network").description("make networks"));
addPeerStart(program.command("peer").description("run peers"));
addTokenCreate(program.command("token").description("make tokens that open a peer's API"));
await runProgram(program);
