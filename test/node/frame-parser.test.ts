import * as fc from "fast-check";
import { encode } from "it-length-prefixed";
import { expect, test } from "vitest";
import { FrameParser } from "../../node/transport/frame-parser.ts";

const FRAMES = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 12 });
const CUTS = fc.array(fc.nat(4000), { maxLength: 30 });

test("Frames come out as they went in, wherever the stream is cut, and each with its length first", () => {
  fc.assert(
    fc.property(FRAMES, CUTS, (frames, cuts) => {
      const told: number[] = [];
      const received: Uint8Array[] = [];
      const parser = new FrameParser({
        onLength: (bytes) => told.push(bytes),
        onFrame: (frame) => received.push(frame) > 0,
      });
      for (const piece of cut(streamOf(frames), cuts)) expect(parser.push(piece)).toBe(true);
      expect(received).toEqual(frames);
      expect(told).toEqual(frames.map(({ length }) => length));
      expect(parser.isBetweenFrames).toBe(true);
    }),
  );
});

test("A frame of several mebibytes comes out whole", () => {
  const frame = Uint8Array.from({ length: 5 << 20 }, (_, index) => index % 251);
  const received: Uint8Array[] = [];
  const parser = new FrameParser({ onLength: () => undefined, onFrame: (one) => received.push(one) > 0 });
  const stream = streamOf([frame, frame]);
  for (let offset = 0; offset < stream.length; offset += 65_519)
    parser.push(stream.slice(offset, offset + 65_519));
  expect(received.map((one) => Buffer.compare(one, frame))).toEqual([0, 0]);
});

test("What is kept of a frame holds on to no more than twice its memory", () => {
  fc.assert(
    fc.property(FRAMES, CUTS, (frames, cuts) => {
      const parser = new FrameParser({
        onLength: () => undefined,
        onFrame: (frame) => {
          expect(frame.buffer.byteLength).toBeLessThanOrEqual(2 * frame.length);
          expect(Buffer.isBuffer(frame)).toBe(false);
          return true;
        },
      });
      for (const piece of cut(streamOf(frames), cuts)) parser.push(piece);
    }),
  );
});

test("A frame that makes up most of the buffer that it came in is not copied", () => {
  const bytes = streamOf([new Uint8Array(5000).fill(3)]);
  const parser = new FrameParser({
    onLength: () => undefined,
    onFrame: (frame) => {
      expect(frame.buffer).toBe(bytes.buffer);
      return true;
    },
  });
  parser.push(bytes);
  expect.assertions(1);
});

test("A length is refused before any byte of its frame is looked at", () => {
  const parser = new FrameParser({
    onLength: (bytes) => {
      throw new RangeError(String(bytes));
    },
    onFrame: () => true,
  });
  expect(() => parser.push(new Uint8Array([0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow("4294967295");
});

test("A length that does not end is none", () => {
  const parser = new FrameParser({ onLength: () => undefined, onFrame: () => true });
  parser.push(new Uint8Array(6).fill(0x80));
  expect(parser.isBetweenFrames).toBe(false);
  expect(() => parser.push(new Uint8Array([0x80]))).toThrow(
    expect.objectContaining({ name: "GossipError", code: "MALFORMED_MESSAGE" }),
  );
});

test("Who wants no more gets no more", () => {
  const received: Uint8Array[] = [];
  const parser = new FrameParser({
    onLength: () => undefined,
    onFrame: (frame) => received.push(frame) < 2,
  });
  expect(parser.push(streamOf([1, 2, 3].map((byte) => new Uint8Array([byte]))))).toBe(false);
  expect(received.map(([byte]) => byte)).toEqual([1, 2]);
});

function streamOf(frames: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(
    Buffer.concat(frames.map((frame) => encode.single(frame, { maxDataLength: frame.length }).subarray())),
  );
}

/** Pieces as they come off a socket, each in a buffer of its own. */
function cut(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const ends = [...cuts.filter((end) => end < bytes.length), bytes.length].sort((a, b) => a - b);
  return ends.map((end, index) => bytes.slice(ends[index - 1] ?? 0, end));
}
