import { Buffer } from "node:buffer";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { GossipError } from "../../gossip/errors.ts";
import { reason } from "../files.ts";
import type { PeerChannel } from "../peer/peer-state.ts";
import type { BlockForm, BlockMessages } from "./block-messages.ts";
import type { CommitBell } from "../following/commit-bell.ts";
import { encodeStreamMessage, STREAM_PULSE, STREAM_PULSE_INTERVAL_MS } from "./event-stream.ts";
import { problemOf } from "./http-errors.ts";

/** What all followers share. */
export interface BlockFollowing {
  readonly messages: BlockMessages;
  readonly bell: CommitBell;
}

/** What one of them wants. */
export interface BlockRequest {
  readonly channel: PeerChannel;
  /** Number of its first block, which need not be there yet. */
  readonly first: number;
  readonly form: BlockForm;
}

/**
 * What is given to a connection at a time. More of them for a larger block: each time that a follower is slow the block
 * may have to be read again.
 */
const PIECE_BYTES_MIN = 64 << 10;
const PIECES_MAX = 16;

/**
 * Writes a channel's blocks to one follower, in order and without gaps, until the signal. What a follower that does not
 * read costs in memory is one piece of a message: 64 KiB, of a message above 1 MiB a sixteenth. The block itself is let
 * go, and read again when the follower goes on.
 */
export class BlockFollower {
  readonly #shared: BlockFollowing;
  readonly #request: BlockRequest;
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;

  constructor(shared: BlockFollowing, request: BlockRequest, response: ServerResponse, signal: AbortSignal) {
    this.#shared = shared;
    this.#request = request;
    this.#response = response;
    this.#signal = signal;
  }

  /**
   * Resolves when all is said: at the signal, or at what is told, a block that cannot be read or a channel that has
   * stopped. The head has been written.
   */
  async run(): Promise<void> {
    try {
      await this.#write(this.#opening());
      for (let number = this.#request.first; ; number++) {
        await this.#untilHeld(number);
        await this.#send(number);
      }
    } catch (error) {
      if (!this.#signal.aborted) this.#response.write(this.#cut(error));
    }
    // Who does not read is not waited for.
    if (this.#response.writableNeedDrain) this.#response.destroy();
    else this.#response.end();
  }

  async #untilHeld(number: number): Promise<void> {
    const { channel } = this.#request;
    const { ledger, name } = channel;
    for (;;) {
      this.#signal.throwIfAborted();
      if (number < ledger.height) return;
      if (channel.failure !== undefined) throw stopped(channel.failure);
      await this.#shared.bell.wait(name, this.#signal, STREAM_PULSE_INTERVAL_MS).catch((failure: unknown) => {
        throw stopped(failure);
      });
      if (number >= ledger.height) await this.#write(this.#isLines() ? "\n" : STREAM_PULSE);
    }
  }

  async #send(number: number): Promise<void> {
    const { channel, form } = this.#request;
    for (let offset = 0, length = Infinity; offset < length;) {
      const message = await this.#shared.messages.get(channel, number, form);
      ({ length } = message);
      const piece = pieceOf(message, offset);
      offset += piece.length;
      await this.#write(piece);
    }
  }

  /** Resolves when the connection has taken it. @throws what the signal was aborted with. */
  async #write(data: Uint8Array | string): Promise<void> {
    this.#signal.throwIfAborted();
    if (!this.#response.write(data)) await once(this.#response, "drain", { signal: this.#signal });
  }

  /** The id lets a browser that has seen nothing yet go on from here; an event without data is not shown to its page. */
  #opening(): string {
    if (this.#isLines()) return "\n";
    const { first } = this.#request;
    return first === 0 ? STREAM_PULSE : `id: ${first - 1}\n\n`;
  }

  #cut(error: unknown): string {
    const data = JSON.stringify(problemOf(error));
    return this.#isLines() ? `${data}\n` : encodeStreamMessage({ event: "cut", data });
  }

  #isLines(): boolean {
    return this.#request.form.format === "lines of JSON";
  }
}

function stopped(cause: unknown): GossipError {
  return new GossipError("STOPPED", `the channel has stopped: ${reason(cause)}`, { cause });
}

/** Not a view where there is more: that would keep the whole message for as long as the follower does not read. */
function pieceOf(message: Buffer, offset: number): Buffer {
  const bytes = Math.max(PIECE_BYTES_MIN, Math.ceil(message.length / PIECES_MAX));
  return message.length <= bytes ? message : Buffer.from(message.subarray(offset, offset + bytes));
}
