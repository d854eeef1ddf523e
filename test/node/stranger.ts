import type { Connection, Stream } from "@libp2p/interface";
import { encode } from "it-length-prefixed";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { OrganisationSpec } from "../../chain/channel-spec.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { readFrames } from "../../node/transport/frame-reader.ts";
import { MspAdmission } from "../../node/msp/msp-admission.ts";
import { HANDSHAKE_PROTOCOL } from "../../node/transport/protocols.ts";
import { SimulatedOrderingService } from "../../node/testing/simulator/simulated-ordering-service.ts";
import { SimulatedOrganisation, type SimulatedMember } from "../simulator/simulated-organisation.ts";
import { addressesOf, bareNode, waitFor, type LoopbackPeer } from "./loopback-network.ts";

/** What the stranger answers to a frame of a handshake; undefined: nothing. */
export type Answer = (frame: Uint8Array) => Uint8Array | undefined;

/** Somebody who speaks libp2p, and of a handshake what a test tells it to. */
export class Stranger implements AsyncDisposable {
  readonly id: PeerId;
  readonly node: Awaited<ReturnType<typeof bareNode>>;
  /** The frames of handshakes that it was sent. */
  readonly frames: Uint8Array[] = [];
  readonly #victim: LoopbackPeer;

  private constructor(node: Stranger["node"], victim: LoopbackPeer) {
    this.node = node;
    this.id = node.peerId.toString() as PeerId;
    this.#victim = victim;
    victim.transport.learn({ peer: this.id, addresses: addressesOf(node) });
  }

  static async against(victim: LoopbackPeer): Promise<Stranger> {
    return new Stranger(await bareNode(), victim);
  }

  /** Answers handshakes that others begin. */
  async answer(answer: Answer): Promise<void> {
    await this.node.handle(HANDSHAKE_PROTOCOL, (stream) => void this.#talk(stream, answer));
  }

  /** Connects; the other side begins the handshake. */
  connect(): Promise<Connection> {
    return this.node.dial(this.#victim.node.getMultiaddrs(), { force: true });
  }

  /** Begins a handshake on every connection that is made to it. */
  acceptWith(challenge: Uint8Array, answer: Answer): void {
    this.node.addEventListener("connection:open", async ({ detail: connection }) => {
      const stream = await connection.newStream(HANDSHAKE_PROTOCOL);
      stream.send(framed(challenge));
      await this.#talk(stream, answer);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.node[Symbol.asyncDispose]();
  }

  async #talk(stream: Stream, answer: Answer): Promise<void> {
    const onFrame = (frame: Uint8Array) => {
      this.frames.push(frame);
      const reply = answer(frame);
      if (reply !== undefined) stream.send(framed(reply));
      return true;
    };
    await readFrames(stream, { onLength: () => undefined, onFrame }).catch(() => undefined);
  }
}

/** Resolves when the connection is closed on the stranger's side. */
export async function closed(connection: Connection): Promise<void> {
  await waitFor(() => connection.status === "closed" || connection.status === "aborted");
}

/** An admission by one organisation's certificates, and the peer's own. */
export interface ClosedDoor {
  readonly organisation: SimulatedOrganisation;
  /** An admission for a peer with this certificate. */
  admission(peer: PeerId, member: SimulatedMember): MspAdmission;
}

/** A channel of one organisation, `Org1`, whose peers let each other in and nobody else. */
export async function closedDoor(
  options: Partial<Omit<OrganisationSpec, "name" | "mspId">> = {},
  now: () => number = Date.now,
): Promise<ClosedDoor> {
  const [organisation, orderers] = await Promise.all([
    SimulatedOrganisation.create("Org1"),
    SimulatedOrganisation.create("Orderer"),
  ]);
  const orderer = await orderers.member("orderer1", { role: "orderer" });
  const organisations = [organisation.spec(options)];
  const spec = { channel: "demo", organisations, ordering: orderers.ordering([orderer]) };
  const config = ChannelConfig.fromBlock(SimulatedOrderingService.of(spec, orderer.signer).genesis);
  const configs = () => [config];
  return {
    organisation,
    admission: (peer, { signer }) =>
      new MspAdmission({
        admission: "msp",
        member: { peer, mspId: organisation.mspId, signer },
        configs,
        now,
      }),
  };
}

/** A frame with its length in front. */
export function framed(frame: Uint8Array): Uint8Array {
  return encode.single(frame, { maxDataLength: frame.length }).subarray();
}
