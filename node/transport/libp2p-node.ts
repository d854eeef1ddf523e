import { noise } from "@chainsafe/libp2p-noise";
import type { ComponentLogger, Ed25519PrivateKey, Libp2p } from "@libp2p/interface";
import { tcp } from "@libp2p/tcp";
import { yamux } from "@libp2p/yamux";
import { createLibp2p, type Libp2pOptions } from "libp2p";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { gatheringWrites } from "./gathered-writes.ts";
import { noiseCrypto } from "./noise-crypto.ts";

export interface NodeOptions {
  readonly privateKey: Ed25519PrivateKey;
  /** Where to listen, as multiaddrs; `/tcp/0` takes any free port. */
  readonly listen: readonly string[];
  /** Connections that others may hold to this peer. */
  readonly connectionsMax: number;
  /** Where libp2p's own log goes; without it, where the environment's DEBUG says. */
  readonly logger?: ComponentLogger;
  /** What makes the transport in the place of libp2p's own `tcp`, such as a slower one to measure with. */
  readonly transport?: typeof tcp;
}

/**
 * A started libp2p node that speaks TCP, Noise and yamux.
 *
 * @throws NodeError `PORT_TAKEN` where another process listens on an address; `CONFIG_INVALID` where it cannot be
 * listened on for another reason.
 */
export async function createNode(options: NodeOptions): Promise<Libp2p> {
  try {
    return await createLibp2p(libp2pOptions(options));
  } catch (cause) {
    throw listenError(cause, options.listen);
  }
}

/**
 * Streams of a connection that a peer may have open to us, in all protocols. Each may hold a window of unread bytes,
 * and the gossip stream a frame.
 */
const INBOUND_STREAMS_MAX = 64;

/** A reader that pauses never has more than this unread; libp2p aborts a stream with more than 4 MiB. */
const WINDOW_BYTES_MAX = 1 << 20;

/** How often each side of a connection pings the other. libp2p closes a socket that is silent for two minutes. */
const KEEP_ALIVE_MS = 90_000;

/** The transport waits long before; who does not is cut off. */
const WRITE_BUFFER_BYTES_MAX = 16 << 20;

/** Made anew for each node, because `createLibp2p` writes into it. */
function libp2pOptions({ privateKey, listen, connectionsMax, ...others }: NodeOptions): Libp2pOptions {
  const { logger, transport = tcp } = others;
  const streamOptions = {
    maxStreamWindowSize: WINDOW_BYTES_MAX,
    maxWriteBufferLength: WRITE_BUFFER_BYTES_MAX,
  };
  return {
    privateKey,
    addresses: { listen: [...listen] },
    // The connection manager closes only connections without streams, and ours have one: the socket must refuse.
    transports: [transport({ maxConnections: connectionsMax })],
    connectionEncrypters: [gatheringWrites(noise({ crypto: noiseCrypto }))],
    streamMuxers: [
      yamux({
        maxInboundStreams: INBOUND_STREAMS_MAX,
        keepAliveInterval: KEEP_ALIVE_MS,
        // Whoever connects may ask several questions at once, before libp2p here is ready for them.
        maxEarlyStreams: INBOUND_STREAMS_MAX,
        streamOptions,
      }),
    ],
    connectionManager: {
      maxConnections: connectionsMax,
      maxParallelDials: 50,
      // Many peers behind one address, as on one machine, are no attack.
      inboundConnectionThreshold: Infinity,
      maxIncomingPendingConnections: 256,
    },
    // It takes a peer that is busy for five seconds for dead, and hangs up.
    connectionMonitor: { enabled: false },
    ...(logger === undefined ? {} : { logger }),
  };
}

/** libp2p keeps the cause only as text: `ADDRESS: Error: listen EADDRINUSE: address already in use HOST:PORT`. */
function listenError(cause: unknown, listen: readonly string[]): unknown {
  if (!(cause instanceof Error) || cause.name !== "UnsupportedListenAddressesError") return cause;
  const taken = /EADDRINUSE: address already in use (\S+)/.exec(cause.message)?.[1];
  if (taken !== undefined) {
    return new NodeError(
      "PORT_TAKEN",
      `${taken} is in use by another process; listen on another port, or on port 0 for any free one`,
      { cause },
    );
  }
  const why = /Error: (listen E\w+: [^\n]*)/.exec(cause.message)?.[1] ?? reason(cause);
  return new NodeError("CONFIG_INVALID", `listen is ${listen.join(", ")}, which is not possible: ${why}`, {
    cause,
  });
}
