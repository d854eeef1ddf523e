/** A peer, as far as it matters who may know of it. */
export interface Party {
  /** By MSP id; undefined: none. */
  readonly organisation: string | undefined;
  /** Whether it has an external endpoint, and so may be seen from outside its organisation. */
  readonly isExternal: boolean;
}

/**
 * What organisations keep from each other (Fabric, gossip/gossip/gossip_impl.go and docs: internal endpoints never leave
 * an organisation; a peer without an external endpoint is invisible outside it, and hears of nobody there; no
 * organisation tells a second about a third). Each peer keeps these rules for what it says and passes on; in an open
 * network there is nothing to keep.
 */
export class Disclosure {
  readonly #isOpen: boolean;
  readonly #self: () => Party;

  constructor(isOpen: boolean, self: () => Party) {
    this.#isOpen = isOpen;
    this.#self = self;
  }

  /** Whether everybody may be told everything. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether the peer is to be treated as one of our own organisation. */
  isOwn({ organisation }: Pick<Party, "organisation">): boolean {
    return this.#isOpen || organisation === this.#self().organisation;
  }

  /** Whether we have anything to do with the peer at all. */
  mayMeet(other: Pick<Party, "organisation">): boolean {
    return this.isOwn(other) || this.#self().isExternal;
  }

  /** Whether we may tell the one about the other. */
  mayTell(to: Party, about: Party): boolean {
    if (this.#isOpen) return true;
    if (this.isOwn(about)) return this.isOwn(to) || (about.isExternal && this.#self().isExternal);
    return this.isOwn(to) ? to.isExternal : to.organisation === about.organisation;
  }
}
