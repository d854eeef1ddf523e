import type { Block } from "./block.ts";
import { isConfigBlock } from "./channel-header.ts";
import { ChainError } from "./errors.ts";
import { lastBytes } from "./last-field.ts";

/** Numbers of the fields on the way from a transaction to the channel group: Envelope, Payload, ConfigEnvelope. */
const WAY = [
  ["payload", 1],
  ["data", 2],
  ["configuration", 1],
] as const;

/**
 * The bytes of the `common.Config` that a config block brings, as they stand in it.
 *
 * @throws ChainError `MALFORMED_CONFIG`, also for a block that is no config block.
 */
export function configOf(block: Block): Uint8Array {
  const [transaction] = block.transactions;
  if (transaction === undefined || !isConfigBlock(block)) throw malformed("it is no config block");
  let bytes = transaction;
  for (const [name, number] of WAY) {
    const content = contentOf(bytes, number);
    if (content === undefined) throw malformed(`it has no ${name}`);
    bytes = content;
  }
  return bytes;
}

function contentOf(message: Uint8Array, number: number): Uint8Array | undefined {
  try {
    return lastBytes(message, number);
  } catch (cause) {
    throw new ChainError("MALFORMED_CONFIG", "it cannot be read", { cause });
  }
}

function malformed(message: string): ChainError {
  return new ChainError("MALFORMED_CONFIG", message);
}
