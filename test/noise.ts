import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import * as fc from "fast-check";

/** Lengths and counts that readers might take at their word, as varints and as the integers of DER and of files. */
const LYING_LENGTHS: readonly Uint8Array[] = [
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x07),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  Uint8Array.of(0x84, 0x7f, 0xff, 0xff, 0xff),
  Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
  Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80),
];

type Mutation = (bytes: Uint8Array) => Uint8Array;

/** Bytes of no kind, and bytes that were good: flipped, cut, repeated, put elsewhere, spliced, with lengths that lie. */
export function noiseAround(good: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
  const pure = fc.uint8Array({ maxLength: 400 });
  if (good.length === 0) return pure;
  const damaged = fc
    .tuple(fc.constantFrom(...good), fc.array(mutation(good), { minLength: 1, maxLength: 4 }))
    .map(([bytes, mutations]) => mutations.reduce((changed, mutate) => mutate(changed), bytes));
  return fc.oneof(
    { arbitrary: pure, weight: 1 },
    { arbitrary: fc.constantFrom(...good), weight: 1 },
    { arbitrary: damaged, weight: 8 },
  );
}

function mutation(good: readonly Uint8Array[]): fc.Arbitrary<Mutation> {
  const at = fc.double({ min: 0, max: 1, noNaN: true });
  const place = (bytes: Uint8Array, share: number) => Math.floor(share * bytes.length);
  const flip = fc.tuple(at, fc.integer({ min: 1, max: 255 })).map(([share, bits]): Mutation => (bytes) => {
    const changed = Uint8Array.from(bytes);
    const index = Math.min(place(bytes, share), bytes.length - 1);
    if (index >= 0) changed[index] = (changed[index] ?? 0) ^ bits;
    return changed;
  });
  const cut = at.map(
    (share): Mutation =>
      (bytes) =>
        bytes.slice(0, place(bytes, share)),
  );
  const drop = fc.tuple(at, fc.nat(20)).map(([share, count]): Mutation => (bytes) => {
    const start = place(bytes, share);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + count)]);
  });
  const repeat = fc
    .tuple(at, at, fc.integer({ min: 2, max: 4 }))
    .map(([a, b, times]): Mutation => (bytes) => {
      const [start, end] = [place(bytes, Math.min(a, b)), place(bytes, Math.max(a, b))];
      const part = bytes.subarray(start, end);
      return Buffer.concat([
        bytes.subarray(0, start),
        ...Array<Uint8Array>(times).fill(part),
        bytes.subarray(end),
      ]);
    });
  const inserted = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 12 }),
    fc.constantFrom(...LYING_LENGTHS),
  );
  const insert = fc.tuple(at, inserted).map(([share, part]): Mutation => (bytes) => {
    const start = place(bytes, share);
    return Buffer.concat([bytes.subarray(0, start), part, bytes.subarray(start)]);
  });
  const overwrite = fc
    .tuple(at, fc.constantFrom(...LYING_LENGTHS))
    .map(([share, part]): Mutation => (bytes) => {
      const start = place(bytes, share);
      return Buffer.concat([bytes.subarray(0, start), part, bytes.subarray(start + part.length)]);
    });
  const splice = fc.tuple(at, at, fc.constantFrom(...good)).map(
    ([a, b, other]): Mutation =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, place(bytes, a)), other.subarray(place(other, b))]),
  );
  return fc.oneof(flip, cut, drop, repeat, insert, overwrite, splice);
}

/** A plain array of exactly these bytes in memory of its own, as a transport or a file hands them over. */
export function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes);
}

/** What a call may allocate beside a multiple of what it was given; the heap's own bookkeeping among it. */
const SLACK_BYTES = 8 << 20;

/**
 * Runs it; fails where that allocates much more than the input accounts for, or throws what is not among these errors.
 */
export function outcomeOf(
  bytes: Uint8Array,
  run: (bytes: Uint8Array) => unknown,
  errors: readonly (new (...parts: never[]) => Error)[],
): "value" | "refused" {
  const before = allocatedBytes();
  const outcome = resultOf(bytes, run, errors);
  const growth = allocatedBytes() - before;
  if (growth > 64 * bytes.length + SLACK_BYTES) throw new Error(`${bytes.length} bytes cost ${growth}`);
  return outcome;
}

function resultOf(...[bytes, run, errors]: Parameters<typeof outcomeOf>): "value" | "refused" {
  try {
    run(bytes);
    return "value";
  } catch (error) {
    if (errors.some((kind) => error instanceof kind) && !isOverflow(error)) return "refused";
    throw error;
  }
}

/** What the engine throws where recursion has no end is a `RangeError` too. */
function isOverflow(error: unknown): boolean {
  return (
    error instanceof RangeError && /call stack|Invalid (array|typed array|string) length/.test(error.message)
  );
}

function allocatedBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes that something still holds. */
export function heldBytes(): number {
  collectGarbage();
  collectGarbage();
  return allocatedBytes();
}
