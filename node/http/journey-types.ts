import * as z from "zod";
import { BLOCK_ORIGINS } from "../../gossip/events.ts";

const blockNumber = z.int().min(0);
/** Milliseconds since 1970 by the clock of the peer that it happened at, to the microsecond. */
const atMs = z.number().min(0);

/** How a block came to a peer. */
const arrivalSchema = z.object({
  number: blockNumber,
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Who gave it, by peer id; missing: nobody did, or who did may not be told. */
  from: z.string().optional(),
  /**
   * Which way: handed in there, fetched from a block source, pushed whole, in chunks, or asked for after a digest of what
   * others hold, pulled, by state transfer, or in a ring of repair.
   */
  origin: z.enum(BLOCK_ORIGINS),
  /** When the first of it came. */
  receivedMs: atMs,
  verifiedMs: atMs,
  /** Missing while it is not durable there. */
  committedMs: atMs.optional(),
});

/** Answer of `GET /v1/channels/NAME/journeys`. */
export const journeysSchema = z.object({
  channel: z.string(),
  /** The first block that was asked for. */
  from: blockNumber,
  /** Of the peer that answers. */
  height: blockNumber,
  /** The peer that answers first. */
  peers: z.array(
    z.object({
      peer: z.string(),
      name: z.string(),
      organisation: z.string().optional(),
      self: z.boolean(),
      /** Lowest first, 64 at most. Of other peers: by their own word, as far as they have answered. */
      arrivals: z.array(arrivalSchema),
    }),
  ),
});

export type ApiArrival = z.infer<typeof arrivalSchema>;
export type ApiJourneys = z.infer<typeof journeysSchema>;
