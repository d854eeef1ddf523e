import { expect, test } from "vitest";
import { EventBuffer, EVENTS_HELD_MAX } from "../../gossip/user-events/event-buffer.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";

const [honest, flooder] = ["honest", "flooder"] as PeerId[] as [PeerId, PeerId];

function event(author: PeerId, sequence: number, incarnation = 1): UserEvent {
  return { time: sequence + 1, author, incarnation, sequence, name: "event", payload: new Uint8Array(0) };
}

function add(buffer: EventBuffer, added: UserEvent): void {
  const payload = new Uint8Array(Buffer.from(`${added.author} ${added.incarnation} ${added.sequence}`));
  buffer.add(added, { payload, signature: payload }, 0);
}

test("who sends most makes room for all, by its own oldest events, which are old from then on", () => {
  const buffer = new EventBuffer();
  for (let sequence = 0; sequence < 10; sequence++) add(buffer, event(honest, sequence));
  for (let sequence = 0; sequence < 2 * EVENTS_HELD_MAX; sequence++) add(buffer, event(flooder, sequence));
  const held = buffer.all();
  expect(held).toHaveLength(EVENTS_HELD_MAX);
  expect(held.filter((each) => each.event.author === honest)).toHaveLength(10);
  expect(held.every(({ id }) => buffer.has(id))).toBe(true);
  expect(buffer.statusOf(event(honest, 0))).toBe("held");
  expect(buffer.statusOf(event(honest, 10))).toBe("new");
  const lowest = 2 * EVENTS_HELD_MAX - (EVENTS_HELD_MAX - 10);
  expect(buffer.statusOf(event(flooder, lowest))).toBe("held");
  expect(buffer.statusOf(event(flooder, lowest - 1))).toBe("old");
  expect(buffer.statusOf(event(flooder, 0))).toBe("old");
  // Its next life begins anew.
  expect(buffer.statusOf(event(flooder, 0, 2))).toBe("new");
});

test("an event of a former life that is pushed out late makes none of the present one old", () => {
  const buffer = new EventBuffer();
  for (let sequence = 0; sequence <= EVENTS_HELD_MAX; sequence++) add(buffer, event(flooder, sequence, 2));
  expect(buffer.statusOf(event(flooder, 0, 2))).toBe("old");
  add(buffer, event(flooder, 0, 1));
  expect(buffer.statusOf(event(flooder, 0, 2))).toBe("old");
  expect(buffer.statusOf(event(flooder, 1, 2))).toBe("held");
});

test("two events of one author and count are one, whatever they say", () => {
  const buffer = new EventBuffer();
  add(buffer, event(honest, 3));
  expect(buffer.statusOf({ ...event(honest, 3), time: 99, name: "other" })).toBe("held");
});
