import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Answer, CallName, Completion, Telling, WorkerCalls } from "./worker-protocol.ts";

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
  readonly #calls = new Map<number, PromiseWithResolvers<unknown>>();
  #lastId = 0;

  constructor({ profile, onCompletion }: WorkerOptions = {}) {
    const profiling = profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${resolve(profile)}`];
    this.#child = fork(ENTRY, {
      serialization: "advanced",
      stdio: ["ignore", 2, 2, "ipc"],
      execArgv: [...process.execArgv, ...profiling],
    });
    this.#child.on("message", (message: Answer | Telling) => {
      if ("completion" in message) onCompletion?.(message.completion);
      else this.#answered(message);
    });
    this.#child.on("exit", (status) => this.#failAll(new Error(`a worker ended with status ${status}`)));
  }

  /** Has the worker do something; rejects where it failed, or when the worker has ended. */
  call<Name extends CallName>(
    name: Name,
    ...[argument]: Parameters<WorkerCalls[Name]>
  ): ReturnType<WorkerCalls[Name]> {
    const id = ++this.#lastId;
    const done = Promise.withResolvers<unknown>();
    this.#calls.set(id, done);
    this.#child.send({ id, name, argument }, (error) => {
      if (error !== null) this.#answered({ id, error: error.message });
    });
    return done.promise as ReturnType<WorkerCalls[Name]>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    using _limit = killAfter(child, CLOSE_LIMIT_MS);
    this.call("close").catch(() => undefined);
    await ended;
  }

  #answered({ id, result, error }: Answer): void {
    const done = this.#calls.get(id);
    this.#calls.delete(id);
    if (error === undefined) done?.resolve(result);
    else done?.reject(new Error(error));
  }

  #failAll(error: Error): void {
    for (const done of this.#calls.values()) done.reject(error);
    this.#calls.clear();
  }
}

function killAfter(child: ChildProcess, limitMs: number): Disposable {
  const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}
