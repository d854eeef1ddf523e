import { existsSync, readFileSync, statSync } from "node:fs";
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from "@libp2p/crypto/keys";
import type { Ed25519PrivateKey } from "@libp2p/interface";
import { NodeError } from "../errors.ts";
import { reason, writeNewFile } from "../files.ts";

/** An Ed25519 key in protobuf form has 68 bytes; libp2p's other kinds stay below this too. */
const KEY_BYTES_MAX = 4096;

/**
 * The peer's libp2p key, an Ed25519 key in libp2p's protobuf form: read from the file, or made and written there
 * (readable by the owner only) where there is none. The key is the peer's name, so an existing file is never
 * overwritten, whatever is in it.
 *
 * @throws NodeError `FILE_UNREADABLE` where the file holds no such key; `FILE_UNWRITABLE`.
 */
export async function loadNodeKey(path: string): Promise<Ed25519PrivateKey> {
  if (existsSync(path)) return readNodeKey(path);
  const key = await generateKeyPair("Ed25519");
  writeNewFile(path, privateKeyToProtobuf(key), { secret: true });
  return key;
}

function readNodeKey(path: string): Ed25519PrivateKey {
  try {
    const { size } = statSync(path);
    if (size > KEY_BYTES_MAX) throw new Error(`${size} bytes are more than any key has`);
    const key = privateKeyFromProtobuf(readFileSync(path));
    if (key.type !== "Ed25519") throw new Error(`it is a key of type ${key.type}`);
    return key;
  } catch (cause) {
    throw new NodeError("FILE_UNREADABLE", `${path} holds no libp2p Ed25519 key: ${reason(cause)}`, {
      cause,
    });
  }
}
