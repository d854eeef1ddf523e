import { bracketed } from "../http/hostname.ts";
import type { PeerPlan } from "../network/network-plan.ts";

/** The peers' APIs as Prometheus reads them from a file (`file_sd_configs`), each with its name and organisation. */
export function prometheusTargets(peers: readonly PeerPlan[]): string {
  const targets = peers.map(({ name, organisation, host, apiPort }) => ({
    targets: [`${bracketed(host)}:${apiPort}`],
    labels: { peer: name, organisation },
  }));
  return `${JSON.stringify(targets, undefined, 2)}\n`;
}
