/** Where a peer's parts are in a container, and as whom it runs there; the Dockerfile says the same. */
export const CONTAINER = {
  image: "blockgossip",
  /** The peer's folder as `network create` made it, to be read only. */
  configuration: "/etc/blockgossip",
  data: "/var/lib/blockgossip",
  /** The user `node` of Node's images. */
  userId: 1000,
} as const;

/** What a container is started with, behind the image's entry point. */
export const CONTAINER_ARGUMENTS: readonly string[] = [
  "peer",
  "start",
  "--config",
  `${CONTAINER.configuration}/config.yaml`,
];

/** A peer stops within 10 s by itself; then it is killed. */
export const STOP_SECONDS_MAX = 15;
/** How often a peer is asked whether it is well. */
export const HEALTH_INTERVAL_SECONDS = 15;
export const HEALTH_TIMEOUT_SECONDS = 5;
/** Opening a ledger takes seconds; scanning a large one whose index is lost takes longer. */
export const START_SECONDS_MAX = 300;
