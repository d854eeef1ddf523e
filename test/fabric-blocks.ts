import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Block } from "../chain/block.ts";

/** What `MANIFEST.json` says of one real block. */
export interface FabricBlockEntry {
  /** Folder and file name. */
  readonly file: string;
  readonly bytes: number;
  readonly number: number;
  readonly txs: number;
  readonly channel: string;
  readonly config: boolean;
  readonly dataHashOk: boolean;
  readonly prevOk: boolean | null;
  readonly headerHash: string;
  readonly sigs: readonly { readonly msp: string; readonly ok: boolean }[];
}

/** The folder of real Fabric blocks that stands beside the project. */
export const FABRIC_BLOCKS_DIRECTORY = fileURLToPath(new URL("../../shared/fabric-blocks/", import.meta.url));

/** Whether the real blocks are there. Tests that need them use `test.skipIf(!HAS_FABRIC_BLOCKS)`. */
export const HAS_FABRIC_BLOCKS = existsSync(`${FABRIC_BLOCKS_DIRECTORY}MANIFEST.json`);

if (!HAS_FABRIC_BLOCKS) {
  console.warn(
    "SKIPPED: tests on real Fabric blocks need ../shared/fabric-blocks beside the project, which is missing",
  );
}

/** The manifest's entries of one folder, in order of their numbers. */
export function fabricBlockEntries(folder: string): FabricBlockEntry[] {
  const manifest: FabricBlockEntry[] = JSON.parse(
    readFileSync(`${FABRIC_BLOCKS_DIRECTORY}MANIFEST.json`, "utf8"),
  );
  return manifest.filter((entry) => entry.file.startsWith(`${folder}/`)).sort((a, b) => a.number - b.number);
}

/** The bytes of one real block, `FOLDER/NNNN.block`. */
export function fabricBlockBytes(file: string): Uint8Array {
  return new Uint8Array(readFileSync(`${FABRIC_BLOCKS_DIRECTORY}${file}`));
}

/** All blocks of one folder, in order of their numbers. */
export function fabricBlocks(folder: string): Block[] {
  return fabricBlockEntries(folder).map((entry) => Block.parse(fabricBlockBytes(entry.file)));
}
