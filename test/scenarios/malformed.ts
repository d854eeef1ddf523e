import * as fc from "fast-check";
import { concat } from "uint8arrays/concat";
import { ChainError } from "../../chain/errors.ts";
import { GossipError } from "../../gossip/errors.ts";
import { decodeMessage, encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { sample } from "../../gossip/random.ts";
import { MESSAGES } from "../gossip/message-arbitraries.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const FRAMES = { full: 1_000_000, short: 5_000 };
const AT_ONCE = 500;
const SAMPLES_PER_KIND = 20;

/**
 * Scenario 19: damaged frames, what of them can be read being handed to peers, from members and from strangers. What a
 * connection does with them is the transport's affair (`test/node/noise-on-the-wire.test.ts`).
 */
export const malformed: Scenario = {
  name: "malformed",
  number: 19,
  shows:
    "damaged frames of every kind, with lengths of 4 GiB and nested deep, come from members and strangers",
  figures: [
    { name: "crashes", means: "crashes", atMost: 0 },
    { name: "frames", means: "frames sent", atLeast: FRAMES.short },
    { name: "readable", means: "frames that are readable still", atLeast: 1 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const rig = await Rig.start(seed, size, { liars: 1 });
  const { simulation, random, source } = rig;
  const senders = [...rig.liars.map(({ id }) => id), ...STRANGERS];
  const corpus = framesOf(seed);
  const rssBytes = process.memoryUsage.rss();
  const frames = size.isFull ? FRAMES.full : FRAMES.short;
  let [crashes, readable] = [0, 0];
  for (let count = 0; count < frames; count++) {
    const [from] = sample(senders, 1, random);
    try {
      const message = decodeMessage(damaged(corpus, random));
      readable++;
      if (from !== undefined) source.receive(from, message);
    } catch (error) {
      if (!(error instanceof GossipError || error instanceof ChainError)) crashes++;
    }
    if (count % AT_ONCE === 0) await simulation.runFor(10);
  }
  await rig.publish();
  await rig.settle();
  return { frames, crashes, readable, rssMb: (process.memoryUsage.rss() - rssBytes) / 1e6 };
}

const STRANGERS = Array.from({ length: 5 }, (_, index) => `stranger-${index}` as PeerId);

function framesOf(seed: number): readonly Uint8Array[] {
  const samples = { numRuns: SAMPLES_PER_KIND, seed };
  const arbitraries: readonly fc.Arbitrary<Message>[] = Object.values(MESSAGES);
  return arbitraries.flatMap((messages) => fc.sample(messages, samples)).map(encodeMessage);
}

/** A frame with a byte or a few changed, cut off, doubled, nested or with a length that it does not have. */
function damaged(corpus: readonly Uint8Array[], random: () => number): Uint8Array {
  const below = (limit: number) => Math.floor(random() * limit);
  const frame = corpus[below(corpus.length)] ?? new Uint8Array(0);
  const bytes = Uint8Array.from(frame);
  const at = below(bytes.length);
  switch (below(5)) {
    case 0:
      for (let count = 0; count <= below(4); count++) bytes[below(bytes.length)] = below(256);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return concat([bytes.subarray(0, at), bytes]);
    case 3:
      // Field 1, of a length of 4 GiB less one.
      return concat([bytes.subarray(0, at), FOUR_GIB, bytes.subarray(at)]);
    default:
      return nested(bytes, below(DEPTH_MAX));
  }
}

const FOUR_GIB = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f);
const DEPTH_MAX = 100;

/** The bytes as field 1 of field 1 and so on. */
function nested(bytes: Uint8Array, depth: number): Uint8Array {
  let inner = bytes.subarray(0, 20);
  for (let level = 0; level < depth; level++) {
    const { length } = inner;
    inner = concat([Uint8Array.of(0x0a, 0x80 | (length & 0x7f), length >> 7), inner]);
  }
  return inner;
}
