/** The areas that records are told apart by, and what each is about. */
export const LOG_AREAS = {
  api: "requests that were refused, or failed",
  gossip: "user events",
  "gossip.block": "each block received, verified and in the ledger; refused ones, forks",
  "gossip.election": "leaders and block sources",
  "gossip.state": "catching up",
  ledger: "what is found damaged on the disk, and mended",
  libp2p: "libp2p's own, each of its parts below it, such as libp2p.tcp",
  membership: "members and their states, who is not let in, who misbehaves",
  peer: "start and end, the peer's own certificate",
  transport: "messages that were refused or not sent, peers that cannot be reached",
} as const;

export type LogArea = keyof typeof LOG_AREAS;
