import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { writeNewFile } from "../files.ts";
import type { PeerPlan } from "../network/network-plan.ts";
import { composeFile } from "./compose-file.ts";
import {
  DISRUPTION_BUDGET,
  disruptionBudget,
  MANIFESTS,
  organisationKustomization,
  peerKustomization,
  peerManifests,
} from "./kubernetes-manifests.ts";
import { prometheusTargets } from "./prometheus-targets.ts";
import { SYSTEM_USERS, SYSTEMD_UNIT } from "./systemd-unit.ts";

/** A peer whose folder is written, with all that it needs to run. */
export interface DeployedPeer extends PeerPlan {
  readonly directory: string;
}

/**
 * Writes what it takes to run a network's peers on their hosts, by systemd, compose or Kubernetes:
 *
 * ```
 * OUT/systemd/{blockgossip@.service, blockgossip.sysusers.conf}
 *     compose.yaml
 *     peers/NAME/{kustomization.yaml, kubernetes.yaml}
 *     kubernetes/ORGANISATION/{kustomization.yaml, disruption-budget.yaml}
 *     prometheus/targets.json
 * ```
 *
 * @throws NodeError `FILE_UNWRITABLE`, also where a file exists.
 */
export function writeDeployment(out: string, peers: readonly DeployedPeer[]): void {
  writeNewFile(join(out, "systemd", "blockgossip@.service"), SYSTEMD_UNIT);
  writeNewFile(join(out, "systemd", "blockgossip.sysusers.conf"), SYSTEM_USERS);
  writeNewFile(join(out, "compose.yaml"), composeFile(peers));
  writeNewFile(join(out, "prometheus", "targets.json"), prometheusTargets(peers));
  for (const peer of peers) {
    const files = filesIn(peer.directory);
    writeNewFile(join(peer.directory, "kustomization.yaml"), peerKustomization(peer, files));
    writeNewFile(join(peer.directory, MANIFESTS), peerManifests(peer, files));
  }
  for (const organisation of new Set(peers.map((peer) => peer.organisation))) {
    const directory = join(out, "kubernetes", organisation);
    const own = peers.filter((peer) => peer.organisation === organisation);
    writeNewFile(join(directory, "kustomization.yaml"), organisationKustomization(own));
    writeNewFile(join(directory, DISRUPTION_BUDGET), disruptionBudget(organisation));
  }
}

/** Relative to the folder, with "/" between the parts. */
function filesIn(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .sort();
}
