import type { Block } from "../../chain/block.ts";
import { channelIdOf, channelTag } from "../../gossip/channel/channel-tag.ts";
import { CutBlock } from "../../gossip/push/cut-block.ts";
import { roundsOf } from "../../gossip/push/cut.ts";
import { GossipError } from "../../gossip/errors.ts";
import { Handshake } from "../../gossip/door/handshake.ts";
import { identityIdOf } from "../../gossip/door/identity-id.ts";
import type {
  BlockRange,
  ChunkMessage,
  CutNotice,
  MemberEntry,
  Message,
} from "../../gossip/wire/messages.ts";
import type { Admission, ChannelId, Inbox, PeerId, Transport } from "../../gossip/ports.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import { signStatement, type AliveStatement, type Statement } from "../../gossip/wire/statements.ts";
import { MspAdmission } from "../../node/msp/msp-admission.ts";
import type { Consortium } from "./consortium.ts";
import { lyingAnswer, type Claim } from "./lying-answer.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";

/** Who it is, in what it takes part. */
export interface ConsortiumLiarSpec {
  readonly organisation: string;
  readonly id?: string;
  /** The channels that it says it is in. */
  readonly channels?: readonly string[];
}

/** How often it says that it lives. */
const ALIVE_MS = 5_000;

/**
 * A peer with a valid certificate that keeps to no protocol: it proves itself at the door, says that it lives, and for
 * the rest does what the test sets it to do.
 */
export class ConsortiumLiar implements Inbox {
  readonly id: PeerId;
  readonly keyring: SimulatedKeyring;
  /** What others have sent to it. */
  readonly heard: { readonly from: PeerId; readonly message: Message }[] = [];
  /** What it was asked for. */
  readonly asked: { readonly from: PeerId; readonly range: BlockRange | undefined }[] = [];
  /** Why others did not let it in, or it them. */
  readonly refusals: string[] = [];
  digest: () => Claim = () => ({ height: 1, early: [] });
  blocks: (range: BlockRange) => readonly Uint8Array[] = () => [];
  readonly transport: Transport;
  readonly #consortium: Consortium;
  readonly #admission: Admission;
  readonly #channels: readonly string[];
  readonly #incarnation: number;
  #sequence = 0;

  private constructor(consortium: Consortium, spec: ConsortiumLiarSpec, admission: Admission) {
    this.id = (spec.id ?? "liar") as PeerId;
    this.keyring = new SimulatedKeyring(this.id);
    this.#consortium = consortium;
    this.#admission = admission;
    this.#channels = spec.channels ?? [];
    this.#incarnation = Math.floor(consortium.clock.now());
    this.transport = consortium.network.attach(this.id, this);
  }

  /** Makes it, with a certificate of its organisation; it lives from now on and is known to all that are up. */
  static async join(consortium: Consortium, spec: ConsortiumLiarSpec): Promise<ConsortiumLiar> {
    const liar = await ConsortiumLiar.create(consortium, spec);
    liar.#live();
    const peers = consortium.peers().filter((peer) => peer.isUp);
    await consortium.until(() => peers.every((peer) => peer.knows(liar.id)), 10_000, `${liar.id} is known`);
    return liar;
  }

  /** Makes it; it has said nothing yet. */
  static async create(consortium: Consortium, spec: ConsortiumLiarSpec): Promise<ConsortiumLiar> {
    const organisation = consortium.organisation(spec.organisation);
    const id = (spec.id ?? "liar") as PeerId;
    const { signer } = await organisation.member(id);
    // It lets everybody in.
    const admission = new MspAdmission({
      admission: "open",
      member: { peer: id, mspId: organisation.mspId, signer },
      configs: () => [],
      now: () => consortium.clock.now(),
    });
    return new ConsortiumLiar(consortium, spec, admission);
  }

