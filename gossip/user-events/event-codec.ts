import { concat } from "uint8arrays/concat";
import { fromString } from "uint8arrays/from-string";
import { toString } from "uint8arrays/to-string";
import type { EventId, EventMessage, HeldEvents, ToldEvent } from "./event-messages.ts";
import { detached, owned, signedStatement } from "../wire/wire-values.ts";
import * as wire from "../wire/wire.js";

/** More user events than this are in no message, and more ids in no list. */
export const EVENTS_MAX = 512;

/** Bytes of an event's id, and of a hash over several. */
export const EVENT_ID_BYTES = 8;

/** The frame of a message about user events. */
export function toEventFrame(message: EventMessage): wire.Frame {
  switch (message.kind) {
    case "user-events":
      return { userEvents: { events: message.events.map(toTold) } };
    case "event-sync": {
      const { hash, held } = message;
      const sync = { hash: owned(hash) };
      if (held === undefined) return { eventSync: sync };
      const ids = owned(concat(held.ids.map((id) => fromString(id, "base16"))));
      return { eventSync: { ...sync, held: { ids, asksBack: held.asksBack } } };
    }
    default:
      return message satisfies never;
  }
}

/** What the frame holds; undefined where that is none of these messages. @throws RangeError */
export function fromEventFrame(frame: wire.Frame): EventMessage | undefined {
  if (frame.userEvents !== undefined)
    return { kind: "user-events", events: frame.userEvents.events.map(fromTold) };
  if (frame.eventSync === undefined) return undefined;
  const { hash, held } = frame.eventSync;
  if (hash.length !== EVENT_ID_BYTES) throw new RangeError(`a hash of ${hash.length} bytes`);
  return { kind: "event-sync", hash: detached(hash), held: held && fromHeld(held) };
}

/** The text form of an id on the wire. */
export function eventId(bytes: Uint8Array): EventId {
  return toString(bytes, "base16") as EventId;
}

function toTold({ event, ageSeconds }: ToldEvent): wire.ToldEvent {
  const { payload, signature } = event;
  return { event: { payload: owned(payload), signature: owned(signature) }, ageSeconds };
}

function fromTold({ event, ageSeconds }: wire.ToldEvent): ToldEvent {
  if (event === undefined) throw new RangeError("an event without a statement");
  return { event: signedStatement(event), ageSeconds };
}

function fromHeld({ ids, asksBack }: wire.HeldEvents): HeldEvents {
  const count = ids.length / EVENT_ID_BYTES;
  if (!Number.isInteger(count) || count > EVENTS_MAX) throw new RangeError(`ids of ${ids.length} bytes`);
  return {
    ids: Array.from({ length: count }, (_, index) =>
      eventId(ids.subarray(index * EVENT_ID_BYTES, (index + 1) * EVENT_ID_BYTES)),
    ),
    asksBack,
  };
}
