import { ChainError } from "../../chain/errors.ts";
import { GossipError, type GossipErrorCode } from "../../gossip/errors.ts";
import {
  decodeFetchReply,
  decodeFetchRequest,
  decodeMessage,
  encodeFetchReply,
  encodeFetchRequest,
  encodeMessage,
} from "../../gossip/message-codec.ts";
import type { FetchedDigest, FetchReply, FetchRequest, Message } from "../../gossip/messages.ts";
import { type LinkWeather } from "./link-weather.ts";
import { TrafficMeter, type Traffic } from "./traffic.ts";
import type { Clock, Contact, Inbox, PeerId, Random, Transport } from "../../gossip/ports.ts";

interface Endpoint {
  readonly inbox: Inbox;
  readonly traffic: Traffic;
  /** When its uplink has sent all that was given to it. */
  uplinkFreeMs: number;
  /** Peers to which it has a link, and when the last message on it arrives. */
  readonly links: Map<PeerId, number>;
  /** Bytes that wait for its uplink, by receiver. */
  readonly queued: Map<PeerId, number>;
  /** Until when a peer that could not be reached is not dialled again. */
  readonly backOff: Map<PeerId, number>;
}

interface Fetch {
  readonly from: PeerId;
  readonly to: PeerId;
  readonly request: FetchRequest;
  readonly onReply: (reply: FetchReply) => void;
  readonly signal: AbortSignal;
}

/** Framing, Noise and TCP, as a round number. */
const OVERHEAD_BYTES = 64;
const QUEUE_BYTES_MAX = 8 << 20;
const DIAL_TIMEOUT_MS = 2_000;
const BACK_OFF_MS = 2_000;

/** Looks at each message when it is sent; for the checks of a simulation. */
export type Wiretap = (from: PeerId, to: PeerId, message: Message) => void;

/**
 * A network with latency, bandwidth, loss and cuts behind the `Transport` port. Everything that crosses it is encoded
 * and decoded, so that no two peers share an object and every size is the real one.
 */
