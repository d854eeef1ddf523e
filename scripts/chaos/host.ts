import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { PendingCalls } from "../pending-calls.ts";
import type { HostCalls, HostSaying } from "./host-protocol.ts";

const AGENT = fileURLToPath(new URL("host-agent.ts", import.meta.url));
const CLOSE_MS_MAX = 15_000;

/** A machine of its own, as far as its network is concerned: a process in a network namespace, and peers under it. */
export class Host implements AsyncDisposable {
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #calls = new PendingCalls();

  private constructor(child: ChildProcess, onDeath: (peer: string, how: string) => void) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    child.on("message", (saying: HostSaying) => {
      if ("died" in saying) return onDeath(saying.died, saying.how);
      this.#calls.answered(saying);
    });
    child.on("exit", (status) => this.#calls.failAll(new Error(`a host ended with status ${status}`)));
  }

  /** @param isAlone in a network namespace of its own; see {@link mayMakeNetworks}. */
  static start(isAlone: boolean, onDeath: (peer: string, how: string) => void): Host {
    const command = [process.execPath, ...process.execArgv, AGENT];
    const alone = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"];
    const [file = "", ...flags] = isAlone ? [...alone, ...command] : command;
    const child = spawn(file, flags, { stdio: ["ignore", 2, 2, "ipc"], serialization: "advanced" });
    return new Host(child, onDeath);
  }

  call<Name extends keyof HostCalls>(
    name: Name,
    ...[argument]: Parameters<HostCalls[Name]>
  ): ReturnType<HostCalls[Name]> {
    const { id, outcome } = this.#calls.begin();
    this.#child.send({ id, name, argument });
    return outcome as ReturnType<HostCalls[Name]>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#child, "exit");
    const force = setTimeout(() => this.#child.kill("SIGKILL"), CLOSE_MS_MAX);
    this.call("close").catch(() => undefined);
    await ended;
    clearTimeout(force);
  }
}

/** Whether this process may make network namespaces and links between them. */
export function mayMakeNetworks(): boolean {
  const link = "ip link add bgtest0 type veth peer name bgtest1";
  return spawnSync("unshare", ["--net", "sh", "-c", link]).status === 0 && process.getuid?.() === 0;
}
