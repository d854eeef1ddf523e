import { Buffer } from "node:buffer";
import type { FastifyInstance } from "fastify";
import { Block, blockNumber, type BlockNumber } from "../../chain/block.ts";
import type { ApiBlockSummary } from "./api-types.ts";
import { NodeError } from "../errors.ts";
import { findChannel, type ChannelParameters } from "./http-channel-routes.ts";
import type { PeerState } from "../peer-state.ts";
import { readBody } from "./request-body.ts";

const BINARY = "application/octet-stream";

/** `GET` and `POST /v1/channels/NAME/blocks`: blocks out, and in. */
export function addBlockRoutes(server: FastifyInstance, peer: PeerState): void {
  server.get<{ Params: ChannelParameters & { readonly number: string } }>(
    "/v1/channels/:name/blocks/:number",
    async ({ params, headers }, reply) => {
      const { ledger } = findChannel(peer, params.name);
      const block = await ledger.read(parseNumber(params.number));
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

function parseNumber(text: string): BlockNumber {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number))
    throw new NodeError("BAD_REQUEST", `${text} is no block number; allowed is a whole number from 0`);
  return blockNumber(number);
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
