import type { Party } from "./disclosure.ts";
import type { Identities } from "../door/identities.ts";
import type { MemberEntry, SignedStatement } from "../wire/messages.ts";
import type { Admission, Endpoints, Keyring } from "../ports.ts";
import { signStatement, supersedes, type LogicalTime } from "../wire/statements.ts";

/** What a peer says of itself. */
export interface SelfDescription {
  readonly name: string;
  /** Each `NAME=VALUE`. */
  readonly tags: readonly string[];
  readonly endpoints: Endpoints;
  readonly channelTags: readonly Uint8Array[];
}

export interface OwnStatementsParts {
  readonly keyring: Keyring;
  readonly admission: Admission;
  readonly identities: Identities;
  /** Our own start in milliseconds since 1970; later than that of any earlier run. */
  readonly startMs: number;
}

/** What we say of ourselves, each time with a later logical time. */
export class OwnStatements {
  readonly #parts: OwnStatementsParts;
  #self: SelfDescription = { name: "", tags: [], endpoints: { internal: [], external: [] }, channelTags: [] };
  #incarnation: number;
  #sequence = 0;
  #isLeaving = false;
  #latest: MemberEntry | undefined;
  #internal: SignedStatement | undefined;
  #time: LogicalTime = { incarnation: 0, sequence: 0 };

  constructor(parts: OwnStatementsParts) {
    this.#parts = parts;
    this.#incarnation = parts.startMs;
  }

  /** Ourselves, as others may know of us. */
  get party(): Party {
    const { organisation } = this.#parts.admission;
    return { organisation, isExternal: this.#self.endpoints.external.length > 0 };
  }

  /** Our own start as our statements tell it. */
  get incarnation(): number {
    return this.#incarnation;
  }

  /** When we last said that we live. */
  get time(): LogicalTime {
    return this.#time;
  }

  /** What our statements say from now on. */
  describe(self: SelfDescription): void {
    this.#self = self;
    this.#latest = undefined;
    this.#internal = undefined;
  }

  /** From now on our statements say that we leave. */
  leave(): void {
    this.#isLeaving = true;
    this.#latest = undefined;
  }

  /** A new statement that we live, or that we leave: news for everybody. */
  announce(): MemberEntry {
    const { keyring, identities } = this.#parts;
    const { name, tags, endpoints, channelTags } = this.#self;
    this.#time = this.#nextTime();
    const alive = signStatement(
      {
        kind: "alive",
        peer: keyring.self,
        ...this.#time,
        left: this.#isLeaving,
        name,
        addresses: endpoints.external,
        channelTags,
        identity: identities.own,
        tags,
      },
      keyring,
    );
    this.#latest = { alive, internal: this.#internalStatement() };
    return this.#latest;
  }

  /** Our newest statement again: no news to whoever has heard it. */
  latest(): MemberEntry {
    return this.#latest ?? this.announce();
  }

  /** Whether we have said nothing as late as that in this run. */
  isAhead(time: LogicalTime): boolean {
    return supersedes(time, { incarnation: this.#incarnation, sequence: this.#sequence - 1 });
  }

  /** Takes the life after one that our own key has spoken of. */
  goPast({ incarnation }: LogicalTime): void {
    this.#incarnation = incarnation + 1;
    this.#sequence = 0;
    this.#latest = undefined;
    this.#internal = undefined;
  }

  /** What we say next is later than that. */
  goBeyond({ incarnation, sequence }: LogicalTime): void {
    if (incarnation === this.#incarnation) this.#sequence = Math.max(this.#sequence, sequence + 1);
  }

  #nextTime(): LogicalTime {
    return { incarnation: this.#incarnation, sequence: this.#sequence++ };
  }

  /** Made once for each life and description. */
  #internalStatement(): SignedStatement | undefined {
    const { keyring } = this.#parts;
    const { internal: addresses } = this.#self.endpoints;
    if (addresses.length === 0) return undefined;
    this.#internal ??= signStatement(
      { kind: "internal", peer: keyring.self, ...this.#nextTime(), addresses },
      keyring,
    );
    return this.#internal;
  }
}
