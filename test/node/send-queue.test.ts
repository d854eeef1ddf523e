import { expect, test } from "vitest";
import { SendQueue, type QueuedFrame } from "../../node/send-queue.ts";

test("Frames come out in the order in which they went in, each until it is shifted", () => {
  const queue = new SendQueue(100);
  for (const size of [1, 2, 3]) expect(queue.offer(frame(size))).toBe(true);
  expect(queue.first?.bytes.length).toBe(1);
  expect(queue.first?.bytes.length).toBe(1);
  queue.shift();
  expect(queue.first?.bytes.length).toBe(2);
  queue.shift();
  queue.shift();
  queue.shift();
  expect(queue.first).toBeUndefined();
});

test("Bytes up to the limit fit, and not one more", () => {
  const queue = new SendQueue(100);
  expect(queue.offer(frame(60))).toBe(true);
  expect(queue.offer(frame(41))).toBe(false);
  expect(queue.offer(frame(40))).toBe(true);
  expect(queue.offer(frame(1))).toBe(false);
  queue.shift();
  expect(queue.offer(frame(61))).toBe(false);
  expect(queue.offer(frame(60))).toBe(true);
});

test("An empty queue takes a frame of any size", () => {
  const queue = new SendQueue(100);
  expect(queue.offer(frame(1000))).toBe(true);
  expect(queue.offer(frame(1))).toBe(false);
  queue.shift();
  expect(queue.offer(frame(1000))).toBe(true);
});

test("Clearing says how much was lost, and makes room", () => {
  const queue = new SendQueue(100);
  queue.offer(frame(50));
  queue.offer(frame(50));
  expect(queue.clear()).toEqual({ messages: 2, bytes: 100 });
  expect(queue.clear()).toEqual({ messages: 0, bytes: 0 });
  expect(queue.offer(frame(100))).toBe(true);
});

function frame(size: number): QueuedFrame {
  return { kind: "block", bytes: new Uint8Array(size) };
}
