import { channelIdOf, channelTag } from "../../gossip/channel/channel-tag.ts";
import { GossipError } from "../../gossip/errors.ts";
import { Handshake } from "../../gossip/door/handshake.ts";
import { NO_IDENTITY } from "../../gossip/door/identity-id.ts";
import type { BlockRange, MemberEntry, Message } from "../../gossip/wire/messages.ts";
import type { ChannelId, Inbox, PeerId, Transport } from "../../gossip/ports.ts";
import { signStatement, type AliveStatement, type Statement } from "../../gossip/wire/statements.ts";
import { lyingAnswer, type Claim } from "./lying-answer.ts";
import { SIMULATION_CHANNEL, simulationGenesis } from "../../node/testing/simulator/simulated-orderer.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import type { Simulation } from "../../node/testing/simulator/simulation.ts";

/**
 * A member of the simulation's channel that keeps to no protocol: it says that it lives, and for the rest does what
 * the test sets it to do. Others can only tell it by what it sends.
 */
export class Liar implements Inbox {
  readonly id: PeerId;
  readonly channel: ChannelId = channelIdOf(SIMULATION_CHANNEL, simulationGenesis());
  readonly transport: Transport;
  /** What others have sent to it. */
  readonly heard: { readonly from: PeerId; readonly message: Message }[] = [];
  /** Told of each message that comes. */
  onMessage: (from: PeerId, message: Message) => void = () => undefined;
  /** How often it was asked for blocks. */
  fetchCount = 0;
  digest: () => Claim = () => ({ height: 1, early: [] });
  blocks: (range: BlockRange) => Promise<readonly Uint8Array[]> = () => Promise.resolve([]);
  readonly #simulation: Simulation;
  readonly #isMember: boolean;
  #sequence = 0;

  constructor(simulation: Simulation, id = "liar", isMember = true) {
    this.id = id as PeerId;
    this.#simulation = simulation;
    this.#isMember = isMember;
    this.transport = simulation.network.attach(this.id, this);
  }

  /** Makes itself known to all, and waits until it is. */
  async join(): Promise<void> {
    for (const peer of this.#simulation.peers) this.transport.send(peer.id, this.greeting());
    await this.#simulation.until(
      () => this.#simulation.peers.every((peer) => !peer.isUp || peer.membership.isAlive(this.id)),
      10_000,
      "the liar is known",
    );
  }

  /** Sends a message to every peer. */
  tellAll(message: Message): void {
    for (const peer of this.#simulation.peers) this.transport.send(peer.id, message);
  }

  /** A statement that it signs, about whomever it likes. */
  state(statement: Partial<AliveStatement>): MemberEntry {
    return { alive: this.sign({ ...this.#alive(), ...statement }), internal: undefined };
  }

  sign(statement: Statement) {
    return signStatement(statement, new SimulatedKeyring(this.id));
  }

  greeting(): Message {
    return { kind: "alive", members: [this.state({})] };
  }

  handshake(peer: PeerId, isDialler: boolean): Handshake {
    const nonce = new Uint8Array(32);
    const admit = () => OPEN.admit(peer, undefined);
    return new Handshake({ self: this.id, peer, isDialler, admission: OPEN, nonce, admit });
  }

  refused(): void {}

  receive(from: PeerId, message: Message): void {
    this.heard.push({ from, message });
    if (message.kind === "ping") this.transport.send(from, { kind: "pong", id: message.id, isSilent: false });
    if (message.kind === "syn") void this.#answer(from, message);
    this.onMessage(from, message);
  }

  async serveBlocks(_from: PeerId, _channel: ChannelId, range: BlockRange): Promise<readonly Uint8Array[]> {
    this.fetchCount++;
    const blocks = await this.blocks(range);
    if (blocks.length === 0) throw new GossipError("UNREACHABLE", "nothing");
    return blocks;
  }

  disconnected(): void {}

  unreachable(): void {}

  async #answer(from: PeerId, syn: Message & { readonly kind: "syn" }): Promise<void> {
    const ack = await lyingAnswer(syn, this.digest(), (range) => {
      this.fetchCount++;
      return this.blocks(range);
    });
    this.transport.send(from, ack);
  }

  #alive(): AliveStatement {
    return {
      kind: "alive",
      peer: this.id,
      incarnation: Math.floor(this.#simulation.clock.now()),
      sequence: this.#sequence++,
      left: false,
      name: this.id,
      addresses: [],
      channelTags: this.#isMember ? [channelTag(this.channel, this.id)] : [],
      identity: NO_IDENTITY,
      tags: [],
    };
  }
}
