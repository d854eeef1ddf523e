import { fromString } from "uint8arrays/from-string";
import type { GossipError } from "../gossip/errors.ts";
import { Handshake } from "../gossip/door/handshake.ts";
import type { BlockRange, Message } from "../gossip/wire/messages.ts";
import type { Admission, ChannelId, Inbox, PeerId } from "../gossip/ports.ts";
import { OPEN } from "../node/testing/simulator/simulated-peer.ts";

/** An inbox that keeps what it gets and serves what it is told to. */
export class RecordingInbox implements Inbox {
  readonly self: PeerId;
  readonly received: { readonly from: PeerId; readonly message: Message }[] = [];
  readonly lost: PeerId[] = [];
  readonly disconnects: PeerId[] = [];
  /** What was refused before it came here. */
  readonly turnedAway: { readonly peer: PeerId; readonly code: string }[] = [];
  admission: Admission = OPEN;
  /** How many handshakes it has begun. */
  handshakes = 0;
  /** What it says in its handshakes. */
  nonce = new Uint8Array(32).fill(1);
  /** What `receive` does with a message before it is kept. */
  onReceive: (from: PeerId, message: Message) => void = () => undefined;
  blocks: (from: PeerId, channel: ChannelId, range: BlockRange) => Promise<readonly Uint8Array[]> =
    async () => [];

  constructor(self: PeerId) {
    this.self = self;
  }

  handshake(peer: PeerId, isDialler: boolean): Handshake {
    this.handshakes++;
    const { self, admission } = this;
    const admit = (identity: Uint8Array | undefined) => admission.admit(peer, identity);
    return new Handshake({ self, peer, isDialler, admission, nonce: this.nonce, admit });
  }

  refused(peer: PeerId, error: GossipError): void {
    this.turnedAway.push({ peer, code: error.code });
  }

  greeting(): Message {
    return greetingOf(this.self);
  }

  receive(from: PeerId, message: Message): void {
    this.onReceive(from, message);
    this.received.push({ from, message });
  }

  serveBlocks(from: PeerId, channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]> {
    return this.blocks(from, channel, range);
  }

  disconnected(peer: PeerId): void {
    this.disconnects.push(peer);
  }

  unreachable(peer: PeerId): void {
    this.lost.push(peer);
  }

  /** What came from one peer, in order, its greetings left out. */
  messagesFrom(peer: PeerId): readonly Message[] {
    return this.received
      .filter(({ from, message }) => from === peer && message.kind !== "alive")
      .map(({ message }) => message);
  }
}

/** What a recording inbox says first. */
export function greetingOf(peer: PeerId): Message {
  const alive = { payload: fromString(`greeting of ${peer}`), signature: new Uint8Array(0) };
  return { kind: "alive", members: [{ alive, internal: undefined }] };
}
