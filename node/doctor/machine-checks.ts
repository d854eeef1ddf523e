import { accessSync, constants, existsSync, readFileSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { PeerConfig } from "../config/config.ts";
import { reason } from "../files.ts";
import { fail, ok, skip, warn, type Finding } from "./finding.ts";

const DISK_LOW_BYTES = 2 ** 30;
/** Two of the largest blocks that are taken by default. */
const DISK_FULL_BYTES = 128 * 2 ** 20;
/** Beside the peers' connections: the API's, block files, the libraries' own. */
const OTHER_FILES = 320;

/** Whether the data folder can be written and has room. */
export function checkDisk({ data }: Pick<PeerConfig, "data">): Finding {
  const folder = nearestFolder(data);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    const { bavail, bsize } = statfsSync(folder);
    const freeBytes = bavail * bsize;
    const message = `${gigabytes(freeBytes)} GB free for ${data}`;
    const advice = "make room, or move the data folder; a peer stops when it cannot write";
    if (freeBytes < DISK_FULL_BYTES) return fail("disk", message, advice);
    return freeBytes < DISK_LOW_BYTES ? warn("disk", message, advice) : ok("disk", message);
  } catch (cause) {
    return fail(
      "disk",
      `${data} cannot be written: ${reason(cause)}`,
      "name another folder (data), or let the peer's user write there",
    );
  }
}

function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}

/** Whether the process may open as many files and sockets as the settings let it want. */
export function checkOpenFiles({ connectionsMax }: Pick<PeerConfig, "connectionsMax">): Finding {
  const limit = openFilesLimit();
  if (limit === undefined) return skip("open files", "this system does not tell its limit");
  const wanted = connectionsMax + OTHER_FILES;
  if (limit >= wanted) return ok("open files", `up to ${limit}, and ${wanted} may be needed`);
  return warn(
    "open files",
    `up to ${limit}, and ${wanted} may be needed`,
    `raise the limit (ulimit -n ${wanted}, or LimitNOFILE in a systemd unit), or lower connectionsMax`,
  );
}

/** The hard limit: Node.js raises the soft one to it. */
function openFilesLimit(): number | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const hard = /^Max open files\s+\S+\s+(\S+)/m.exec(limits)?.[1];
    return hard === "unlimited" ? Infinity : Number(hard);
  } catch {
    return undefined;
  }
}