  channelId(channel: string): ChannelId {
    return channelIdOf(channel, this.#consortium.ordering(channel).genesis);
  }

  tell(to: string, message: Message): void {
    this.transport.send(to as PeerId, message);
  }

  /** Sends a message to every peer. */
  tellAll(message: Message): void {
    for (const { id } of this.#consortium.peers()) this.transport.send(id, message);
  }

  /** A statement that it signs, about whomever it likes. */
  state(statement: Partial<AliveStatement> = {}): MemberEntry {
    return { alive: this.sign({ ...this.#alive(), ...statement }), internal: undefined };
  }

  sign(statement: Statement) {
    return signStatement(statement, this.keyring);
  }

  /** A block as a message. */
  block(channel: string, bytes: Uint8Array): Message {
    return { kind: "block", channel: this.channelId(channel), spread: SPREAD_NONE, block: bytes };
  }

  /** The bytes cut as if they were this block, into so many chunks. */
  cut(channel: string, { number, hash }: Pick<Block, "number" | "hash">, bytes: Uint8Array, lanes = 4) {
    const named = { channel: this.channelId(channel), number, hash };
    const chunkBytes = Math.ceil(bytes.length / lanes);
    const cut = CutBlock.make(bytes, named, { chunkBytes, lanes }, this.keyring);
    const chunks = Array.from({ length: roundsOf(cut.cut) }, (_, round) =>
      Array.from({ length: lanes }, (__, lane): ChunkMessage => ({
        kind: "chunk",
        cut: cut.cut.id,
        lane,
        round,
        data: cut.chunk(lane, round),
        proof: cut.proof(lane, round),
        spread: SPREAD_NONE,
        served: [],
      })),
    ).flat();
    const notice: CutNotice = {
      kind: "cut",
      channel: named.channel,
      cutter: undefined,
      statement: cut.cut.signed,
    };
    return { notice, chunks };
  }

  greeting(): Message {
    return { kind: "alive", members: [this.state()] };
  }

  handshake(peer: PeerId, isDialler: boolean): Handshake {
    const admission = this.#admission;
    const admit = (identity: Uint8Array | undefined) => admission.admit(peer, identity);
    return new Handshake({
      self: this.id,
      peer,
      isDialler,
      admission,
      nonce: this.keyring.nonce(),
      admit,
    });
  }

  refused(_peer: PeerId, error: GossipError): void {
    this.refusals.push(error.message);
  }

  receive(from: PeerId, message: Message): void {
    this.heard.push({ from, message });
    if (message.kind === "syn") void this.#answer(from, message);
    const { identity } = this.#admission;
    if (message.kind === "ping") this.transport.send(from, { kind: "pong", id: message.id, isSilent: false });
    if (message.kind !== "identity-want" || identity === undefined) return;
    if (message.ids.includes(identityIdOf(identity)))
      this.transport.send(from, { kind: "identities", identities: [{ peer: this.id, identity }] });
  }

  serveBlocks(from: PeerId, _channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]> {
    this.asked.push({ from, range });
    return Promise.resolve(this.blocks(range));
  }

  disconnected(): void {}

  unreachable(): void {}

  async #answer(from: PeerId, syn: Message & { readonly kind: "syn" }): Promise<void> {
    this.asked.push({ from, range: undefined });
    const ack = await lyingAnswer(syn, this.digest(), (range) => {
      this.asked.push({ from, range });
      return this.blocks(range);
    });
    this.transport.send(from, ack);
  }

  #live(): void {
    this.tellAll(this.greeting());
    this.#consortium.clock.schedule(ALIVE_MS, () => this.#live());
  }

  #alive(): AliveStatement {
    return {
      kind: "alive",
      peer: this.id,
      incarnation: this.#incarnation,
      sequence: this.#sequence++,
      left: false,
      name: this.id,
      addresses: [`/simulated/${this.id}`],
      channelTags: this.#channels.map((channel) => channelTag(this.channelId(channel), this.id)),
      identity: identityIdOf(this.#admission.identity),
      tags: [],
    };
  }
}
