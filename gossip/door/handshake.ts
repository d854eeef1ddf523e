import { concat } from "uint8arrays/concat";
import { fromString } from "uint8arrays/from-string";
import { GossipError } from "../errors.ts";
import type { Admission, Credentials, PeerId } from "../ports.ts";
import { detached, owned, refusing } from "../wire/wire-values.ts";
import * as wire from "../wire/wire.js";

export interface HandshakeParts {
  readonly self: PeerId;
  /** Who is at the other end, as the connection itself has proven. */
  readonly peer: PeerId;
  /** Whether we have made the connection. */
  readonly isDialler: boolean;
  readonly admission: Admission;
  readonly nonce: Uint8Array;
  /** Whether the peer is let in with this identity. @throws GossipError with an `AdmissionCode`. */
  readonly admit: (identity: Uint8Array | undefined) => Credentials;
}

/** What is to be done after a frame has come. */
export interface HandshakeStep {
  /** To be sent. */
  readonly frame: Uint8Array | undefined;
  /** Whether both sides have proven themselves. */
  readonly isDone: boolean;
}

/** An identity and two short fields; a larger frame is none of a handshake. */
export const HANDSHAKE_FRAME_BYTES_MAX = 20 << 10;

const NONCE_BYTES = 32;
const NOTHING = new Uint8Array(0);

/**
 * What two peers say on a connection before anything else: each proves that it holds the key of a certificate that the
 * other lets in. The one that was dialled says least: until it knows who is there, no more than a number.
 *
 * ```
 * dialler                                acceptor
 *    | <---------------- nonce A            |
 *    | nonce D, identity, signature ------> |   lets the dialler in, or refuses
 *    | <--------- identity, signature       |
 * ```
 *
 * The identity vouches for the peer id that the connection is encrypted for (Fabric's `ConnEstablish` does so for the
 * hash of the TLS certificate, gossip/comm/comm_impl.go); the signature is over both peer ids and both nonces, and so
 * good for this connection and this side of it only. Where peers need no identity, the fields are empty.
 */
export class Handshake {
  readonly #parts: HandshakeParts;
  #theirNonce: Uint8Array | undefined;
  #isOver = false;

  constructor(parts: HandshakeParts) {
    this.#parts = parts;
  }

  /** What the acceptor says first; undefined for the dialler. */
  begin(): Uint8Array | undefined {
    return this.#parts.isDialler ? undefined : encode({ nonce: this.#parts.nonce });
  }

  /**
   * Takes in what the other side has sent.
   *
   * @throws GossipError: the handshake has failed; with an `AdmissionCode`, or `MALFORMED_MESSAGE`. `refusal` tells the
   * other side.
   */
  receive(bytes: Uint8Array): HandshakeStep {
    const frame = refusing("handshake", () => wire.Handshake.decode(bytes));
    if (frame.refusal !== "")
      throw new GossipError(
        "TURNED_AWAY",
        `${this.#parts.peer} does not let us in: ${frame.refusal.slice(0, 64)}`,
      );
    if (this.#isOver) throw new GossipError("MALFORMED_MESSAGE", "a handshake that goes on after its end");
    if (this.#theirNonce === undefined) {
      if (frame.nonce.length !== NONCE_BYTES)
        throw new GossipError("MALFORMED_MESSAGE", `a nonce of ${frame.nonce.length} bytes`);
      this.#theirNonce = detached(frame.nonce);
      if (this.#parts.isDialler) return { frame: this.#proof(this.#parts.nonce), isDone: false };
    }
    this.#isOver = true;
    this.#check(frame);
    return { frame: this.#parts.isDialler ? undefined : this.#proof(NOTHING), isDone: true };
  }

  #proof(nonce: Uint8Array): Uint8Array {
    const { admission, isDialler } = this.#parts;
    const { identity } = admission;
    if (identity === undefined) return encode({ nonce });
    return encode({ nonce, identity, signature: admission.sign(this.#statement(isDialler)) });
  }

  #check({ identity, signature }: wire.Handshake): void {
    const { peer, admit, isDialler } = this.#parts;
    const shown = identity.length === 0 ? undefined : detached(identity);
    const credentials = admit(shown);
    if (shown === undefined || credentials.verify(this.#statement(!isDialler), signature)) return;
    throw new GossipError("BAD_PROOF", `${peer} shows an identity and does not prove to hold its key`);
  }

  /** What the dialler, or the acceptor, signs. */
  #statement(byDialler: boolean): Uint8Array {
    const { self, peer, isDialler, nonce } = this.#parts;
    const [dialler, acceptor] = isDialler ? [self, peer] : [peer, self];
    const [diallers, acceptors] = isDialler ? [nonce, this.#theirNonce] : [this.#theirNonce, nonce];
    const side = byDialler ? "dialler" : "acceptor";
    const text = fromString(`blockgossip/handshake/1\n${side}\n${dialler}\n${acceptor}\n`);
    return concat([text, acceptors ?? NOTHING, diallers ?? NOTHING]);
  }
}

/** Tells the other side that it is not let in, and why. */
export function handshakeRefusal(error: GossipError): Uint8Array {
  return encode({ refusal: error.code });
}

interface Frame {
  readonly nonce?: Uint8Array;
  readonly identity?: Uint8Array;
  readonly signature?: Uint8Array;
  readonly refusal?: string;
}

function encode(frame: Frame): Uint8Array {
  const { nonce = NOTHING, identity = NOTHING, signature = NOTHING, refusal = "" } = frame;
  return wire.Handshake.encode({
    nonce: owned(nonce),
    identity: owned(identity),
    signature: owned(signature),
    refusal,
  });
}
