import { spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const INSIDE = "BLOCKGOSSIP_BENCH_NAMESPACE";
const LOOPBACK_UP = "ip link set lo up";

/** Whether this process is alone on its loopback, so that the loopback's counters are its own. */
export function isAloneOnLoopback(): boolean {
  return process.env[INSIDE] === "1";
}

/** What must be said beside figures of bytes. */
export function loopbackNote(): string {
  return isAloneOnLoopback()
    ? "Bytes are of a private network namespace."
    : "No private network namespace was allowed: bytes may be others' too.";
}

/**
 * Runs this command again in a network namespace of its own; returns its exit status when it has ended. Undefined where
 * that is not allowed, or where it is in one already: go on here.
 */
export async function rerunInNamespace(): Promise<number | undefined> {
  if (isAloneOnLoopback()) return undefined;
  const flags = [["--net"], ["--net", "--map-root-user"]].find((candidate) => isAllowed(candidate));
  if (flags === undefined) return undefined;
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn("unshare", [...flags, "sh", "-c", `${LOOPBACK_UP} && exec "$@"`, "sh", ...command], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "1" },
  });
  // A terminal sends Ctrl-C to both; this one waits for the other.
  process.on("SIGINT", () => undefined);
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  const { promise, resolve } = Promise.withResolvers<number>();
  child.once("exit", (status) => resolve(status ?? 1));
  return await promise;
}

function isAllowed(flags: readonly string[]): boolean {
  return spawnSync("unshare", [...flags, "sh", "-c", LOOPBACK_UP]).status === 0;
}

/** Bytes that the loopback has carried so far, headers included; undefined on systems that do not tell. */
export function loopbackBytes(): number | undefined {
  try {
    const [, received] = /^\s*lo:\s*(\d+)/m.exec(readFileSync("/proc/self/net/dev", "utf8")) ?? [];
    return received === undefined ? undefined : Number(received);
  } catch {
    return undefined;
  }
}
