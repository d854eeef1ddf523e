import type { Signer } from "../../chain/block-signing.ts";
import type { ChannelConfig } from "../../chain/channel-config.ts";
import { GossipError } from "../../gossip/errors.ts";
import type { Admission, Credentials, PeerId } from "../../gossip/ports.ts";
import { createIdentity, verifyIdentity, type VerifiedIdentity } from "./identity.ts";

export interface MspAdmissionParts {
  /** open: everybody may take part. msp: only who proves an identity of an organisation of a joined channel. */
  readonly admission: "open" | "msp";
  /** This peer, and the organisation that it says it is of; undefined where it belongs to none. */
  readonly member: OwnMember | undefined;
  /** The configurations in force of the joined channels. */
  readonly configs: () => readonly ChannelConfig[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What this peer is a member with. */
export interface OwnMember {
  readonly peer: PeerId;
  readonly mspId: string;
  readonly signer: Signer;
}

type Verdict = VerifiedIdentity | GossipError;

/** What is found of who shows nothing, or nothing good, where everybody is let in. */
const ANYBODY: Omit<Credentials, "verify"> = { organisation: undefined, expiresMs: undefined };

/**
 * Admits peers by the organisations that the joined channels' configurations name at that moment, and says who may
 * read a channel by its Readers policy.
 */
export class MspAdmission implements Admission {
  readonly #parts: MspAdmissionParts;
  #member: OwnMember | undefined;
  #identity: Uint8Array | undefined;
  /** What was shown for credentials that were given out. */
  readonly #shown = new WeakMap<Credentials, VerifiedIdentity>();
  readonly #readers = new WeakMap<ChannelConfig, WeakMap<Credentials, boolean>>();

  constructor(parts: MspAdmissionParts) {
    this.#parts = parts;
    this.renew(parts.member);
  }

  get isOpen(): boolean {
    return this.#parts.admission === "open";
  }

  get organisation(): string | undefined {
    return this.#member?.mspId;
  }

  get identity(): Uint8Array | undefined {
    return this.#identity;
  }

  /** Shows this from now on. */
  renew(member: OwnMember | undefined): void {
    this.#member = member;
    this.#identity = member && createIdentity(member.signer, member.peer);
  }

  sign(bytes: Uint8Array): Uint8Array {
    return this.#member?.signer.sign(bytes) ?? new Uint8Array(0);
  }

  admit(peer: PeerId, identity: Uint8Array | undefined): Credentials {
    const verdict = this.#verify(peer, identity);
    if (!(verdict instanceof GossipError)) return this.#credentials(verdict);
    if (!this.isOpen) throw verdict;
    return { ...ANYBODY, verify: () => true };
  }

  /** Whether peers with these credentials may read a channel that has this configuration. */
  mayRead(config: ChannelConfig, credentials: Credentials): boolean {
    if (this.isOpen) return true;
    const known = this.#readers.get(config) ?? new WeakMap<Credentials, boolean>();
    this.#readers.set(config, known);
    let mayRead = known.get(credentials);
    if (mayRead === undefined) {
      const shown = this.#shown.get(credentials);
      mayRead = shown !== undefined && config.readers.accepts(shown.serialized);
      known.set(credentials, mayRead);
    }
    return mayRead;
  }

  #credentials(verified: VerifiedIdentity): Credentials {
    const credentials: Credentials = {
      organisation: verified.mspId,
      expiresMs: verified.expiresMs,
      verify: (bytes, signature) => verified.member.verify(bytes, signature),
    };
    this.#shown.set(credentials, verified);
    return credentials;
  }

  /** Channels may have different certificates for one MSP id, so it must be proven by each that has the id. */
  #verify(peer: PeerId, identity: Uint8Array | undefined): Verdict {
    if (identity === undefined) return new GossipError("NO_IDENTITY", `${peer} shows no identity`);
    const nowMs = this.#parts.now();
    const verdicts = this.#parts.configs().map((config) => ({
      config,
      verdict: verdictOf(() => verifyIdentity(identity, peer, config.organisations.values(), nowMs)),
    }));
    const proven = verdicts
      .map(({ verdict }) => verdict)
      .find((verdict) => !(verdict instanceof GossipError));
    if (proven === undefined || proven instanceof GossipError) {
      return mostTelling(verdicts.map(({ verdict }) => verdict)) ?? noChannel(peer);
    }
    const disputed = verdicts.find(
      ({ config, verdict }) => verdict instanceof GossipError && config.organisations.has(proven.mspId),
    );
    return disputed?.verdict ?? proven;
  }
}

function verdictOf(verify: () => VerifiedIdentity): Verdict {
  try {
    return verify();
  } catch (error) {
    if (!(error instanceof GossipError)) throw error;
    return error;
  }
}

/** That one channel does not know the organisation says less than why another, which does, refuses. */
function mostTelling(verdicts: readonly Verdict[]): Verdict | undefined {
  const isTelling = (verdict: Verdict) =>
    verdict instanceof GossipError && verdict.code !== "UNKNOWN_ORGANISATION";
  return verdicts.find(isTelling) ?? verdicts[0];
}

function noChannel(peer: PeerId): GossipError {
  return new GossipError("UNKNOWN_ORGANISATION", `${peer} is not admitted: no channel has been joined`);
}
