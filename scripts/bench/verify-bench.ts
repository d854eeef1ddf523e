import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { Block } from "../../chain/block.ts";
import { BlockVerifier } from "../../chain/block-verifier.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { BlockMaker } from "./block-maker.ts";
import { monotonicMs } from "./monotonic-ms.ts";
import type { BenchResult, Row } from "./report.ts";
import { scratchDirectory } from "./scratch-directory.ts";
import { median } from "./statistics.ts";

const REPEATS = 20;

/** What it costs to believe a block, beside the least it can cost: one SHA-256 of its bytes and one P-256 signature. */
export async function verifyBench(flags: {
  readonly sizes: readonly number[];
  readonly rounds: number;
}): Promise<BenchResult> {
  const rows: Row[] = [];
  for (const sizeBytes of flags.sizes) rows.push(await measure(sizeBytes, flags.rounds));
  return {
    bench: "verify",
    parameters: { rounds: flags.rounds, repeats: REPEATS },
    tables: { "time of one block, medians of the rounds": rows },
    notes: [
      "verify: a parsed block by BlockVerifier; floor: one SHA-256 of its bytes and one P-256 verification; in turn.",
    ],
  };
}

async function measure(sizeBytes: number, rounds: number): Promise<Row> {
  using directory = scratchDirectory();
  const maker = await BlockMaker.create(directory.path, sizeBytes);
  const { bytes, number } = maker.next();
  const genesis = Block.parse(new Uint8Array(readFileSync(maker.channel.genesis)));
  const verifier = new BlockVerifier(ChannelConfig.fromBlock(genesis));
  const floor = floorTask(bytes);
  const parse: number[] = [];
  const verified: number[] = [];
  const least: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let blocks: readonly Block[] = [];
    parse.push(timeMs(() => (blocks = Array.from({ length: REPEATS }, () => Block.parse(bytes)))) / REPEATS);
    verified.push(timeMs(() => blocks.forEach((block) => verifier.verify(block, number))) / REPEATS);
    least.push(timeMs(() => blocks.forEach(floor)) / REPEATS);
  }
  const [verifyMs, floorMs] = [median(verified), median(least)];
  return { sizeBytes, parseMs: median(parse), verifyMs, floorMs, ratio: verifyMs / floorMs };
}

function floorTask(bytes: Uint8Array): () => void {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const message = new Uint8Array(256);
  const signature = sign("sha256", message, privateKey);
  return () => {
    createHash("sha256").update(bytes).digest();
    if (!verify("sha256", message, publicKey, signature)) throw new Error("a good signature was refused");
  };
}

function timeMs(task: () => void): number {
  const startMs = monotonicMs();
  task();
  return monotonicMs() - startMs;
}
