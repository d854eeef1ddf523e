import { ChainError } from "../../../chain/errors.ts";
import { GossipError } from "../../../gossip/errors.ts";
import { encodeMessage } from "../../../gossip/wire/message-codec.ts";
import type { Message } from "../../../gossip/wire/messages.ts";
import type { Clock, Contact, Inbox, PeerId, Random, Transport } from "../../../gossip/ports.ts";
import { Endpoint } from "./endpoint.ts";
import { Envelope } from "./envelope.ts";
import { type LinkWeather } from "./link-weather.ts";
import { simulatedFetch, type FetchWires } from "./simulated-fetch.ts";
import { pair, SimulatedDoors } from "./simulated-doors.ts";
import { countMessage, TrafficMeter } from "./traffic.ts";

/** Framing, Noise and TCP, as a round number. */
const OVERHEAD_BYTES = 64;
const QUEUE_BYTES_MAX = 8 << 20;
const DIAL_TIMEOUT_MS = 2_000;
const BACK_OFF_MS = 2_000;
const READ_AFTER_MS = 0.1;

/** Looks at each message when it is sent; for the checks of a simulation. */
export type Wiretap = (from: PeerId, to: PeerId, message: Message) => void;

/**
 * A network with latency, bandwidth, loss and cuts behind the `Transport` port. Everything that crosses it is encoded
 * and decoded, so that no receiver has an object of its sender's and every size is the real one. What the same bytes
 * say is one object for all to whom they go: nobody may write to it.
 */
