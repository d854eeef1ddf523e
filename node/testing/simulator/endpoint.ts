import { encodeMessage } from "../../../gossip/wire/message-codec.ts";
import type { Message } from "../../../gossip/wire/messages.ts";
import type { Inbox, PeerId } from "../../../gossip/ports.ts";
import { Envelope } from "./envelope.ts";
import { Link } from "./link.ts";
import type { Traffic } from "./traffic.ts";

/** One life of a peer on the simulated network: its uplink, which its messages share, and its links. */
export class Endpoint {
  readonly peer: PeerId;
  readonly inbox: Inbox;
  readonly traffic: Traffic;
  /** Peers to which it has a link. */
  readonly links = new Map<PeerId, Link>();
  /** Until when a peer that could not be reached is not dialled again. */
  readonly backOff = new Map<PeerId, number>();
  /** When it was taken off the network: what had not left its uplink by then never does. */
  goneMs = Infinity;
  /** From when on it reads what comes; until then that waits. */
  readsFromMs = 0;
  #uplinkFreeMs = 0;
  #sealed: { readonly message: Message; readonly envelope: Envelope } | undefined;

  constructor(peer: PeerId, inbox: Inbox, traffic: Traffic) {
    this.peer = peer;
    this.inbox = inbox;
    this.traffic = traffic;
  }

  get isUp(): boolean {
    return this.goneMs === Infinity;
  }

  /** The link to a peer; made where there is none. */
  link(to: PeerId): Link {
    let link = this.links.get(to);
    if (link === undefined) {
      link = new Link();
      this.links.set(to, link);
    }
    return link;
  }

  /** The bytes of a message: made once where it goes to many, as a real transport does. */
  seal(message: Message): Envelope {
    if (this.#sealed?.message !== message)
      this.#sealed = { message, envelope: new Envelope(message.kind, encodeMessage(message)) };
    return this.#sealed.envelope;
  }

  /** Puts bytes behind all that waits for the uplink; when the last of them has left it. */
  occupyUplink(bytes: number, bytesPerSecond: number, nowMs: number): number {
    this.#uplinkFreeMs = Math.max(nowMs, this.#uplinkFreeMs) + (1_000 * bytes) / bytesPerSecond;
    return this.#uplinkFreeMs;
  }
}