export class SimulatedNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #endpoints = new Map<PeerId, Endpoint>();
  readonly #cuts = new Set<string>();
  readonly #encoded = new WeakMap<Message, Uint8Array>();
  readonly traffic = new TrafficMeter();
  /** What receivers refused, by code. */
  readonly refused: Record<string, number> = {};
  /** Errors that are no refusals: each is a bug. */
  readonly crashes: unknown[] = [];
  weather: LinkWeather;
  /** How many times slower than the others' these peers' uplinks are. */
  readonly slowness = new Map<PeerId, number>();
  wiretap: Wiretap = () => undefined;

  constructor(clock: Clock, random: Random, weather: LinkWeather) {
    this.#clock = clock;
    this.#random = random;
    this.weather = weather;
  }

  /** Connects a peer; its transport works until `detach`. A peer that restarts attaches anew. */
  attach(peer: PeerId, inbox: Inbox): Transport {
    const endpoint: Endpoint = {
      inbox,
      traffic: this.traffic.of(peer),
      uplinkFreeMs: 0,
      links: new Map(),
      queued: new Map(),
      backOff: new Map(),
    };
    this.#endpoints.set(peer, endpoint);
    return {
      learn: (contact: Contact) => void endpoint.backOff.delete(contact.peer),
      send: (to, message) => this.#endpoints.get(peer) === endpoint && this.#send(peer, to, message),
      fetchDigest: async (to, channel, signal) => {
        let digest: FetchedDigest | undefined;
        const onReply = (reply: FetchReply) => {
          if (reply.kind === "digest") digest = reply.digest;
        };
        await this.#fetch({ from: peer, to, request: { channel, range: undefined }, onReply, signal });
        if (digest === undefined) throw new GossipError("BROKEN_PROMISE", "no digest");
        return digest;
      },
      fetchBlocks: (to, request, onBlock, signal) => {
        const onReply = (reply: FetchReply) => {
          if (reply.kind !== "block") throw new GossipError("BROKEN_PROMISE", "no block");
          onBlock(reply.block);
        };
        return this.#fetch({ from: peer, to, request, onReply, signal });
      },
    };
  }

  /** The peer is gone: nothing reaches it, and nothing of what it had not sent yet leaves. */
  detach(peer: PeerId): void {
    this.#endpoints.delete(peer);
    for (const endpoint of this.#endpoints.values()) endpoint.links.delete(peer);
  }

  /** Nothing passes between the two any more. */
  cut(a: PeerId, b: PeerId): void {
    this.#cuts.add(pair(a, b));
    this.#endpoints.get(a)?.links.delete(b);
    this.#endpoints.get(b)?.links.delete(a);
  }

  heal(a: PeerId, b: PeerId): void {
    this.#cuts.delete(pair(a, b));
  }

  healAll(): void {
    this.#cuts.clear();
  }

  #send(from: PeerId, to: PeerId, message: Message): boolean {
    const sender = this.#endpoints.get(from);
    if (sender === undefined || to === from) return false;
    if ((sender.backOff.get(to) ?? 0) > this.#clock.now()) return false;
    const receiver = this.#reachable(from, to);
    if (receiver === undefined) {
      this.#failDial(sender, to);
      return true;
    }
    if (!sender.links.has(to)) this.#link(from, to);
    return this.#transmit(from, to, message);
  }

  #link(from: PeerId, to: PeerId): void {
    const sender = this.#endpoints.get(from)!;
    const receiver = this.#endpoints.get(to)!;
    sender.links.set(to, 0);
    this.#carry(from, to, sender.inbox.greeting());
    if (receiver.links.has(from)) return;
    receiver.links.set(from, 0);
    receiver.backOff.delete(from);
    this.#carry(to, from, receiver.inbox.greeting());
  }

  /** Through the bounded queue for that receiver, which takes any one message when it is empty. */
  #transmit(from: PeerId, to: PeerId, message: Message): boolean {
    const { queued } = this.#endpoints.get(from)!;
    const { length } = this.#encode(message);
    const waiting = queued.get(to) ?? 0;
    if (waiting > 0 && waiting + length > QUEUE_BYTES_MAX) return false;
    queued.set(to, waiting + length);
    this.#carry(from, to, message, () => queued.set(to, (queued.get(to) ?? 0) - length));
    return true;
  }

  #carry(from: PeerId, to: PeerId, message: Message, onSent: () => void = () => undefined): void {
    const sender = this.#endpoints.get(from)!;
    const bytes = this.#encode(message);
    this.wiretap(from, to, message);
    this.#note(sender, message.kind, bytes.length);
    const sentMs = this.#occupyUplink(from, sender, bytes.length);
    const { weather } = this;
    this.#clock.schedule(sentMs - this.#clock.now(), () => {
      onSent();
      if (this.#endpoints.get(from) !== sender || this.#random() < weather.lossRate) return;
      const copies = this.#random() < weather.duplicationRate ? 2 : 1;
      for (let copy = 0; copy < copies; copy++) this.#arrive(from, to, bytes);
    });
  }

  /** Once for all receivers, as a real transport does. */
  #encode(message: Message): Uint8Array {
    let bytes = this.#encoded.get(message);
    if (bytes === undefined) {
      bytes = encodeMessage(message);
      this.#encoded.set(message, bytes);
    }
    return bytes;
  }

  #arrive(from: PeerId, to: PeerId, bytes: Uint8Array): void {
    const sender = this.#endpoints.get(from)!;
    const receiver = this.#endpoints.get(to);
    let arrivalMs = this.#clock.now() + this.#delayMs();
    if (this.#random() >= this.weather.reorderRate)
      arrivalMs = Math.max(arrivalMs, sender.links.get(to) ?? 0);
    sender.links.set(to, arrivalMs);
    this.#clock.schedule(arrivalMs - this.#clock.now(), () => {
      const isSame = receiver !== undefined && this.#endpoints.get(to) === receiver;
      if (isSame && this.#reachable(from, to) !== undefined) this.#deliver(receiver, from, bytes);
    });
  }

  #deliver(receiver: Endpoint, from: PeerId, bytes: Uint8Array): void {
    try {
      receiver.inbox.receive(from, decodeMessage(bytes.slice()));
    } catch (error) {
      this.#refuse(error);
    }
  }

  async #fetch({ from, to, request, onReply, signal }: Fetch): Promise<void> {
    const asker = this.#endpoints.get(from);
    const server = this.#reachable(from, to);
    if (asker === undefined || server === undefined) {
      if (asker !== undefined) this.#failDial(asker, to);
      await this.#pause(DIAL_TIMEOUT_MS, signal);
      throw new GossipError("UNREACHABLE", `${to} cannot be reached`);
    }
    if (!asker.links.has(to)) this.#link(from, to);
    const question = encodeFetchRequest(request);
    this.#note(asker, "fetch", question.length);
    await this.#pause(
      this.#occupyUplink(from, asker, question.length) - this.#clock.now() + 2 * this.#delayMs(),
      signal,
    );
    const replies = await this.#serve(server, from, decodeFetchRequest(question));
    const delayMs = this.#delayMs();
    const parts = replies.map((reply) => {
      const bytes = encodeFetchReply(reply);
      this.#note(server, "reply", bytes.length);
      return { bytes, arrivalMs: this.#occupyUplink(to, server, bytes.length) + delayMs };
    });
    const isOpen = () => this.#endpoints.get(to) === server && this.#endpoints.get(from) === asker;
    // The end takes as long as a part, or there would be none where nothing is held.
    for (const { bytes, arrivalMs } of [
      ...parts,
      { bytes: undefined, arrivalMs: this.#clock.now() + delayMs },
    ]) {
      await this.#pause(arrivalMs - this.#clock.now(), signal);
      if (!isOpen() || this.#reachable(from, to) === undefined) {
        await this.#pause(DIAL_TIMEOUT_MS, signal);
        throw new GossipError("UNREACHABLE", `${to} is gone`);
      }
      if (bytes !== undefined) onReply(refusing(decodeFetchReply(bytes)));
    }
  }

  async #serve(server: Endpoint, from: PeerId, request: FetchRequest): Promise<FetchReply[]> {
    try {
      const { channel, range } = request;
      if (range === undefined) return [{ kind: "digest", digest: server.inbox.serveDigest(from, channel) }];
      return (await server.inbox.serveBlocks(from, channel, range)).map((block) => ({
        kind: "block",
        block,
      }));
    } catch (error) {
      this.#refuse(error);
      return [{ kind: "refusal", code: error instanceof GossipError ? error.code : "UNREACHABLE" }];
    }
  }

  #pause(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const timer = this.#clock.schedule(delayMs, resolve);
      signal.addEventListener("abort", () => (timer[Symbol.dispose](), reject(signal.reason)), {
        once: true,
      });
    });
  }

  #failDial(sender: Endpoint, to: PeerId): void {
    if ((sender.backOff.get(to) ?? 0) > this.#clock.now()) return;
    sender.backOff.set(to, this.#clock.now() + BACK_OFF_MS);
    this.#clock.schedule(2 * this.weather.latencyMs, () => sender.inbox.unreachable(to));
  }

  #reachable(from: PeerId, to: PeerId): Endpoint | undefined {
    return this.#cuts.has(pair(from, to)) ? undefined : this.#endpoints.get(to);
  }

  #occupyUplink(peer: PeerId, sender: Endpoint, bytes: number): number {
    const startMs = Math.max(this.#clock.now(), sender.uplinkFreeMs);
    const bytesPerSecond = this.weather.bytesPerSecond / (this.slowness.get(peer) ?? 1);
    sender.uplinkFreeMs = startMs + (1_000 * (bytes + OVERHEAD_BYTES)) / bytesPerSecond;
    return sender.uplinkFreeMs;
  }

  #delayMs(): number {
    return this.weather.latencyMs + this.weather.jitterMs * this.#random();
  }

  #note({ traffic }: Endpoint, kind: string, bytes: number): void {
    traffic.bytes += bytes + OVERHEAD_BYTES;
    traffic.messages[kind] = (traffic.messages[kind] ?? 0) + 1;
  }

  #refuse(error: unknown): void {
    if (error instanceof GossipError || error instanceof ChainError) {
      this.refused[error.code] = (this.refused[error.code] ?? 0) + 1;
    } else {
      this.crashes.push(error);
    }
  }
}

function refusing(reply: FetchReply): FetchReply {
  if (reply.kind === "refusal")
    throw new GossipError(reply.code as GossipErrorCode, "refused by the other side");
  return reply;
}

function pair(a: PeerId, b: PeerId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
