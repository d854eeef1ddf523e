import type { BlockVerifier } from "../../chain/block-verifier.ts";
import type { ForkStore } from "../../chain/fork-proofs.ts";
import type { Ledger } from "../../chain/ledger.ts";
import type { Disclosure, Party } from "../members/disclosure.ts";
import type { Observer } from "../events.ts";
import type { GossipOptions } from "../options.ts";
import type { PeerView } from "./peer-view.ts";
import type {
  BlockSource,
  ChannelId,
  Clock,
  ErasureCode,
  Keyring,
  PeerId,
  Random,
  Transport,
} from "../ports.ts";

/** What one channel is put together from: its own ledger and rules, and what it shares with the peer's others. */
export interface BlockGossipParts {
  /** The channel's name, for people. */
  readonly name: string;
  readonly channel: ChannelId;
  /** Holds the genesis block at least. */
  readonly ledger: Ledger;
  readonly verifier: BlockVerifier;
  readonly forks: ForkStore;
  readonly view: PeerView;
  readonly keyring: Keyring;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly options: GossipOptions;
  readonly code: ErasureCode;
  readonly observe: Observer;
  /** Our incarnation, as the membership tells it. */
  readonly incarnation: () => number;
  /** Makes ourselves known to a peer that does not know us yet. */
  readonly introduce: (peer: PeerId) => void;
  /** Who may be told of whom. */
  readonly disclosure: Disclosure;
  readonly partyOf: (peer: PeerId) => Party;
  /** Where new blocks come from; none: this peer never leads. */
  readonly sources: readonly BlockSource[];
  /** When something last came from the peer itself. */
  readonly heardMs: (peer: PeerId) => number | undefined;
  /** A peer has answered: it lives, and can be reached. */
  readonly onHeard: (peer: PeerId) => void;
  /** Whether our view of others is to be trusted. */
  readonly mayJudge: () => boolean;
  /** A peer has sent, or answered, what proves it a liar, and was not told so by an error of `receive`. */
  readonly onLie: (peer: PeerId, error: Error) => void;
  /** A config block has been taken in. */
  readonly onReconfigured: () => void;
}
