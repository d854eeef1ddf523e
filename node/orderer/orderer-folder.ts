import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import * as z from "zod";
import type { OrdererSigner } from "../../chain/block-signing.ts";
import { NodeError } from "../errors.ts";
import { readText, reason, writeNewFile } from "../files.ts";
import { mspSigner, readMspFolder } from "../msp/msp-folder.ts";

const ORDERER_FILE = "orderer.yaml";

const ordererSchema = z.strictObject({
  mspId: z.string().min(1),
  channel: z.string().min(1),
  consensus: z.enum(["raft", "bft"]),
  /** This orderer's id among the consenters. */
  consenterId: z.int().min(1),
  /** How many consenters the channel has; a BFT block needs a quorum of them. */
  consenters: z.int().min(1),
});

/** What `orderer.yaml` says of an orderer, beside its MSP folder `msp`. */
export type OrdererSettings = Readonly<z.infer<typeof ordererSchema>>;

/** One orderer that is ready to sign. */
export interface OrdererFolder {
  readonly settings: OrdererSettings;
  readonly signer: OrdererSigner;
}

/**
 * Reads the orderers of a folder, in order of their folders' names.
 *
 * @throws NodeError `ORDERER_INVALID` where there is none or one's settings are wrong; what `readMspFolder` throws.
 */
export function readOrdererFolders(directory: string): readonly OrdererFolder[] {
  return ordererDirectories(directory).map(readOrdererFolder);
}

/**
 * The orderers' own folders: the folder itself if it has an `orderer.yaml`, else its subfolders that have one, in order
 * of their names.
 *
 * @throws NodeError `ORDERER_INVALID` where there is none.
 */
export function ordererDirectories(directory: string): readonly string[] {
  const directories = existsSync(join(directory, ORDERER_FILE)) ? [directory] : ordererSubfolders(directory);
  if (directories.length === 0) {
    throw new NodeError(
      "ORDERER_INVALID",
      `${directory} is no orderer's folder and holds none: neither it nor a folder in it has an ${ORDERER_FILE}`,
    );
  }
  return directories;
}

/** @throws NodeError `FILE_UNWRITABLE`, also where the folder has this file already. */
export function writeOrdererSettings(directory: string, settings: OrdererSettings): void {
  writeNewFile(join(directory, ORDERER_FILE), stringify(settings));
}

function ordererSubfolders(directory: string): readonly string[] {
  try {
    const names = readdirSync(directory).sort();
    return names.map((name) => join(directory, name)).filter((path) => existsSync(join(path, ORDERER_FILE)));
  } catch (cause) {
    throw new NodeError(
      "ORDERER_INVALID",
      `the orderers' folder ${directory} cannot be read: ${reason(cause)}`,
      { cause },
    );
  }
}

function readOrdererFolder(directory: string): OrdererFolder {
  const settings = parseSettings(join(directory, ORDERER_FILE));
  const signer = mspSigner(readMspFolder(join(directory, "msp"), { role: "orderer" }), settings.mspId);
  return { settings, signer: { ...signer, consenterId: settings.consenterId } };
}

function parseSettings(path: string): OrdererSettings {
  const text = readText(path, "the orderer's settings");
  try {
    return ordererSchema.parse(parse(text));
  } catch (cause) {
    const message = cause instanceof z.ZodError ? z.prettifyError(cause) : reason(cause);
    throw new NodeError("ORDERER_INVALID", `${path} does not describe an orderer: ${message}`, { cause });
  }
}
