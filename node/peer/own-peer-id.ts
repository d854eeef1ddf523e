import { existsSync } from "node:fs";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { NodeError } from "../errors.ts";
import { loadNodeKey } from "../transport/node-key.ts";

/**
 * The peer id of the key in a file.
 *
 * @throws NodeError `NOT_FOUND` where there is none: reading an id makes no key; `FILE_UNREADABLE`.
 */
export async function peerIdIn(nodeKey: string): Promise<string> {
  if (!existsSync(nodeKey))
    throw new NodeError(
      "NOT_FOUND",
      `there is no key ${nodeKey}; blockgossip init makes one, and so does the peer's first start`,
    );
  return peerIdFromPrivateKey(await loadNodeKey(nodeKey)).toString();
}
