import { Buffer } from "node:buffer";
import type { Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { positiveNumber, wholeNumber } from "./flag-values.ts";
import type { ApiUserEvent } from "../http/api-types.ts";
import { addPeerFlags, openApi, type PeerFlags } from "./api-flags.ts";
import { printable } from "./printable.ts";
import { tell } from "./tell.ts";

interface ListFlags extends PeerFlags {
  readonly after: number;
  readonly json?: true;
}

interface WatchFlags extends ListFlags {
  readonly count?: number;
}

interface SendFlags extends PeerFlags {
  readonly json?: true;
}

/** Adds what is done with user events. */
export function addEvent(event: Command): void {
  addPeerFlags(event.command("send"))
    .description("tell all members something: a name of at most 128 bytes, and a payload of at most 512")
    .argument("<name>", "what it is about")
    .argument("[payload]", "text", "")
    .option("--json", "as JSON")
    .addHelpText("after", SEND_EXAMPLES + EXIT_STATUS_HELP)
    .action(send);
  addListFlags(event.command("list"))
    .description("show the events that a peer remembers, by Lamport time")
    .addHelpText("after", LIST_EXAMPLES + EXIT_STATUS_HELP)
    .action(list);
  addListFlags(event.command("watch"))
    .description("show the events that a peer remembers, then all that come, until Ctrl-C")
    .option("--count <n>", "end after so many", positiveNumber)
    .addHelpText("after", WATCH_EXAMPLES + EXIT_STATUS_HELP)
    .action(watch);
}

function addListFlags(command: Command): Command {
  return addPeerFlags(command)
    .option("--after <time>", "only those of a later Lamport time", wholeNumber, 0)
    .option("--json", "one JSON object a line");
}

const SEND_EXAMPLES = `
Examples:
  blockgossip event send deploy v2
  blockgossip event send --api http://127.0.0.1:9801 backup`;

const LIST_EXAMPLES = `
Examples:
  blockgossip event list
  blockgossip event list --after 41 --json`;

const WATCH_EXAMPLES = `
Examples:
  blockgossip event watch
  blockgossip event watch --count 1 --json`;

async function send(name: string, payload: string, { json, ...flags }: SendFlags): Promise<void> {
  const api = await openApi(flags);
  const time = await api.sendEvent(name, Buffer.from(payload));
  tell(json, { name, time }, [`sent ${name} at time ${time}`]);
}

async function list({ after, json, ...flags }: ListFlags): Promise<void> {
  const api = await openApi(flags);
  for (const event of (await api.events(after)).events) show(event, json === true);
}

async function watch({ after, json, count = Infinity, ...flags }: WatchFlags): Promise<void> {
  const api = await openApi(flags);
  let shown = 0;
  for await (const event of api.followEvents(after, new AbortController().signal)) {
    show(event, json === true);
    if (++shown >= count) return;
  }
}

function show(event: ApiUserEvent, isJson: boolean): void {
  if (isJson) return console.log(JSON.stringify(event));
  const { time, author, authorName, name, payload, payloadBase64 } = event;
  const content = payload === undefined ? `base64:${payloadBase64}` : printable(payload);
  const who = printable(authorName ?? author);
  const cells = [String(time).padEnd(TIME_WIDTH), who.padEnd(AUTHOR_WIDTH), printable(name), content];
  console.log(cells.join("  ").trimEnd());
}

const TIME_WIDTH = 6;
const AUTHOR_WIDTH = 12;
