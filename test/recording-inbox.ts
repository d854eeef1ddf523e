import { fromString } from "uint8arrays/from-string";
import type { BlockRange, FetchedDigest, Message } from "../gossip/messages.ts";
import type { ChannelId, Inbox, PeerId } from "../gossip/ports.ts";

/** An inbox that keeps what it gets and serves what it is told to. */
export class RecordingInbox implements Inbox {
  readonly self: PeerId;
  readonly received: { readonly from: PeerId; readonly message: Message }[] = [];
  readonly lost: PeerId[] = [];
  /** What `receive` does with a message before it is kept. */
  onReceive: (from: PeerId, message: Message) => void = () => undefined;
  digest: (from: PeerId, channel: ChannelId) => FetchedDigest = () => ({ height: 0, early: [] });
  blocks: (from: PeerId, channel: ChannelId, range: BlockRange) => Promise<readonly Uint8Array[]> =
    async () => [];

  constructor(self: PeerId) {
    this.self = self;
  }

  greeting(): Message {
    return greetingOf(this.self);
  }

  receive(from: PeerId, message: Message): void {
    this.onReceive(from, message);
    this.received.push({ from, message });
  }

  serveDigest(from: PeerId, channel: ChannelId): FetchedDigest {
    return this.digest(from, channel);
  }

  serveBlocks(from: PeerId, channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]> {
    return this.blocks(from, channel, range);
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
  return { kind: "alive", members: [{ alive, identity: undefined }] };
}
