import { Buffer } from "node:buffer";
import * as z from "zod";
import { Block, blockNumber, type BlockHash } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { ApiServer } from "./api-server.ts";
import { blockSchema, blockSummarySchema, channelParametersSchema } from "./api-types.ts";
import { BlockHashes } from "./block-hashes.ts";
import { blockParts } from "./block-parts.ts";
import { callerGone } from "./caller-gone.ts";
import { NodeError } from "../errors.ts";
import { findChannel } from "./http-channel-routes.ts";
import { BINARY, PROBLEM_RESPONSE } from "./openapi.ts";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";
import { readBody } from "./request-body.ts";

const getRoute = {
  schema: {
    summary:
      "A block by its number, newest, oldest, or its hash: its exact bytes, or JSON with Accept: application/json",
    tags: ["blocks"],
    params: channelParametersSchema.extend({ which: z.string() }),
    response: {
      200: {
        description: "The block",
        content: { [BINARY]: { schema: z.file() }, "application/json": { schema: blockSchema } },
      },
      ...PROBLEM_RESPONSE,
    },
  },
} as const;

const postRoute = {
  config: { body: { schema: z.file(), type: BINARY } },
  schema: {
    summary: "Hands in the next block: 201 where it is new, 200 where it was held",
    tags: ["blocks"],
    params: channelParametersSchema,
    response: { 200: blockSummarySchema, 201: blockSummarySchema, ...PROBLEM_RESPONSE },
  },
} as const;

/** `GET /v1/channels/NAME/blocks/WHICH` and `POST /v1/channels/NAME/blocks`: blocks out, and in. */
export function addBlockRoutes(server: ApiServer, peer: PeerState): void {
  const finder = new BlockFinder();
  server.get("/v1/channels/:name/blocks/:which", getRoute, async ({ params, headers }, reply) => {
    const gone = callerGone(reply.raw, "the block");
    const block = await finder.find(findChannel(peer, params.name), params.which, gone);
    const isJson = headers.accept?.includes("application/json") === true;
    return isJson ? blockParts(block) : reply.type(BINARY).send(Buffer.from(block.bytes) as never);
  });
  server.post("/v1/channels/:name/blocks", postRoute, async ({ params, headers, raw }, reply) => {
    const { gossip } = findChannel(peer, params.name);
    const block = Block.parse(await readBody(raw, headers["content-length"], peer.config.blockBytesMax));
    const isNew = await gossip.publish(block);
    return reply.code(isNew ? 201 : 200).send({ number: block.number, hash: block.hash });
  });
}

/** Finds blocks by what a request calls them: a number, `newest`, `oldest`, or a hash. */
class BlockFinder {
  readonly #hashes = new Map<string, BlockHashes>();

  async find({ name, ledger }: PeerChannel, which: string, signal: AbortSignal): Promise<Block> {
    if (which === "newest") return await ledger.read(blockNumber(ledger.height - 1));
    if (which === "oldest") return await ledger.read(blockNumber(0));
    if (!HASH.test(which)) return await ledger.read(blockNumber(parseNumber(which)));
    const hashes = this.#hashes.get(name) ?? new BlockHashes(ledger);
    this.#hashes.set(name, hashes);
    const found = await hashes.find(which.toLowerCase() as BlockHash, signal);
    if (found !== undefined) return found;
    throw new ChainError("NOT_HELD", `no block of channel ${name} with the hash ${which} is held`);
  }
}

const HASH = /^[0-9a-f]{64}$/i;

function parseNumber(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(number)) return number;
  throw new NodeError(
    "BAD_REQUEST",
    `${text} is no block number; allowed is a whole number from 0, newest, oldest, or a block's hash`,
  );
}
