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
import type { Clock, Contact, Inbox, PeerId, Random, Transport } from "../../gossip/ports.ts";
import { Endpoint } from "./endpoint.ts";
import type { Link } from "./link.ts";
import { type LinkWeather } from "./link-weather.ts";
import { countMessage, TrafficMeter } from "./traffic.ts";

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
 * and decoded, so that no two peers share an object and every size is the real one. Only the bytes under the objects
 * are one for all receivers, as they are one for all who hold a view of them in a peer: nobody may write to them.
 */
export class SimulatedNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  /** Of the peers that are up. */
  readonly #endpoints = new Map<PeerId, Endpoint>();
  readonly #cuts = new Set<string>();
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
    this.#end(peer);
    const endpoint = new Endpoint(peer, inbox, this.traffic.of(peer));
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
    this.#end(peer);
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

  /** All peers have met: every two have a link, and have greeted each other, as after a long time together. */
  linkAll(): void {
    const peers = [...this.#endpoints.keys()];
    for (const [from, endpoint] of this.#endpoints)
      for (const to of peers) if (to !== from) endpoint.link(to);
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
    const link = sender.links.get(to) ?? this.#link(sender, receiver);
    // A queue takes any one message when it is empty.
    const waiting = link.waitingBytes(this.#clock.now());
    const bytes = sender.encode(message);
    const { length } = bytes;
    if (waiting > 0 && waiting + length > QUEUE_BYTES_MAX) return false;
    this.wiretap(from, to, message);
    link.wait(this.#carry(sender, receiver, message.kind, bytes), length);
    return true;
  }

  #link(sender: Endpoint, receiver: Endpoint): Link {
    const link = sender.link(receiver.peer);
    this.#greet(sender, receiver);
    if (receiver.links.has(sender.peer)) return link;
    receiver.link(sender.peer);
    receiver.backOff.delete(sender.peer);
    this.#greet(receiver, sender);
    return link;
  }

  #greet(sender: Endpoint, receiver: Endpoint): void {
    const greeting = sender.inbox.greeting();
    this.wiretap(sender.peer, receiver.peer, greeting);
    this.#carry(sender, receiver, greeting.kind, encodeMessage(greeting));
  }

  /** Returns when the message has left the uplink. */
  #carry(sender: Endpoint, receiver: Endpoint, kind: string, bytes: Uint8Array): number {
    const sentMs = this.#occupyUplink(sender, receiver, kind, bytes.length);
    const { weather } = this;
    if (this.#random() < weather.lossRate) return sentMs;
    const copies = this.#random() < weather.duplicationRate ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#arrive(sender, receiver, bytes, sentMs);
    return sentMs;
  }

  #arrive(sender: Endpoint, receiver: Endpoint, bytes: Uint8Array, sentMs: number): void {
    const link = sender.link(receiver.peer);
    let arrivalMs = sentMs + this.#delayMs();
    if (this.#random() >= this.weather.reorderRate) arrivalMs = Math.max(arrivalMs, link.lastArrivalMs);
    link.lastArrivalMs = arrivalMs;
    this.#clock.schedule(arrivalMs - this.#clock.now(), () => {
      const hasLeft = sender.goneMs > sentMs;
      if (hasLeft && receiver.isUp && !this.#isCut(sender.peer, receiver.peer))
        this.#deliver(receiver, sender.peer, bytes);
    });
  }

  #deliver(receiver: Endpoint, from: PeerId, bytes: Uint8Array): void {
    try {
      receiver.inbox.receive(from, decodeMessage(bytes));
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
    if (!asker.links.has(to)) this.#link(asker, server);
    const question = encodeFetchRequest(request);
    const askedMs = this.#occupyUplink(asker, server, "fetch", question.length);
    await this.#pause(askedMs - this.#clock.now() + 2 * this.#delayMs(), signal);
    const replies = await this.#serve(server, from, decodeFetchRequest(question));
    const delayMs = this.#delayMs();
    const parts = replies.map((reply) => {
      const bytes = encodeFetchReply(reply);
      return { bytes, arrivalMs: this.#occupyUplink(server, asker, "reply", bytes.length) + delayMs };
    });
    // The end takes as long as a part, or there would be none where nothing is held.
    for (const { bytes, arrivalMs } of [
      ...parts,
      { bytes: undefined, arrivalMs: this.#clock.now() + delayMs },
    ]) {
      await this.#pause(arrivalMs - this.#clock.now(), signal);
      if (!server.isUp || !asker.isUp || this.#isCut(from, to)) {
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
    return this.#isCut(from, to) ? undefined : this.#endpoints.get(to);
  }

  #isCut(a: PeerId, b: PeerId): boolean {
    return this.#cuts.size > 0 && this.#cuts.has(pair(a, b));
  }

  #end(peer: PeerId): void {
    const endpoint = this.#endpoints.get(peer);
    if (endpoint !== undefined) endpoint.goneMs = this.#clock.now();
    this.#endpoints.delete(peer);
  }

  /** Returns when the last of the bytes has left. */
  #occupyUplink(sender: Endpoint, receiver: Endpoint, kind: string, length: number): number {
    const bytes = length + OVERHEAD_BYTES;
    countMessage(sender.traffic, receiver.traffic, kind, bytes);
    return sender.occupyUplink(
      bytes,
      this.weather.bytesPerSecond / (this.slowness.get(sender.peer) ?? 1),
      this.#clock.now(),
    );
  }

  #delayMs(): number {
    return this.weather.latencyMs + this.weather.jitterMs * this.#random();
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
