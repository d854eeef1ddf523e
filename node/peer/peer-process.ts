import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, extname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ApiClient } from "../http/api-client.ts";
import { NodeError } from "../errors.ts";
import { parseReadyLine, type ReadyPeer } from "./ready-line.ts";

export interface PeerProcessOptions {
  /** For people. */
  readonly name: string;
  /** Flags of `peer start`. */
  readonly flags: readonly string[];
  /** Its standard error goes to the end of this file. */
  readonly log: string;
  /** Beside this process's own, without its BLOCKGOSSIP_ variables. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Beside this file: in TypeScript, or compiled as this is. */
const CLI = fileURLToPath(new URL(`../cli${extname(import.meta.url)}`, import.meta.url));
const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 5_000;
const SHOWN_LOG_LINES = 5;

/** A peer in a process of its own that does not outlive this one, however this one ends. */
export class PeerProcess implements AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  readonly ready: ReadyPeer;
  readonly api: ApiClient;
  /** Its exit status; undefined where a signal ended it. Never rejects. */
  readonly exited: Promise<number | undefined>;
  readonly #log: string;
  readonly #child: ChildProcess;

  private constructor(options: PeerProcessOptions, running: Running, ready: ReadyPeer) {
    this.name = options.name;
    this.#log = options.log;
    this.#child = running.child;
    this.pid = running.child.pid ?? 0;
    this.exited = running.exited;
    this.ready = ready;
    this.api = new ApiClient(ready.api);
  }

  /** Resolves when it is ready. @throws NodeError `PEER_DIED` with the end of its log, `TIMED_OUT`. */
  static async start(options: PeerProcessOptions): Promise<PeerProcess> {
    const running = run(options);
    const ready = await Promise.race([
      firstReadyLine(running.output),
      running.exited.then(() => undefined),
      pause(READY_MS_MAX, "late" as const, { ref: false }),
    ]);
    if (ready === "late") {
      running.child.kill("SIGKILL");
      throw new NodeError("TIMED_OUT", `${options.name} was not ready after ${READY_MS_MAX} ms`);
    }
    if (ready !== undefined) return new PeerProcess(options, running, ready);
    throw deathOf(options.name, options.log, await running.exited);
  }

  /** Says that it has ended, with the end of its log. */
  async death(): Promise<NodeError> {
    return deathOf(this.name, this.#log, await this.exited);
  }

  /** Ends it at once, as a power cut would. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  /** Asks it to stop, and makes it after 5 s. Its exit status. */
  async stop(): Promise<number | undefined> {
    this.#child.kill("SIGTERM");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS_MAX);
    const status = await this.exited;
    clearTimeout(force);
    return status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

interface Running {
  readonly child: ChildProcess;
  readonly output: Readable;
  readonly exited: Promise<number | undefined>;
}

function run({ flags, log, environment }: PeerProcessOptions): Running {
  mkdirSync(dirname(log), { recursive: true });
  const stderr = openSync(log, "a");
  try {
    const child = spawn(process.execPath, [CLI, "peer", "start", ...flags], {
      // Away from the terminal: Ctrl-C comes through us. The IPC channel closes when we end, and with it the peer ends.
      detached: true,
      stdio: ["ignore", "pipe", stderr, "ipc"],
      env: { ...withoutSettings(process.env), ...environment },
    });
    const exited = once(child, "exit").then(
      ([status]) => (typeof status === "number" ? status : undefined),
      () => undefined,
    );
    return { child, output: child.stdout as Readable, exited };
  } finally {
    closeSync(stderr);
  }
}

function withoutSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith("BLOCKGOSSIP_")));
}

/** Undefined where the output ends before. What comes behind the line is thrown away. */
async function firstReadyLine(output: Readable): Promise<ReadyPeer | undefined> {
  const { promise, resolve } = Promise.withResolvers<ReadyPeer | undefined>();
  const lines = createInterface({ input: output });
  lines.on("line", (line) => resolve(parseReadyLine(line)));
  lines.once("close", () => resolve(undefined));
  return await promise;
}

function deathOf(name: string, log: string, status: number | undefined): NodeError {
  const how = status === undefined ? "was killed" : `ended with status ${status}`;
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-SHOWN_LOG_LINES);
  return new NodeError("PEER_DIED", `${name} ${how}; the end of ${log}:\n${lines.join("\n")}`);
}
