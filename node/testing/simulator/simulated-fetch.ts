import { GossipError, type GossipErrorCode } from "../../../gossip/errors.ts";
import {
  decodeFetchReply,
  decodeFetchRequest,
  encodeFetchReply,
  encodeFetchRequest,
} from "../../../gossip/wire/message-codec.ts";
import type { BlockQuestion, FetchReply } from "../../../gossip/wire/messages.ts";
import type { PeerId } from "../../../gossip/ports.ts";
import type { Endpoint } from "./endpoint.ts";

/** What a fetch needs of the network. */
export interface FetchWires {
  readonly connect: (from: Endpoint, to: PeerId, signal: AbortSignal) => Promise<Endpoint>;
  readonly isConnected: (a: Endpoint, b: Endpoint) => boolean;
  /** Returns when the last of the bytes has left. */
  readonly occupyUplink: (from: Endpoint, to: Endpoint, kind: string, bytes: number) => number;
  readonly delayMs: () => number;
  readonly now: () => number;
  readonly pause: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when the peer reads what comes. */
  readonly reading: (endpoint: Endpoint, signal: AbortSignal) => Promise<void>;
  readonly refuse: (error: unknown) => void;
}

/** One question and its answer. */
export interface SimulatedFetch {
  readonly asker: Endpoint;
  readonly to: PeerId;
  readonly request: BlockQuestion;
  readonly onBlock: (block: Uint8Array) => void;
  readonly signal: AbortSignal;
}

/** How long it takes to notice that the other side is gone. */
const NOTICE_MS = 2_000;

/** Asks another peer, as the transport port promises, over the simulated wires. */
export async function simulatedFetch(wires: FetchWires, fetch: SimulatedFetch): Promise<void> {
  const { asker, to, request, onBlock, signal } = fetch;
  const server = await wires.connect(asker, to, signal);
  const question = encodeFetchRequest(request);
  const askedMs = wires.occupyUplink(asker, server, "fetch", question.length);
  await wires.pause(askedMs - wires.now() + 2 * wires.delayMs(), signal);
  await wires.reading(server, signal);
  const replies = await serve(wires, server, { from: asker.peer, request: decodeFetchRequest(question) });
  const delayMs = wires.delayMs();
  const parts = replies.map((reply) => {
    const bytes = encodeFetchReply(reply);
    return { bytes, arrivalMs: wires.occupyUplink(server, asker, "reply", bytes.length) + delayMs };
  });
  // The end takes as long as a part, or there would be none where nothing is held.
  for (const { bytes, arrivalMs } of [...parts, { bytes: undefined, arrivalMs: wires.now() + delayMs }]) {
    await wires.pause(arrivalMs - wires.now(), signal);
    await wires.reading(asker, signal);
    if (!wires.isConnected(asker, server)) {
      await wires.pause(NOTICE_MS, signal);
      throw new GossipError("UNREACHABLE", `${to} is gone`);
    }
    if (bytes !== undefined) onBlock(blockOf(decodeFetchReply(bytes)));
  }
}

async function serve(
  wires: FetchWires,
  { inbox }: Endpoint,
  { from, request: { channel, range } }: { readonly from: PeerId; readonly request: BlockQuestion },
): Promise<FetchReply[]> {
  try {
    return (await inbox.serveBlocks(from, channel, range)).map((block) => ({ kind: "block", block }));
  } catch (error) {
    wires.refuse(error);
    return [{ kind: "refusal", code: error instanceof GossipError ? error.code : "UNREACHABLE" }];
  }
}

function blockOf(reply: FetchReply): Uint8Array {
  if (reply.kind === "refusal")
    throw new GossipError(reply.code as GossipErrorCode, "refused by the other side");
  return reply.block;
}
