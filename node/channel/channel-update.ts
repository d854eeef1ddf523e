import { Block } from "../../chain/block.ts";
import { verifySignatures } from "../../chain/block-verification.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { ConfigChange } from "../../chain/config-update.ts";
import { ChainError } from "../../chain/errors.ts";
import type { ApiClient } from "../http/api-client.ts";
import { NodeError } from "../errors.ts";
import type { SigningTurn } from "../orderer/signing-turn.ts";

/** A changed configuration, not yet handed in. */
export interface ChannelUpdate {
  readonly block: Block;
  /** What the block brings. */
  readonly config: ChannelConfig;
}

/** The config block in force at a peer. @throws NodeError as `ApiClient`; ChainError where it sends something else. */
export async function configBlockInForce(api: ApiClient, channel: string): Promise<Block> {
  const { lastConfig } = await api.channel(channel);
  return Block.parse(await api.block(channel, lastConfig));
}

/**
 * The next block of a channel, which changes the configuration in force, made and signed in a turn of the orderers. It
 * is checked as the channel's peers will: the orderers may sign it, its configuration is usable, and they may sign
 * what comes after it as well.
 *
 * @throws ChainError `INVALID_UPDATE`, `MALFORMED_CONFIG`; NodeError `ORDERER_INVALID`, and as `ApiClient`.
 */
export async function createChannelUpdate(
  turn: SigningTurn,
  changes: readonly ConfigChange[],
): Promise<ChannelUpdate> {
  const { api, tip, orderer } = turn;
  const inForce = Block.parse(await api.block(tip.name, tip.lastConfig));
  const before = ChannelConfig.fromBlock(inForce);
  const block = await turn.sign([orderer.configTransaction(inForce, changes)], (made) => {
    requireSigned(made, before, `these orderers are not those of channel ${tip.name}`);
    requireSigned(
      made,
      ChannelConfig.fromBlock(made),
      "after this change these orderers could sign no block any more",
    );
  });
  return { block, config: ChannelConfig.fromBlock(block) };
}

function requireSigned(block: Block, config: ChannelConfig, message: string): void {
  try {
    verifySignatures(block, config);
  } catch (cause) {
    if (!(cause instanceof ChainError)) throw cause;
    throw new NodeError("ORDERER_INVALID", `${message}: ${cause.message}`, { cause });
  }
}
