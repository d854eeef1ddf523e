import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { NodeError } from "../errors.ts";
import { reason, writeNewFile } from "../files.ts";
import { mspFiles, mspInvalid } from "./msp-files.ts";
import { generateKeys, privateKeyPem } from "./signing-keys.ts";

/** A private key of an MSP folder. */
export interface KeyFile {
  readonly path: string;
  readonly privateKey: KeyObject;
}

/**
 * The key in `keystore` that fits a certificate's.
 *
 * @throws NodeError `FILE_UNREADABLE`; `MSP_INVALID` where none does, or a file before it holds no key.
 */
export function matchingKey(directory: string, publicKey: KeyObject): KeyFile {
  const keys = mspFiles(directory, "keystore");
  if (keys.length === 0) throw mspInvalid(directory, "keystore has no private key");
  for (const { path, text } of keys) {
    const privateKey = parsePrivateKey(path, text);
    if (createPublicKey(privateKey).equals(publicKey)) return { path, privateKey };
  }
  throw mspInvalid(
    directory,
    `no key in keystore fits the certificate in signcerts; there are ${keys.length}: ${keys.map(({ path }) => path).join(", ")}`,
  );
}

/**
 * The key that was put into `keystore` last; undefined where there is none.
 *
 * @throws NodeError `FILE_UNREADABLE`, `MSP_INVALID`.
 */
export function newestKey(directory: string): KeyFile | undefined {
  const [newest] = mspFiles(directory, "keystore")
    .map((file) => ({ ...file, writtenMs: statSync(file.path).mtimeMs }))
    .sort((a, b) => b.writtenMs - a.writtenMs);
  return newest && { path: newest.path, privateKey: parsePrivateKey(newest.path, newest.text) };
}

/** Makes a key on P-256, readable by its owner only, beside those that are there. @throws NodeError `FILE_UNWRITABLE`. */
export async function createKey(directory: string): Promise<KeyFile> {
  const pem = privateKeyPem((await generateKeys()).privateKey);
  const path = freePath(join(directory, "keystore"));
  writeNewFile(path, pem, { secret: true });
  return { path, privateKey: createPrivateKey(pem) };
}

/** Fabric takes a key that others can read, and so do we, but not silently. */
export function keyWarnings(path: string): readonly string[] {
  const mode = statSync(path).mode & 0o777;
  if ((mode & 0o077) === 0) return [];
  return [
    `the private key ${path} has mode ${mode.toString(8).padStart(4, "0")}, so others on this machine can use it; chmod 600 it`,
  ];
}

function parsePrivateKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (cause) {
    throw new NodeError("MSP_INVALID", `${path} holds no unencrypted private key in PEM: ${reason(cause)}`, {
      cause,
    });
  }
}

/** cryptogen's name, then numbered ones. */
function freePath(folder: string): string {
  let path = join(folder, "priv_sk");
  for (let number = 2; existsSync(path); number++) path = join(folder, `priv${number}_sk`);
  return path;
}
