import * as z from "zod";
import { NodeError, RejectedError } from "./errors.ts";
import {
  antiEntropySchema,
  blockSummarySchema,
  channelSchema,
  configSchema,
  eventsSchema,
  followedBlockSchema,
  leaveSchema,
  logSpecSchema,
  meetSchema,
  membersSchema,
  repairSchema,
  sentEventSchema,
  statusSchema,
  userEventSchema,
  type ApiAntiEntropy,
  type ApiAntiEntropyChange,
  type ApiBlockSummary,
  type ApiChannel,
  type ApiConfig,
  type ApiEvents,
  type ApiFollowedBlock,
  type ApiLogSpec,
  type ApiMember,
  type ApiRepair,
  type ApiStatus,
  type ApiUserEvent,
} from "./http/api-types.ts";
import { fromBase64, toBase64 } from "./http/base64.ts";
import { bodyJson, ClientConnection, problemOf } from "./http/client-connection.ts";
import { journeysSchema, type ApiJourneys } from "./http/journey-types.ts";
import { jsonOf } from "./json-of.ts";
import { fetchTransport, type Transport } from "./http/transport.ts";

export { NodeError, RejectedError } from "./errors.ts";
export type * from "./http/api-types.ts";

/** What opens an API, and how it is reached. */
export interface ClientOptions {
  /** As `blockgossip token create` printed it. */
  readonly token?: string | undefined;
  /** Default: by `fetch`. */
  readonly transport?: Transport;
}

/** What became of a block that was handed in. */
export type Submission =
  | ({ readonly kind: "accepted" | "held" } & ApiBlockSummary)
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** The next step; undefined where there is none. */
      readonly hint: string | undefined;
    };

/** A block of a channel, with its exact bytes. */
export interface ChannelBlock extends Omit<ApiFollowedBlock, "bytes"> {
  readonly bytes: Uint8Array;
}

export interface FollowBlocksOptions {
  /** Number of the first block; `newest`, the default, is the next one that comes. */
  readonly from?: number | "oldest" | "newest";
  /** Ends it: the loop then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told of every time that the connection has broken, and in how many milliseconds it is tried again. */
  readonly onBreak?: (error: NodeError, retryMs: number) => void;
}

/** A ring of repair reads all disks one after the other. */
const REPAIR_TIMEOUT_MS = 24 * 60 * 60 * 1_000;
/** How long to wait before a broken stream is asked for again: twice as long each time. */
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 5_000;
/** What a peer refuses for the moment only. */
const PASSING_CODES: ReadonlySet<string> = new Set(["BUSY", "STOPPED", "LEDGER_CLOSED"]);

/**
 * A peer's HTTP API as functions, for Node.js and browsers. Every one rejects with NodeError: `API_UNREACHABLE` where
 * there is no peer, and, but for `submit`, `REJECTED` or `NOT_FOUND` (a RejectedError) where the peer says no.
 */
export class Client {
  readonly #connection: ClientConnection;

  /** @throws NodeError `CONFIG_INVALID` where it is no URL, or a token would go there readable by all on the way. */
  constructor(url: string, { token, transport = fetchTransport }: ClientOptions = {}) {
    this.#connection = new ClientConnection(url, transport, token);
  }

  /** The API's, without a slash at its end. */
  get url(): string {
    return this.#connection.url;
  }

  async status(signal?: AbortSignal): Promise<ApiStatus> {
    return await this.#connection.json("/v1/status", statusSchema, { signal });
  }

  /** The settings in force, and where each came from. */
  async config(signal?: AbortSignal): Promise<ApiConfig> {
    return await this.#connection.json("/v1/config", configSchema, { signal });
  }

  /** Has the peer say goodbye, and end. Resolves when it has begun to. */
  async leave(signal?: AbortSignal): Promise<void> {
    await this.#connection.json("/v1/leave", leaveSchema, { method: "POST", signal });
  }

  /** Which level each of the peer's loggers has. */
  async logSpec(signal?: AbortSignal): Promise<ApiLogSpec> {
    return await this.#connection.json("/logspec", logSpecSchema, { signal });
  }

