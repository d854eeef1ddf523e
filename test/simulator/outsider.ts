import { Handshake, type HandshakeParts, type HandshakeStep } from "../../gossip/door/handshake.ts";
import { NO_IDENTITY } from "../../gossip/door/identity-id.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import type { Admission, Inbox, PeerId, Transport } from "../../gossip/ports.ts";
import { signStatement } from "../../gossip/wire/statements.ts";
import type { Consortium } from "./consortium.ts";
import { OPEN } from "../../node/testing/simulator/simulated-peer.ts";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";

/** How somebody behaves in a handshake. */
export interface Manners {
  /** What it shows; default: nothing. */
  readonly identity?: Uint8Array;
  readonly sign?: (bytes: Uint8Array) => Uint8Array;
  /** What it says instead of what the handshake would, if given; undefined: nothing. */
  readonly say?: (frame: Uint8Array | undefined) => Uint8Array | undefined;
  /** Takes itself for let in at once. */
  readonly isHasty?: boolean;
}

/** Somebody on a consortium's network that belongs to nobody, and keeps all that it hears. */
export class Outsider implements Inbox {
  readonly id: PeerId;
  readonly transport: Transport;
  /** Frames of handshakes. */
  readonly frames: Uint8Array[] = [];
  readonly heard: { readonly from: PeerId; readonly message: Message }[] = [];
  readonly #manners: Manners;
  readonly #keyring: SimulatedKeyring;
  readonly #startMs: number;

  constructor(consortium: Consortium, id: string, manners: Manners) {
    this.id = id as PeerId;
    this.#manners = manners;
    this.#keyring = new SimulatedKeyring(this.id);
    this.#startMs = consortium.clock.now();
    this.transport = consortium.network.attach(this.id, this);
  }

  handshake(peer: PeerId, isDialler: boolean): Handshake {
    const { identity, sign = () => new Uint8Array(0) } = this.#manners;
    const admission: Admission = { ...OPEN, identity, sign };
    const nonce = this.#keyring.nonce();
    const admit = () => admission.admit(peer, undefined);
    const parts = { self: this.id, peer, isDialler, admission, nonce, admit };
    return new MannersHandshake(parts, this.#manners, this.frames);
  }

  greeting(): Message {
    const statement = {
      kind: "alive",
      peer: this.id,
      incarnation: Math.floor(this.#startMs),
      sequence: 0,
      left: false,
      name: this.id,
      addresses: [`/simulated/${this.id}`],
      channelTags: [],
      identity: NO_IDENTITY,
      tags: [],
    } as const;
    return {
      kind: "alive",
      members: [{ alive: signStatement(statement, this.#keyring), internal: undefined }],
    };
  }

  receive(from: PeerId, message: Message): void {
    this.heard.push({ from, message });
  }

  serveBlocks(): Promise<readonly Uint8Array[]> {
    return Promise.resolve([]);
  }

  refused(): void {}
  disconnected(): void {}

  unreachable(): void {}
}

class MannersHandshake extends Handshake {
  readonly #manners: Manners;
  readonly #frames: Uint8Array[];

  constructor(parts: HandshakeParts, manners: Manners, frames: Uint8Array[]) {
    super(parts);
    this.#manners = manners;
    this.#frames = frames;
  }

  override begin(): Uint8Array | undefined {
    const frame = super.begin();
    return this.#manners.say === undefined || frame === undefined ? frame : this.#manners.say(undefined);
  }

  override receive(bytes: Uint8Array): HandshakeStep {
    this.#frames.push(bytes);
    const { say, isHasty = false } = this.#manners;
    if (say !== undefined) return { frame: say(bytes), isDone: isHasty };
    const step = super.receive(bytes);
    return isHasty ? { ...step, isDone: true } : step;
  }
}
