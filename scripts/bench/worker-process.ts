import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { PendingCalls, type CallAnswer } from "../pending-calls.ts";
import type { CallName, Completion, Telling, WorkerCalls } from "./worker-protocol.ts";

const ENTRY = fileURLToPath(new URL("bench-worker.ts", import.meta.url));
const CLOSE_LIMIT_MS = 10_000;

export interface WorkerOptions {
  /** Where the process leaves a CPU profile when it ends. */
  readonly profile?: string | undefined;
  /** Told when the last of its peers has a block. */
  readonly onCompletion?: (completion: Completion) => void;
}

/** A process that peers live in. Disposing of it ends it, within ten seconds. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #calls = new PendingCalls();

  constructor({ profile, onCompletion }: WorkerOptions = {}) {
    const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${resolve(profile)}`];
    this.#child = fork(ENTRY, {
      serialization: "advanced",
      stdio: ["ignore", 2, 2, "ipc"],
      execArgv: [...process.execArgv, ...profiling],
    });
    this.#child.on("message", (message: CallAnswer | Telling) => {
      if ("completion" in message) onCompletion?.(message.completion);
      else this.#calls.answered(message);
    });
    this.#child.on("exit", (status) =>
      this.#calls.failAll(new Error(`a worker ended with status ${status}`)),
    );
  }

  /** Has the worker do something; rejects where it failed, or when the worker has ended. */
  call<Name extends CallName>(
    name: Name,
    ...[argument]: Parameters<WorkerCalls[Name]>
  ): ReturnType<WorkerCalls[Name]> {
    const { id, outcome } = this.#calls.begin();
    this.#child.send({ id, name, argument }, (error) => {
      if (error !== null) this.#calls.answered({ id, error: error.message });
    });
    return outcome as ReturnType<WorkerCalls[Name]>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    using _limit = killAfter(child, CLOSE_LIMIT_MS);
    this.call("close").catch(() => undefined);
    await ended;
  }
}

function killAfter(child: ChildProcess, limitMs: number): Disposable {
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
