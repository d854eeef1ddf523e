import { spawnSync } from "node:child_process";
import type { Host } from "./host.ts";

/** The IP addresses of the two hosts that are linked. */
export const HOST_ADDRESSES = ["10.77.0.1", "10.77.0.2"] as const;

const NAME = "chaos0";

/** A cable between two hosts, which can be pulled: two virtual Ethernet devices, one in each one's namespace. */
export class HostLink {
  readonly #host: Host;

  /** @throws Error with what `ip` says. */
  constructor(left: Host, right: Host) {
    this.#host = left;
    const ends = [left, right].map(({ pid }) => String(pid));
    const [here = "", there = ""] = ends;
    run(["ip", "link", "add", NAME, "netns", here, "type", "veth", "peer", "name", NAME, "netns", there]);
    [left, right].forEach((host, index) => {
      runIn(host, ["ip", "address", "add", `${HOST_ADDRESSES[index]}/24`, "dev", NAME]);
      runIn(host, ["ip", "link", "set", NAME, "up"]);
    });
  }

  /** Nothing passes any more; nobody is told. */
  cut(): void {
    runIn(this.#host, ["ip", "link", "set", NAME, "down"]);
  }

  heal(): void {
    runIn(this.#host, ["ip", "link", "set", NAME, "up"]);
  }
}

function runIn(host: Host, command: readonly string[]): void {
  run(["nsenter", `--net=/proc/${host.pid}/ns/net`, ...command]);
}

function run([file = "", ...flags]: readonly string[]): void {
  const { status, stderr } = spawnSync(file, flags, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} ${flags.join(" ")}: ${stderr.trim()}`);
}
