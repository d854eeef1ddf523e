import { GossipError } from "../gossip/errors.ts";
import type { BlockQuestion } from "../gossip/wire/messages.ts";
import type { PeerId, Transport } from "../gossip/ports.ts";

/** Where time passes. */
export interface Waiting {
  /** Lets time pass until the condition holds. */
  waitFor(condition: () => boolean): Promise<void>;
}

/** A signal that is not aborted. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Lets time pass until the work is done. */
export async function settled<T>(network: Waiting, work: Promise<T>): Promise<T> {
  let isSettled = false;
  const watched = work.finally(() => {
    isSettled = true;
  });
  watched.catch(() => undefined);
  await network.waitFor(() => isSettled);
  return await work;
}

/** The code with which the work is rejected. */
export async function codeOf(network: Waiting, work: Promise<unknown>): Promise<string> {
  try {
    await settled(network, work);
    return "none";
  } catch (error) {
    return error instanceof GossipError ? error.code : String(error);
  }
}

/** All blocks that the peer answers with. */
export async function fetchAll(
  transport: Transport,
  peer: PeerId,
  question: BlockQuestion,
  signal = never(),
): Promise<readonly Uint8Array[]> {
  const blocks: Uint8Array[] = [];
  await transport.fetchBlocks(peer, question, (block) => blocks.push(block), signal);
  return blocks;
}