  /** Changes that, until the peer ends, by a specification in Fabric's syntax. */
  async setLogSpec(spec: string, signal?: AbortSignal): Promise<void> {
    await this.#connection.accepted("/logspec", { method: "PUT", content: { spec }, signal });
  }

  /** What the peer has measured, in Prometheus' text format. */
  async metrics(signal?: AbortSignal): Promise<string> {
    const { body } = await this.#connection.accepted("/metrics", { signal });
    return new TextDecoder().decode(body);
  }

  /** How the last blocks came to each peer, from this one on. */
  async journeys(channel: string, from: number, signal?: AbortSignal): Promise<ApiJourneys> {
    return await this.#connection.json(`${channelPath(channel)}/journeys?from=${from}`, journeysSchema, {
      signal,
    });
  }

  /** All members; of one channel if one is named. */
  async members(channel?: string, signal?: AbortSignal): Promise<readonly ApiMember[]> {
    const query = channel === undefined ? "" : `?channel=${encodeURIComponent(channel)}`;
    return (await this.#connection.json(`/v1/members${query}`, membersSchema, { signal })).members;
  }

  /** Lets the peer get to know the one at this address. The other's peer id. */
  async meet(address: string, signal?: AbortSignal): Promise<string> {
    const request = { method: "POST", content: { address }, signal } as const;
    return (await this.#connection.json("/v1/members/meet", meetSchema, request)).peer;
  }

  /** Tells all members something. Its Lamport time. */
  async sendEvent(name: string, payload: Uint8Array, signal?: AbortSignal): Promise<number> {
    const content = { name, payloadBase64: toBase64(payload) };
    const request = { method: "POST", content, signal } as const;
    return (await this.#connection.json("/v1/events", sentEventSchema, request)).time;
  }

  /** The events that the peer remembers, or those of them with a later time. */
  async events(after = 0, signal?: AbortSignal): Promise<ApiEvents> {
    return await this.#connection.json(`/v1/events?after=${after}`, eventsSchema, { signal });
  }

  /**
   * The events with a later time that the peer remembers, then all that come, until the signal; it then rejects with
   * the signal's reason. `REJECTED` also where the peer has cut us off for being too slow.
   */
  async *followEvents(after: number, signal: AbortSignal): AsyncGenerator<ApiUserEvent> {
    const path = `/v1/events?after=${after}&follow=true`;
    for await (const { event, data } of this.#connection.messages(path, signal))
      if (event === "user-event") yield this.#parse(data, userEventSchema);
    throw new NodeError("API_UNREACHABLE", `${this.url} tells no more events: the peer stops`);
  }

  async channel(name: string, signal?: AbortSignal): Promise<ApiChannel> {
    return await this.#connection.json(channelPath(name), channelSchema, { signal });
  }

  /** The exact bytes of a block, by its number, its hash, or as the `newest` or `oldest`. */
  async block(channel: string, which: number | string, signal?: AbortSignal): Promise<Uint8Array> {
    const path = `${channelPath(channel)}/blocks/${encodeURIComponent(which)}`;
    return (await this.#connection.accepted(path, { signal })).body;
  }

  /**
   * A channel's blocks from one on, in order and without gaps, then all that come. Where the connection breaks later, it
   * goes on behind the last block by itself, for as long as it takes. A loop that is slow costs no memory anywhere.
   *
   * @throws NodeError as all here, at the beginning; later only where the peer refuses for good. The signal's reason.
   */
  async *blocks(channel: string, options: FollowBlocksOptions = {}): AsyncGenerator<ChannelBlock> {
    for await (const block of this.#follow(channel, options, true)) {
      if (block.bytes === undefined)
        throw new NodeError("API_UNREACHABLE", `${this.url} leaves out the bytes`);
      yield { ...block, bytes: fromBase64(block.bytes) };
    }
  }

  /** The same without the blocks' bytes. */
  blockSummaries(channel: string, options: FollowBlocksOptions = {}): AsyncGenerator<ApiFollowedBlock> {
    return this.#follow(channel, options, false);
  }

  /** Hands in a block. */
  async submit(channel: string, block: Uint8Array, signal?: AbortSignal): Promise<Submission> {
    const request = { method: "POST", bytes: block, signal } as const;
    const answer = await this.#connection.ask(`${channelPath(channel)}/blocks`, request);
    if (answer.status >= 300) {
      const { code, detail, hint } = problemOf(answer);
      return { kind: "refused", status: answer.status, code, message: detail, hint };
    }
    const held = this.#connection.parse(bodyJson(answer.body), blockSummarySchema);
    return { kind: answer.status === 201 ? "accepted" : "held", ...held };
  }

  /** Has the peer lead a ring of repair in the channel; with `verify` every member reads all that it has stored. */
  async repair(channel: string, verify: boolean, signal?: AbortSignal): Promise<ApiRepair> {
    const request = { method: "POST", timeoutMs: REPAIR_TIMEOUT_MS, signal } as const;
    return await this.#connection.json(
      `${channelPath(channel)}/repair?verify=${verify}`,
      repairSchema,
      request,
    );
  }

  /** How the peer compares what it holds with others. */
  async antiEntropy(channel: string, signal?: AbortSignal): Promise<ApiAntiEntropy> {
    return await this.#connection.json(antiEntropyPath(channel), antiEntropySchema, { signal });
  }

  /** Changes that, until the peer ends. What is so from now on. */
  async setAntiEntropy(
    channel: string,
    change: ApiAntiEntropyChange,
    signal?: AbortSignal,
  ): Promise<ApiAntiEntropy> {
    const request = { method: "PUT", content: change, signal } as const;
    return await this.#connection.json(antiEntropyPath(channel), antiEntropySchema, request);
  }

  async *#follow(
    channel: string,
    { from = "newest", signal = new AbortController().signal, onBreak }: FollowBlocksOptions,
    hasBytes: boolean,
  ): AsyncGenerator<ApiFollowedBlock> {
    // Asked for in any case: a wrong name or address is told at once, and not tried for ever.
    const { height } = await this.channel(channel, signal);
    let next = from === "newest" ? height : from === "oldest" ? 0 : from;
    for (let failures = 0; ; failures++) {
      let broken = new NodeError("API_UNREACHABLE", `${this.url} tells no more blocks: the peer stops`);
      try {
        for await (const block of this.#blocksFrom(next, { channel, hasBytes, signal })) {
          failures = 0;
          next = block.number + 1;
          yield block;
        }
      } catch (error) {
        if (!(error instanceof NodeError) || !isPassing(error)) throw error;
        broken = error;
      }
      const retryMs = Math.min(RETRY_MIN_MS * 2 ** failures, RETRY_MAX_MS);
      onBreak?.(broken, retryMs);
      await pause(retryMs, signal);
    }
  }

  /** As far as one connection brings them. */
  async *#blocksFrom(
    first: number,
    {
      channel,
      hasBytes,
      signal,
    }: { readonly channel: string; readonly hasBytes: boolean; readonly signal: AbortSignal },
  ): AsyncGenerator<ApiFollowedBlock> {
    const path = `${channelPath(channel)}/blocks?from=${first}&bytes=${hasBytes}`;
    let next = first;
    for await (const { event, data } of this.#connection.messages(path, signal)) {
      if (event !== "block") continue;
      const block = this.#parse(data, followedBlockSchema);
      if (block.number !== next)
        throw new NodeError("API_UNREACHABLE", `${this.url} sent block ${block.number} in place of ${next}`);
      next++;
      yield block;
    }
  }

  #parse<Schema extends z.ZodType>(data: string, schema: Schema): z.output<Schema> {
    return this.#connection.parse(jsonOf(data), schema);
  }
}

/** Whether the same may well be answered in a while. A peer of another version will not change. */
function isPassing(error: NodeError): boolean {
  if (error instanceof RejectedError)
    return PASSING_CODES.has(error.problem.code) || error.problem.status === 502;
  return error.code === "API_UNREACHABLE" && !(error.cause instanceof z.ZodError);
}

function channelPath(channel: string): string {
  return `/v1/channels/${encodeURIComponent(channel)}`;
}

function antiEntropyPath(channel: string): string {
  return `${channelPath(channel)}/anti-entropy`;
}

/** @throws the signal's reason. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const wake = () => resolve();
  signal.addEventListener("abort", wake);
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", wake);
  signal.throwIfAborted();
}
