import * as fc from "fast-check";
import { expect, test } from "vitest";
import { HeldUpdates } from "../../node/transport/held-updates.ts";

const HELD_BYTES_MAX = 128 << 10;

test("No byte of a window is lost or told twice, and none is held when half of the window is due", () => {
  const updates = fc.array(
    fc.oneof(
      fc.record({ stream: fc.integer({ min: 1, max: 4 }), bytes: fc.integer({ min: 1, max: 40_000 }) }),
      fc.constant("take" as const),
    ),
  );
  fc.assert(
    fc.property(updates, (steps) => {
      const held = new HeldUpdates();
      const due = new Map<number, number>();
      const told = (frame: Uint8Array) => {
        const { stream, bytes } = parse(frame);
        expect(due.get(stream)).toBe(bytes);
        due.delete(stream);
      };
      for (const step of steps) {
        if (step === "take") {
          for (const frame of held.take()) told(frame);
          expect(due.size).toBe(0);
          continue;
        }
        due.set(step.stream, (due.get(step.stream) ?? 0) + step.bytes);
        const frame = update(step.stream, step.bytes);
        if (!held.hold(frame)) told(frame);
        for (const bytes of due.values()) expect(bytes).toBeLessThan(HELD_BYTES_MAX);
      }
    }),
  );
});

test.each([
  ["one that opens a stream", update(3, 0, { flags: 1 })],
  ["one that closes a stream", update(3, 0, { flags: 4 })],
  ["a ping", update(0, 7, { type: 2, flags: 1 })],
  ["data", update(3, 0, { type: 0 })],
  ["something longer", new Uint8Array(13)],
  ["nothing", new Uint8Array(0)],
])("Only window updates are held, not %s", (_what, frame) => {
  const before = Uint8Array.from(frame);
  const held = new HeldUpdates();
  expect(held.hold(frame)).toBe(false);
  expect(frame).toEqual(before);
  expect(held.take()).toEqual([]);
});

function update(stream: number, bytes: number, { type = 1, flags = 0 } = {}): Uint8Array {
  const frame = new Uint8Array(12);
  const view = new DataView(frame.buffer);
  view.setUint8(1, type);
  view.setUint16(2, flags);
  view.setUint32(4, stream);
  view.setUint32(8, bytes);
  return frame;
}

function parse(frame: Uint8Array): { readonly stream: number; readonly bytes: number } {
  const view = new DataView(frame.buffer, frame.byteOffset);
  expect([frame.length, view.getUint32(0)]).toEqual([12, 1 << 16]);
  return { stream: view.getUint32(4), bytes: view.getUint32(8) };
}
