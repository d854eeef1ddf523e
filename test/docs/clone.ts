import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { lstatSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { freePortBase } from "../../node/network/free-ports.ts";
import { poll } from "../../node/poll.ts";
import { CLI } from "../end-to-end/blockgossip.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import type { RunBlock, Step } from "./run-blocks.ts";
import { asShown } from "./shown-output.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/** What runs in the project's folder makes here; a clone begins without. */
const MADE = new Set([".git", "devnet", "network", "chaos"]);
/** What is kept of a document when the next one begins. */
const KEPT = new Set(["devnet"]);
const UP_MS_MAX = 45_000;
/** Every job with all that it has started; the folder can be removed when they are gone. */
const AT_EXIT = `trap 'for job in $(jobs -p); do
  kill -- -$job; while kill -0 -- -$job; do sleep 0.05; done
done 2>/dev/null' EXIT`;

/** What a command has printed, as the document shows it where it does, and its exit status. */
export interface Outcome {
  readonly status: number;
  readonly output: readonly string[];
}

/** The documents' ports: peers' from 9700 on, their APIs' from 9800 on. */
const PORT = /\b9([78])(\d\d)\b/g;
const PORT_OFFSETS = Array.from({ length: 20 }, (_, index) => [index, 100 + index]).flat();

/**
 * A folder like a fresh clone, the project's files by links, and a shell in it to which commands are given as by hand. Ports
 * of the documents become free ones, and `npm start` makes no further blocks, so that numbers are those of the document.
 * Everything that was started ends with it.
 */
export class Clone implements AsyncDisposable {
  readonly #folder = temporaryDirectory();
  readonly #shell: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #portBase: number;
  #jobs = 0;

  private constructor(portBase: number) {
    this.#portBase = portBase;
    for (const name of readdirSync(ROOT))
      if (!MADE.has(name)) symlinkSync(join(ROOT, name), join(this.#folder.path, name));
    const settings = Object.entries(process.env).filter(([name]) => !name.startsWith("BLOCKGOSSIP_"));
    const env = { ...Object.fromEntries(settings), BLOCKGOSSIP_API: `http://127.0.0.1:${portBase + 100}` };
    // In a session of its own, so that no terminal is asked for when jobs get their groups.
    this.#shell = spawn("bash", ["--norc"], { cwd: this.#folder.path, env, detached: true, stdio: "pipe" });
    this.#lines = createInterface({ input: this.#shell.stdout as Readable })[Symbol.asyncIterator]();
    this.#tell(`exec 2>&1; set -m; shopt -s expand_aliases; ${AT_EXIT}`);
  }

  static async create(): Promise<Clone> {
    const from = 15_000 + 200 * Math.floor(Math.random() * 70);
    const portBase = await freePortBase("127.0.0.1", from, PORT_OFFSETS);
    if (portBase === undefined) throw new Error(`no free ports from ${from} on`);
    return new Clone(portBase);
  }

  /** Removes what the document before has left, except for the devnet, and has `blockgossip` be the program itself. */
  beginDocument(): void {
    const { path } = this.#folder;
    for (const name of readdirSync(path))
      if (!KEPT.has(name) && !lstatSync(join(path, name)).isSymbolicLink())
        rmSync(join(path, name), { recursive: true });
    this.#tell(`unalias -a\nblockgossip() { '${process.execPath}' '${CLI}' "$@"; }`);
  }

  /** Runs one command, or a program. */
  async run({ command, shown }: Step, block: RunBlock): Promise<Outcome> {
    const portable = block.isOffline ? shown : shown.map((line) => this.#withPorts(line));
    const told =
      block.kind === "ts" ? this.#asCommand(command) : block.isOffline ? command : this.#withPorts(command);
    const { status, output } = block.isUp
      ? await this.#runJob(told, portable, block)
      : await this.#runCommand(told);
    const aligned = asShown(output, portable, block).slice(0, block.isUp ? shown.length : undefined);
    // The document's own ports are what a reader of a failed comparison looks for.
    return {
      status,
      output: aligned.map((line, index) => (line === portable[index] ? shown[index]! : line)),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#shell, "exit");
    this.#shell.stdin!.end();
    await exited;
    this.#folder[Symbol.dispose]();
  }

  #tell(command: string): void {
    this.#shell.stdin!.write(`${command}\n`);
  }

  #withPorts(text: string): string {
    return text
      .replaceAll(PORT, (_, hundreds, rest) =>
        String(this.#portBase + (Number(hundreds) - 7) * 100 + Number(rest)),
      )
      .replace(/^npm start$/, `npm start -- --base-port ${this.#portBase} --block-every 0s`);
  }

  #asCommand(program: string): string {
    writeFileSync(join(this.#folder.path, "program.ts"), program);
    return `'${process.execPath}' --conditions=blockgossip-source program.ts`;
  }

  async #runCommand(command: string): Promise<Outcome> {
    const mark = `end-of-command-${this.#jobs++}`;
    this.#tell(`{ ${command}\n} </dev/null; status=$?; echo; echo ${mark} $status`);
    const output: string[] = [];
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done === true) throw new Error(`the shell has ended in: ${command}`);
      if (value.startsWith(`${mark} `))
        return { status: Number(value.slice(mark.length)), output: trimmed(output) };
      output.push(value);
    }
  }

  async #runJob(command: string, shown: readonly string[], block: RunBlock): Promise<Outcome> {
    const log = join(this.#folder.path, `job-${this.#jobs++}.log`);
    writeFileSync(log, "");
    // To a peer this is where it listens itself.
    this.#tell(`{ unset BLOCKGOSSIP_API; ${command}\n} </dev/null >'${log}' 2>'${log}.err' &`);
    const printed = () => trimmed(readFileSync(log, "utf8").split("\n"));
    const isAll = () => asShown(printed(), shown, block).slice(0, shown.length).join() === shown.join();
    await poll(async () => (isAll() ? true : undefined), { intervalMs: 50, timeoutMs: UP_MS_MAX });
    return { status: 0, output: printed() };
  }
}

/** Without blank lines at both ends, nor what npm says before a script. */
function trimmed(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line !== "" && !line.startsWith("> "));
  const last = lines.findLastIndex((line) => line !== "");
  return first < 0 ? [] : lines.slice(first, last + 1);
}
