import { Buffer } from "node:buffer";
import { GossipError } from "../../gossip/errors.ts";
import type { Admission, Clock, Credentials, PeerId } from "../../gossip/ports.ts";

/** What a {@link PlainAdmission} is shown, in plain text. */
export interface PlainIdentity {
  readonly peer: string;
  readonly organisation: string;
  /** Tells two identities of a peer apart. */
  readonly serial?: number;
  /** Milliseconds since 1970. */
  readonly expiresMs?: number;
}

/** The bytes of an identity. */
export function plainIdentity(identity: PlainIdentity): Uint8Array {
  return Buffer.from(JSON.stringify(identity));
}

/** Believes every identity that is not over, not revoked, and of the peer that shows it. */
export class PlainAdmission implements Admission {
  readonly isOpen = false;
  identity: Uint8Array | undefined;
  readonly organisation: string | undefined;
  /** Serial numbers. */
  readonly revoked = new Set<number>();
  /** How often it has judged. */
  count = 0;
  readonly #clock: Clock;

  constructor(clock: Clock, own?: PlainIdentity) {
    this.#clock = clock;
    this.organisation = own?.organisation;
    this.identity = own && plainIdentity(own);
  }

  sign(): Uint8Array {
    return new Uint8Array(0);
  }

  admit(peer: PeerId, identity: Uint8Array | undefined): Credentials {
    this.count++;
    if (identity === undefined) throw new GossipError("NO_IDENTITY", "nothing is shown");
    const { organisation, expiresMs, ...shown } = JSON.parse(
      Buffer.from(identity).toString(),
    ) as PlainIdentity;
    if (shown.peer !== peer) throw new GossipError("WRONG_PEER", "somebody else's");
    if (this.revoked.has(shown.serial ?? 0)) throw new GossipError("REVOKED_CERTIFICATE", "revoked");
    if (expiresMs !== undefined && expiresMs <= this.#clock.now())
      throw new GossipError("EXPIRED_CERTIFICATE", "over");
    return { organisation, expiresMs, verify: () => true };
  }
}
