import { expect, test } from "vitest";
import { SendQueue, type QueuedFrame } from "../../node/transport/send-queue.ts";

test("Frames come out in the order in which they went in, each until it is shifted", () => {
  const queue = new SendQueue(100);
  for (const size of [1, 2, 3]) expect(queue.offer(frame(size))).toBe(true);
  expect(sizesOf(queue.batch(100))).toEqual([1, 2, 3]);
  queue.shift(1);
  expect(sizesOf(queue.batch(100))).toEqual([2, 3]);
  queue.shift(2);
  expect(queue.batch(100)).toEqual([]);
  expect(queue.isEmpty).toBe(true);
});

test("A batch has no more bytes than it may, except where the first frame alone has", () => {
  const queue = new SendQueue(100);
  for (const size of [10, 20, 5, 60]) queue.offer(frame(size));
  expect(sizesOf(queue.batch(35))).toEqual([10, 20, 5]);
  expect(sizesOf(queue.batch(34))).toEqual([10, 20]);
  expect(sizesOf(queue.batch(1))).toEqual([10]);
});

test("Bytes up to the limit fit, and not one more", () => {
  const queue = new SendQueue(100);
  expect(queue.offer(frame(60))).toBe(true);
  expect(queue.offer(frame(41))).toBe(false);
  expect(queue.offer(frame(40))).toBe(true);
  expect(queue.offer(frame(1))).toBe(false);
  queue.shift(1);
  expect(queue.offer(frame(61))).toBe(false);
  expect(queue.offer(frame(60))).toBe(true);
});

test("An empty queue takes a frame of any size", () => {
  const queue = new SendQueue(100);
  expect(queue.offer(frame(1000))).toBe(true);
  expect(queue.offer(frame(1))).toBe(false);
  queue.shift(1);
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

function sizesOf(frames: readonly QueuedFrame[]): readonly number[] {
  return frames.map(({ bytes }) => bytes.length);
}
