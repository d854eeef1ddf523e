import type { Block } from "../../chain/block.ts";
import type { ChainError } from "../../chain/errors.ts";
import { producedMs } from "../../chain/produced-ms.ts";
import type { ReceivedBlock, VerifiedBlock } from "./block-buffer.ts";
import type { ChannelWorks } from "./channel-works.ts";
import type { Cut } from "../push/cut.ts";
import type { GossipError } from "../errors.ts";
import type { BlockOrigin } from "../events.ts";
import type { PeerId } from "../ports.ts";

/** What follows when the intake has taken something in, or refused it. */
export function intakeReactions(works: ChannelWorks) {
  const { name, observe, onReconfigured } = works.parts;
  return {
    onVerified: (entry: VerifiedBlock) => {
      const { block, from, origin } = entry;
      observe({
        kind: "block-verified",
        channel: name,
        number: block.number,
        hash: block.hash,
        from,
        origin,
      });
      works.chunks.settle(block.number);
      if (isFirstHere(origin)) return;
      if (works.parts.options.push) passOn(works, entry);
      works.push.held(entry);
    },
    onCommitted: (entry: VerifiedBlock) => {
      const { block, origin } = entry;
      const { number, hash, bytes } = block;
      observe({
        kind: "block-committed",
        channel: name,
        number,
        hash,
        origin,
        bytes: bytes.length,
        producedMs: producedMs(block),
      });
      if (isFirstHere(origin)) spread(works, entry);
      works.progress.committed(block.bytes.length);
      works.budget.grown(block.bytes.length);
      works.antiEntropy.grown();
      works.leadership.grown();
      works.stateTransfer.check();
    },
    onReconfigured: () => onReconfigured(),
    onConflict: (second: Block) => {
      works.forks.record(second).catch((error: unknown) => works.fail(error));
    },
    onDropped: (entry: ReceivedBlock, error: ChainError) => works.rejected(entry, error),
    onFailure: (error: Error) => works.fail(error),
  };
}

/** What follows from what happens to blocks in chunks. */
export function chunkReactions(works: ChannelWorks) {
  const { name, observe, onLie } = works.parts;
  return {
    offer: (received: ReceivedBlock) => {
      works.received(received);
      works.offer(received);
    },
    holds: (peer: PeerId, cut: Cut) => works.push.holders.has(cut.hash, peer),
    onNotNeeded: (peer: PeerId, { number, hash, blockBytes }: Cut) =>
      works.push.tellHeld(peer, { number, hash, blockBytes }),
    onLie: ({ cutter: peer, number }: Cut, error: GossipError) => {
      const { code, message } = error;
      observe({ kind: "rejected", channel: name, number, peer, code, message });
      onLie(peer, error);
    },
    onComing: (from: PeerId, number: number) => works.announced(from, number),
    onOtherCut: ({ cutter, number }: Cut) => void works.forks.suspect(cutter, number),
    onGivenUp: () => works.antiEntropy.round(),
  };
}

/** What users are told of a catch-up. */
export function catchUpReactions(works: ChannelWorks) {
  const { name, observe, ledger } = works.parts;
  return {
    onStart: (target: number) => {
      works.progress.begin();
      observe({ kind: "catching-up", channel: name, height: ledger.height, target });
    },
    onProgress: () => {
      const report = works.progress.dueReport();
      if (report !== undefined) observe({ kind: "catch-up-progress", channel: name, ...report });
    },
    onEnd: () =>
      observe({ kind: "caught-up", channel: name, height: ledger.height, ...works.progress.end() }),
  };
}

/** Whether the block has come into the network here. */
function isFirstHere(origin: BlockOrigin): boolean {
  return origin === "publish" || origin === "source";
}

function passOn(works: ChannelWorks, entry: VerifiedBlock): void {
  const { block, from, origin } = entry;
  if (origin === "push") works.push.onwards(entry);
  if (from !== undefined && (origin === "push" || origin === "chunks")) works.push.bridge(block, from);
}

/** The first peer's work, once the block is durable here. */
function spread(works: ChannelWorks, entry: VerifiedBlock): void {
  const { block } = entry;
  const { push, directMail } = works.parts.options;
  if (push) {
    const unsent = works.chunks.takes(block) ? works.chunks.first(block) : works.push.first(block);
    if (directMail) works.mail.entered(block.number, unsent);
    works.push.held(entry);
  } else if (directMail) works.mail.first(block);
}
