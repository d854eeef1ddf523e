import { Accusations } from "../failures/accusations.ts";
import { Conduct, type Misconduct } from "./conduct.ts";
import { GossipError } from "../errors.ts";
import type { Observer } from "../events.ts";
import { Handshake } from "./handshake.ts";
import { Identities } from "./identities.ts";
import { Membership } from "../members/membership.ts";
import type { GossipOptions } from "../options.ts";
import type { Admission, Clock, Credentials, Keyring, PeerId } from "../ports.ts";

export interface DoorkeeperParts {
  readonly keyring: Keyring;
  readonly admission: Admission;
  readonly clock: Clock;
  readonly options: GossipOptions;
  readonly observe: Observer;
  /** Whether the peer is never forgotten. */
  readonly isSeed: (peer: PeerId) => boolean;
  /** Ends all connections to a peer. */
  readonly disconnect: (peer: PeerId, reason: GossipError) => void;
}

/**
 * Who is let in, and who is shown out: by the identity that a peer shows when it connects, by what it says afterwards,
 * and again whenever identities end or the configuration changes.
 */
export class Doorkeeper {
  readonly membership: Membership;
  readonly accusations: Accusations;
  readonly identities: Identities;
  readonly conduct: Conduct;
  readonly #parts: DoorkeeperParts;

  constructor(parts: DoorkeeperParts) {
    this.#parts = parts;
    const { keyring, clock, options } = parts;
    this.conduct = new Conduct({
      clock,
      options,
      onLie: (peer, misconduct) => this.#caught(peer, misconduct),
    });
    this.identities = new Identities({
      ...parts,
      self: keyring.self,
      peersMax: 2 * options.membersMax,
      isNeeded: (peer) => this.membership.get(peer) !== undefined,
      onRefused: (peer, error) => this.showOut(peer, error),
    });
    this.accusations = new Accusations(options.accusersMin);
    const startMs = Math.floor(clock.now());
    this.membership = new Membership({
      ...parts,
      identities: this.identities,
      accusations: this.accusations,
      isCutOff: (peer) => this.conduct.isCutOff(peer),
      startMs,
    });
  }

  /** Our side of a handshake. */
  handshake(peer: PeerId, isDialler: boolean): Handshake {
    const { keyring, admission } = this.#parts;
    const admit = (identity: Uint8Array | undefined) => this.#admit(peer, identity);
    return new Handshake({ self: keyring.self, peer, isDialler, admission, nonce: keyring.nonce(), admit });
  }

  /** What came was refused at the door. Of somebody who is nobody to us, nothing is kept. */
  refused(peer: PeerId, error: GossipError): void {
    // Who is shut out cannot have seen the configuration that did it: to knock again is no lie.
    if (error.code === "REVOKED_CERTIFICATE") return;
    if (this.membership.get(peer) !== undefined) this.conduct.note(peer, error);
  }

  /** The peer's identity is not let in any more. */
  showOut(peer: PeerId, error: GossipError): void {
    this.conduct.note(peer, error);
    this.membership.become(peer, "refused", error.message, this.#parts.clock.now());
    this.#parts.disconnect(peer, error);
  }

  #admit(peer: PeerId, identity: Uint8Array | undefined): Credentials {
    if (this.conduct.isCutOff(peer))
      throw new GossipError("CUT_OFF", `${peer} has lied too often and is cut off`);
    const credentials = this.identities.put(peer, identity);
    if (this.membership.disclosure.mayMeet(credentials)) return credentials;
    const { organisation } = credentials;
    throw new GossipError("HIDDEN", `${peer} is of ${organisation}, and we have no external endpoint`);
  }

  #caught(peer: PeerId, misconduct: Misconduct): void {
    const { observe, disconnect, clock } = this.#parts;
    const isCutOff = this.conduct.isCutOff(peer);
    const { lies, code, message } = misconduct;
    observe({ kind: "misconduct", peer, lies, code, message, isCutOff });
    if (!isCutOff) return;
    const error = new GossipError("CUT_OFF", `it has lied too often, the last time: ${message}`);
    this.membership.become(peer, "refused", error.message, clock.now());
    disconnect(peer, error);
  }
}
