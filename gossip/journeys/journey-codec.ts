import { BLOCK_ORIGINS } from "../events.ts";
import type { PeerId } from "../ports.ts";
import {
  channelBytes,
  channelId,
  checkedHash,
  hashBytes,
  integer,
  PEER_ID_LENGTH_MAX,
} from "../wire/wire-values.ts";
import type * as wire from "../wire/wire.js";
import type { Arrival } from "./arrival.ts";
import type { JourneyMessage } from "./journey-messages.ts";

/** The frame of a message about how blocks came. */
export function toJourneyFrame(message: JourneyMessage): wire.Frame {
  const channel = channelBytes(message.channel);
  switch (message.kind) {
    case "journey-question":
      return { journeyQuestion: { channel, first: message.first } };
    case "journey-answer":
      return { journeyAnswer: { channel, arrivals: message.arrivals.map(toWire) } };
    default:
      return message satisfies never;
  }
}

/** What the frame holds; undefined where that is none of these messages. @throws RangeError */
export function fromJourneyFrame({ journeyQuestion, journeyAnswer }: wire.Frame): JourneyMessage | undefined {
  if (journeyQuestion !== undefined) {
    const { channel, first } = journeyQuestion;
    return { kind: "journey-question", channel: channelId(channel), first: integer(first) };
  }
  if (journeyAnswer === undefined) return undefined;
  const { channel, arrivals } = journeyAnswer;
  return { kind: "journey-answer", channel: channelId(channel), arrivals: arrivals.map(fromWire) };
}

function toWire({ number, hash, from = "" as PeerId, origin, ...times }: Arrival): wire.Arrival {
  return {
    number,
    hash: hashBytes(hash),
    from,
    origin: BLOCK_ORIGINS.indexOf(origin),
    received: times.receivedUs,
    verified: times.verifiedUs,
    committed: times.committedUs ?? 0,
  };
}

function fromWire({ number, hash, from, origin, received, verified, committed }: wire.Arrival): Arrival {
  const known = BLOCK_ORIGINS[origin];
  if (known === undefined) throw new RangeError(`a block of origin ${origin}`);
  if (from.length > PEER_ID_LENGTH_MAX) throw new RangeError(`a peer id of ${from.length} characters`);
  return {
    number: integer(number),
    hash: checkedHash(hash),
    from: from === "" ? undefined : (from as PeerId),
    origin: known,
    receivedUs: integer(received),
    verifiedUs: integer(verified),
    committedUs: committed === 0 ? undefined : integer(committed),
  };
}
