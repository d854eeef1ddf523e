import { createHash } from "node:crypto";
import type { ChannelConfig } from "../chain/channel-config.ts";
import { GossipError } from "../gossip/errors.ts";
import type { Admission, PeerId } from "../gossip/ports.ts";
import { BoundedMap } from "./bounded-map.ts";
import { NodeError } from "./errors.ts";
import { verifyIdentity } from "./identity.ts";

export interface MspAdmissionParts {
  /** open: everybody may take part. msp: only who proves an identity of an organisation of a joined channel. */
  readonly admission: "open" | "msp";
  /** What this peer itself shows. */
  readonly identity: Uint8Array | undefined;
  /** The configurations in force of the joined channels. */
  readonly configs: () => readonly ChannelConfig[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

type Verdict = { readonly organisation: string } | { readonly refusal: string };

interface CachedVerdict {
  readonly verdict: Verdict;
  readonly untilMs: number;
}

/** A certificate may expire meanwhile, so a verdict does not stand for ever. */
const VERDICT_MS = 60_000;
const VERDICTS_MAX = 4_096;

/** Admits peers by the organisations that the joined channels' configurations name at that moment. */
export class MspAdmission implements Admission {
  readonly identity: Uint8Array | undefined;
  readonly #parts: MspAdmissionParts;
  #verdicts = new BoundedMap<string, CachedVerdict>(VERDICTS_MAX);
  #judgedBy: readonly ChannelConfig[] = [];

  constructor(parts: MspAdmissionParts) {
    this.#parts = parts;
    this.identity = parts.identity;
  }

  admit(peer: PeerId, identity: Uint8Array | undefined): string | undefined {
    if (identity === undefined) return this.#refuse(`${peer} shows no identity`);
    const verdict = this.#verdict(peer, identity);
    return "organisation" in verdict ? verdict.organisation : this.#refuse(verdict.refusal);
  }

  /** Whether peers of the organisation may read a channel that has this configuration. */
  mayRead(config: ChannelConfig, organisation: string | undefined): boolean {
    if (this.#parts.admission === "open") return true;
    return organisation !== undefined && config.organisations.has(organisation);
  }

  #refuse(reason: string): undefined {
    if (this.#parts.admission === "open") return undefined;
    throw new GossipError("NOT_ADMITTED", reason);
  }

  #verdict(peer: PeerId, identity: Uint8Array): Verdict {
    const nowMs = this.#parts.now();
    this.#forgetIfReconfigured();
    const key = `${peer} ${createHash("sha256").update(identity).digest("base64")}`;
    const cached = this.#verdicts.get(key);
    if (cached !== undefined && nowMs < cached.untilMs) return cached.verdict;
    const verdict = this.#verify(peer, identity, nowMs);
    this.#verdicts.set(key, { verdict, untilMs: nowMs + VERDICT_MS });
    return verdict;
  }

  /** Channels may have different certificates for one MSP id, so it must be proven by each that has the id. */
  #verify(peer: PeerId, identity: Uint8Array, nowMs: number): Verdict {
    const verdicts = this.#judgedBy.map((config) => ({
      config,
      verdict: verdictOf(() => verifyIdentity(identity, peer, config.organisations.values(), nowMs)),
    }));
    const proven = verdicts.map(({ verdict }) => verdict).find((verdict) => "organisation" in verdict);
    if (proven === undefined) return verdicts[0]?.verdict ?? { refusal: "no channel has been joined" };
    const disputed = verdicts.find(
      ({ config, verdict }) => "refusal" in verdict && config.organisations.has(proven.organisation),
    );
    return disputed?.verdict ?? proven;
  }

  #forgetIfReconfigured(): void {
    const configs = this.#parts.configs();
    const isSame =
      configs.length === this.#judgedBy.length &&
      configs.every((config, index) => config === this.#judgedBy[index]);
    if (isSame) return;
    this.#judgedBy = configs;
    this.#verdicts = new BoundedMap(VERDICTS_MAX);
  }
}

function verdictOf(verify: () => string): Verdict {
  try {
    return { organisation: verify() };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { refusal: error.message };
  }
}
