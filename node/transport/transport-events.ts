import type { ChainErrorCode } from "../../chain/errors.ts";
import type { GossipErrorCode } from "../../gossip/errors.ts";
import type { PeerId } from "../../gossip/ports.ts";

/**
 * What happens in the transport, for logs.
 *
 * - `refused`: a message or a question of the peer was not to be believed.
 * - `dropped`: messages to the peer were not sent; why is in `message`.
 * - `turned-away`: the peer does not let us in.
 * - `unreachable`: no stream to the peer could be opened; it is tried again after a while.
 * - `crashed`: our own side failed on what the peer sent, which is a bug.
 */
export type TransportEvent =
  | {
      readonly kind: "refused";
      readonly peer: PeerId;
      readonly code: GossipErrorCode | ChainErrorCode;
      readonly message: string;
    }
  | {
      readonly kind: "dropped";
      readonly peer: PeerId;
      readonly messages: number;
      readonly bytes: number;
      readonly message: string;
    }
  | { readonly kind: "turned-away"; readonly peer: PeerId; readonly message: string }
  | { readonly kind: "unreachable"; readonly peer: PeerId; readonly message: string }
  | { readonly kind: "crashed"; readonly peer: PeerId; readonly error: unknown };
