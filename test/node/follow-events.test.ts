import { expect, test } from "vitest";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";
import { followEvents } from "../../node/following/follow-events.ts";
import { Simulation } from "../../node/testing/simulator/simulation.ts";

const NOTHING = new Uint8Array(0);

/** The events of a peer alone. */
async function events() {
  const simulation = new Simulation({ seed: 5, peerCount: 1 });
  await simulation.start();
  return simulation.peers[0]!.events;
}

async function read(feed: AsyncIterable<UserEvent>, count: number): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name } of feed) {
    names.push(name);
    if (names.length === count) break;
  }
  return names;
}

test("what comes while nobody reads waits, and the signal ends it after what is waiting", async () => {
  const source = await events();
  source.send("before", NOTHING);
  const controller = new AbortController();
  const feed = followEvents(source, { signal: controller.signal });
  source.send("first", NOTHING);
  source.send("second", NOTHING);
  controller.abort();
  source.send("after", NOTHING);
  expect(await read(feed, 10)).toEqual(["first", "second"]);
});

test("who falls behind is cut off with a reason; one that fills the queue is not, nor are others", async () => {
  const source = await events();
  const { signal } = new AbortController();
  const slow = followEvents(source, { signal, queueMax: 2 });
  const full = followEvents(source, { signal, queueMax: 3 });
  for (const name of ["a", "b", "c"]) source.send(name, NOTHING);
  await expect(read(slow, 3)).rejects.toMatchObject({ name: "NodeError", code: "TOO_SLOW" });
  expect(await read(full, 3)).toEqual(["a", "b", "c"]);
});

test("a signal that was aborted before ends it at once", async () => {
  const feed = followEvents(await events(), { signal: AbortSignal.abort() });
  expect(await read(feed, 1)).toEqual([]);
});
