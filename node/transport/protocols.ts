/** What both sides of a connection say before anything else; the side that was dialled opens the stream. */
export const HANDSHAKE_PROTOCOL = "/blockgossip/handshake/1.0.0";

/** One-way messages: each side opens one stream for what it says, and keeps it. */
export const GOSSIP_PROTOCOL = "/blockgossip/gossip/1.0.0";

/** One question and its answer a stream. */
export const FETCH_PROTOCOL = "/blockgossip/fetch/1.0.0";
