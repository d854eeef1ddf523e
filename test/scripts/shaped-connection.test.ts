import { once } from "node:events";
import { multiaddrConnectionPair } from "@libp2p/utils";
import { expect, test } from "vitest";
import { ShapedConnection } from "../../scripts/bench/shaped-connection.ts";
import { Uplink } from "../../scripts/bench/uplink.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const WAITING_BYTES_MAX = 262_144;

/** A connection with an uplink of 1 kB a millisecond and a delay of 10 ms, and what its other end gets. */
function shapedPair() {
  const clock = new VirtualClock(0);
  const [below, other] = multiaddrConnectionPair();
  const connection = new ShapedConnection(below, new Uplink({ bytesPerSecond: 1e6, delayMs: 10 }, clock));
  const received: number[] = [];
  other.addEventListener("message", ({ data }) => received.push(...data.subarray()));
  return { clock, connection, other, received };
}

function numbered(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index % 251);
}

test("a writer is told to wait when the room is full, and to go on when half of it has left", async () => {
  const { clock, connection, other, received } = shapedPair();
  const drains: number[] = [];
  connection.addEventListener("drain", () => drains.push(clock.now()));
  const bytes = numbered(WAITING_BYTES_MAX + 50_000);
  expect(connection.send(bytes.subarray(0, 1_000))).toBe(true);
  expect(connection.send(bytes.subarray(1_000))).toBe(false);
  expect(connection.writeBufferLength).toBe(50_000);
  await clock.runFor(WAITING_BYTES_MAX / 2_000 - 1);
  expect([drains, connection.writeBufferLength]).toEqual([[], 50_000]);
  await clock.runFor(20);
  expect([drains.length, connection.writeBufferLength]).toEqual([1, 0]);
  await clock.runFor(1_000);
  while (received.length < bytes.length) await once(other, "message");
  expect(Buffer.compare(Uint8Array.from(received), bytes)).toBe(0);
});

test("what was written arrives before the end of the connection does", async () => {
  const { clock, connection, other, received } = shapedPair();
  const receivedAtEnd = once(other, "close").then(() => received.length);
  connection.send(numbered(100_000));
  const closed = connection.close();
  await clock.runFor(109);
  expect(other.status).toBe("open");
  await clock.runFor(2);
  await closed;
  expect([await receivedAtEnd, connection.status, other.status]).toEqual([100_000, "closed", "closed"]);
});

test("a connection that is cut off is so at once at the other end, and nothing arrives any more", async () => {
  const { clock, connection, other, received } = shapedPair();
  connection.send(numbered(1_000));
  const reset = once(other, "close");
  connection.abort(new Error("cut off"));
  await reset;
  await clock.runFor(1_000);
  expect([connection.status, other.status, received.length]).toEqual(["aborted", "reset", 0]);
});

test("a reader that pauses gets what came meanwhile when it goes on", async () => {
  const { clock, connection, other } = shapedPair();
  connection.pause();
  const got: number[] = [];
  connection.addEventListener("message", ({ data }) => got.push(data.byteLength));
  other.send(numbered(1_000));
  await clock.runFor(1);
  expect(got).toEqual([]);
  const message = once(connection, "message");
  connection.resume();
  await message;
  expect(got).toEqual([1_000]);
});