export class SimulatedNetwork {
  readonly #clock: Clock;
  readonly #random: Random;
  /** Of the peers that are up. */
  readonly #endpoints = new Map<PeerId, Endpoint>();
  readonly #cuts = new Set<string>();
  readonly #doors: SimulatedDoors;
  /** What fetches need of the network. */
  readonly #wires: FetchWires = {
    connect: (from, to, signal) => this.#connect(from, to, signal),
    isConnected: (a, b) => b.isUp && a.isUp && a.links.has(b.peer) && !this.#isCut(a.peer, b.peer),
    occupyUplink: (...transfer) => this.#occupyUplink(...transfer),
    delayMs: () => this.#delayMs(),
    now: () => this.#clock.now(),
    pause: (delayMs, signal) => this.#pause(delayMs, signal),
    reading: (endpoint, signal) => this.#reading(endpoint, signal),
    refuse: (error) => this.#refuse(error),
  };
  /** Who listens where, other than at `/simulated/ID`. */
  readonly #listeners = new Map<string, PeerId>();
  readonly traffic = new TrafficMeter();
  /** What receivers refused, by code. */
  readonly refused: Record<string, number> = {};
  /** Errors that are no refusals: each is a bug. */
  readonly crashes: unknown[] = [];
  /** The most bytes that have waited for one peer, sent or not, until it read them. */
  queuedBytesMax = 0;
  weather: LinkWeather;
  /** How many times slower than the others' these peers' uplinks are. */
  readonly slowness = new Map<PeerId, number>();
  wiretap: Wiretap = () => undefined;

  constructor(clock: Clock, random: Random, weather: LinkWeather) {
    this.#clock = clock;
    this.#random = random;
    this.weather = weather;
    this.#doors = new SimulatedDoors({
      clock,
      delayMs: () => this.#delayMs(),
      whenReading: (side, task) => this.#whenReading(side, task),
      isCut: (a, b) => this.#isCut(a, b),
      onOpen: (dialler, acceptor) => this.#link(dialler, acceptor),
      onRefused: (side, other, error) => this.#turnAway(side, other, error),
    });
  }

  /** A peer can be met at this address from now on, and whoever could before not any more. */
  listen(address: string, peer: PeerId): void {
    this.#listeners.set(address, peer);
  }

  /** Connects a peer; its transport works until `detach`. A peer that restarts attaches anew. */
  attach(peer: PeerId, inbox: Inbox): Transport {
    this.#end(peer);
    const endpoint = new Endpoint(peer, inbox, this.traffic.of(peer));
    this.#endpoints.set(peer, endpoint);
    return {
      learn: (contact: Contact) => void endpoint.backOff.delete(contact.peer),
      send: (to, message) => this.#endpoints.get(peer) === endpoint && this.#send(peer, to, message),
      fetchBlocks: (to, request, onBlock, signal) =>
        simulatedFetch(this.#wires, { asker: endpoint, to, request, onBlock, signal }),
      meet: (target) => this.#meet(endpoint, target),
      disconnect: (to) => this.#disconnect(peer, to),
    };
  }

  /** The peer is gone: nothing reaches it, and nothing of what it had not sent yet leaves. */
  detach(peer: PeerId): void {
    this.#end(peer);
    for (const endpoint of this.#endpoints.values())
      if (endpoint.links.delete(peer)) this.#tellEnd(endpoint, peer);
  }

  /** Nothing passes between the two any more. */
  cut(a: PeerId, b: PeerId): void {
    this.#cuts.add(pair(a, b));
    this.#disconnect(a, b);
  }

  heal(a: PeerId, b: PeerId): void {
    this.#cuts.delete(pair(a, b));
  }

  healAll(): void {
    this.#cuts.clear();
  }

  /**
   * The peer reads nothing for so long: what comes waits, and its connections stay. What is due at its end, it does
   * before it reads, as Node.js runs timers before it looks at sockets.
   */
  pauseReading(peer: PeerId, durationMs: number): void {
    const endpoint = this.#endpoints.get(peer);
    if (endpoint === undefined) return;
    endpoint.readsFromMs = Math.max(endpoint.readsFromMs, this.#clock.now() + durationMs + READ_AFTER_MS);
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
    const envelope = sender.seal(message);
    const link = sender.links.get(to);
    if (link === undefined) {
      const run = () => void this.#sendOver(sender, receiver, message, envelope);
      return this.#waitForDoor(sender, receiver, { bytes: envelope.bytes.length, run });
    }
    return this.#sendOver(sender, receiver, message, envelope);
  }

  #sendOver(sender: Endpoint, receiver: Endpoint, message: Message, envelope: Envelope): boolean {
    const link = sender.links.get(receiver.peer);
    if (link === undefined) return false;
    // A queue takes any one message when it is empty.
    const waiting = link.waitingBytes(this.#clock.now()) + link.unreadBytes;
    const { length } = envelope.bytes;
    if (waiting > 0 && waiting + length > QUEUE_BYTES_MAX) return false;
    this.queuedBytesMax = Math.max(this.queuedBytesMax, waiting + length);
    this.wiretap(sender.peer, receiver.peer, message);
    link.wait(this.#carry(sender, receiver, envelope), length);
    return true;
  }

  #waitForDoor(
    sender: Endpoint,
    receiver: Endpoint,
    task: { readonly bytes: number; readonly run: () => void },
  ) {
    this.#opened(sender, receiver).catch(() => undefined);
    return this.#doors.whenOpen(sender, receiver, task, QUEUE_BYTES_MAX);
  }

  /** Rejects where one refuses the other; who has dialled leaves it alone for a while then. */
  async #opened(sender: Endpoint, receiver: Endpoint): Promise<void> {
    if (sender.links.has(receiver.peer)) return;
    try {
      await this.#doors.opened(sender, receiver);
    } catch (error) {
      this.#failDial(sender, receiver.peer);
      throw error;
    }
  }

  async #meet(dialler: Endpoint, target: PeerId | { readonly address: string }): Promise<PeerId> {
    const to = typeof target === "string" ? target : this.#listener(target.address);
    if (to !== dialler.peer) await this.#connect(dialler, to, new AbortController().signal);
    return to;
  }

  /** The other side, when both are let in. */
  async #connect(from: Endpoint, to: PeerId, signal: AbortSignal): Promise<Endpoint> {
    const other = this.#reachable(from.peer, to);
    if (!from.isUp || other === undefined) {
      if (from.isUp) this.#failDial(from, to);
      await this.#pause(DIAL_TIMEOUT_MS, signal);
      throw new GossipError("UNREACHABLE", `${to} cannot be reached`);
    }
    await this.#opened(from, other);
    return other;
  }

  #listener(address: string): PeerId {
    return this.#listeners.get(address) ?? (address.replace(/^.*\//, "") as PeerId);
  }

  #disconnect(a: PeerId, b: PeerId): void {
    this.#doors.drop(a, b);
    this.#endpoints.get(a)?.links.delete(b);
    this.#endpoints.get(b)?.links.delete(a);
  }

  #link(dialler: Endpoint, acceptor: Endpoint): void {
    dialler.link(acceptor.peer);
    acceptor.link(dialler.peer);
    acceptor.backOff.delete(dialler.peer);
    dialler.backOff.delete(acceptor.peer);
    this.#greet(dialler, acceptor);
    this.#greet(acceptor, dialler);
  }

  #greet(sender: Endpoint, receiver: Endpoint): void {
    const greeting = sender.inbox.greeting(receiver.peer);
    this.wiretap(sender.peer, receiver.peer, greeting);
    this.#carry(sender, receiver, new Envelope(greeting.kind, encodeMessage(greeting)));
  }

  /** Returns when the message has left the uplink. */
  #carry(sender: Endpoint, receiver: Endpoint, envelope: Envelope): number {
    const sentMs = this.#occupyUplink(sender, receiver, envelope.kind, envelope.bytes.length);
    const { weather } = this;
    let lateMs = 0;
    for (let waitMs = weather.repeatMs; this.#random() < weather.lossRate; waitMs *= 2) {
      if (waitMs === 0) return sentMs;
      this.#occupyUplink(sender, receiver, envelope.kind, envelope.bytes.length);
      lateMs += waitMs;
    }
    const copies = this.#random() < weather.duplicationRate ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) this.#arrive(sender, receiver, envelope, sentMs + lateMs);
    return sentMs;
  }

  #arrive(sender: Endpoint, receiver: Endpoint, envelope: Envelope, sentMs: number): void {
    const link = sender.link(receiver.peer);
    let arrivalMs = sentMs + this.#delayMs();
    if (this.#random() >= this.weather.reorderRate) arrivalMs = Math.max(arrivalMs, link.lastArrivalMs);
    link.lastArrivalMs = arrivalMs;
    this.#clock.schedule(arrivalMs - this.#clock.now(), () => {
      const { length } = envelope.bytes;
      // What is not read comes back to the sender's queue, which is what it is bounded by.
      link.unreadBytes += length;
      this.#whenReading(receiver, () => {
        link.unreadBytes -= length;
        const hasLeft = sender.goneMs > sentMs;
        const isLinked = sender.links.get(receiver.peer) === link;
        if (hasLeft && isLinked && receiver.isUp && !this.#isCut(sender.peer, receiver.peer))
          this.#deliver(receiver, sender.peer, envelope);
      });
    });
  }

  #whenReading(endpoint: Endpoint, task: () => void): void {
    const waitMs = endpoint.readsFromMs - this.#clock.now();
    if (waitMs > 0) this.#clock.schedule(waitMs, () => this.#whenReading(endpoint, task));
    else task();
  }

  /** Resolves when the peer reads what comes. */
  async #reading(endpoint: Endpoint, signal: AbortSignal): Promise<void> {
    for (;;) {
      const waitMs = endpoint.readsFromMs - this.#clock.now();
      if (waitMs <= 0) return;
      await this.#pause(waitMs, signal);
    }
  }

  #deliver(receiver: Endpoint, from: PeerId, envelope: Envelope): void {
    try {
      receiver.inbox.receive(from, envelope.open());
    } catch (error) {
      this.#refuse(error);
    }
  }

  #turnAway(side: Endpoint, other: PeerId, error: unknown): void {
    this.#refuse(error);
    if (error instanceof GossipError) side.inbox.refused(other, error);
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

  /** The system that the peer ran on closes its connections: the others hear of it as late as of anything. */
  #tellEnd(endpoint: Endpoint, peer: PeerId): void {
    const { latencyMs, jitterMs } = this.weather;
    this.#clock.schedule(latencyMs + jitterMs, () =>
      this.#whenReading(endpoint, () => {
        if (endpoint.isUp) endpoint.inbox.disconnected(peer);
      }),
    );
  }

  #failDial(sender: Endpoint, to: PeerId): void {
    if ((sender.backOff.get(to) ?? 0) > this.#clock.now()) return;
    sender.backOff.set(to, this.#clock.now() + BACK_OFF_MS);
    this.#clock.schedule(2 * this.weather.latencyMs, () =>
      this.#whenReading(sender, () => sender.inbox.unreachable(to)),
    );
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
