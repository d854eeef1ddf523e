/** One-way messages: each side opens one stream for what it says, and keeps it. */
export const GOSSIP_PROTOCOL = "/blockgossip/gossip/1.0.0";

/** One question and its answer a stream. */
export const FETCH_PROTOCOL = "/blockgossip/fetch/1.0.0";
