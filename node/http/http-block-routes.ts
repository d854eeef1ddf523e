import { Buffer } from "node:buffer";
import type { FastifyInstance } from "fastify";
import { Block, blockNumber, type BlockHash } from "../../chain/block.ts";
import { ChainError } from "../../chain/errors.ts";
import type { ApiBlockSummary } from "./api-types.ts";
import { BlockHashes } from "./block-hashes.ts";
import { NodeError } from "../errors.ts";
import { findChannel, type ChannelParameters } from "./http-channel-routes.ts";
import type { PeerChannel, PeerState } from "../peer-state.ts";
import { readBody } from "./request-body.ts";

const BINARY = "application/octet-stream";

/** `GET /v1/channels/NAME/blocks/WHICH` and `POST /v1/channels/NAME/blocks`: blocks out, and in. */
export function addBlockRoutes(server: FastifyInstance, peer: PeerState): void {
  const finder = new BlockFinder();
  server.get<{ Params: ChannelParameters & { readonly which: string } }>(
    "/v1/channels/:name/blocks/:which",
    async ({ params, headers }, reply) => {
      const gone = new AbortController();
      reply.raw.once("close", () => gone.abort(new NodeError("BAD_REQUEST", "nobody waits for the block")));
      const block = await finder.find(findChannel(peer, params.name), params.which, gone.signal);
      const isJson = headers.accept?.includes("application/json") === true;
      return isJson ? asJson(block) : reply.type(BINARY).send(Buffer.from(block.bytes));
    },
  );
  // A block's type is not asked for. The handler reads the body, because the framework closes the connection when a
  // parser fails, and then a client that is still writing does not see the answer.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));
  server.post<{ Params: ChannelParameters }>(
    "/v1/channels/:name/blocks",
    async ({ params, headers, raw }, reply): Promise<ApiBlockSummary> => {
      const { gossip } = findChannel(peer, params.name);
      const block = Block.parse(await readBody(raw, headers["content-length"], peer.config.blockBytesMax));
      const isNew = await gossip.publish(block);
      reply.code(isNew ? 201 : 200);
      return { number: block.number, hash: block.hash };
    },
  );
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

function asJson({ number, hash, previousHash, dataHash, transactions, metadata }: Block) {
  return {
    number,
    hash,
    previousHash,
    dataHash,
    transactions: transactions.map(base64),
    metadata: metadata.map(base64),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}
