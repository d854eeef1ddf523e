import type { PeerPlan } from "../network/network-plan.ts";
import {
  CONTAINER,
  CONTAINER_ARGUMENTS,
  HEALTH_INTERVAL_SECONDS,
  HEALTH_TIMEOUT_SECONDS,
  START_SECONDS_MAX,
  STOP_SECONDS_MAX,
} from "./container.ts";
import { healthCheck } from "./health-check.ts";
import { manifestYaml } from "./manifest-yaml.ts";

/**
 * A compose file with a service for each peer, to be started by name on the peer's host. They use the host's network:
 * peers are reached at the addresses that they announce, and the API, which asks for nothing, is on the host's loopback
 * and cannot be published by a slip.
 */
export function composeFile(peers: readonly PeerPlan[]): string {
  return manifestYaml({
    name: "blockgossip",
    services: Object.fromEntries(peers.map((peer) => [peer.name, service(peer)])),
    volumes: Object.fromEntries(peers.map(({ name }) => [`${name}-data`, {}])),
  });
}

function service({ name, apiPort }: PeerPlan): unknown {
  return {
    image: `\${BLOCKGOSSIP_IMAGE:-${CONTAINER.image}}`,
    command: CONTAINER_ARGUMENTS,
    network_mode: "host",
    environment: { BLOCKGOSSIP_DATA: CONTAINER.data },
    volumes: [`./peers/${name}:${CONTAINER.configuration}:ro`, `${name}-data:${CONTAINER.data}`],
    healthcheck: {
      test: ["CMD", ...healthCheck(apiPort)],
      interval: `${HEALTH_INTERVAL_SECONDS}s`,
      timeout: `${HEALTH_TIMEOUT_SECONDS}s`,
      retries: 3,
      start_period: `${START_SECONDS_MAX}s`,
    },
    restart: "unless-stopped",
    stop_grace_period: `${STOP_SECONDS_MAX}s`,
    init: true,
    read_only: true,
    cap_drop: ["ALL"],
    security_opt: ["no-new-privileges:true"],
    ulimits: { nofile: { soft: 65_536, hard: 65_536 } },
  };
}
