import { generateKeyPairSync } from "node:crypto";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join, relative } from "node:path";
import { PassThrough } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { StreamMessageEvent, type Stream } from "@libp2p/interface";
import * as fc from "fast-check";
import { encode } from "it-length-prefixed";
import { afterAll, expect, test } from "vitest";
import { Msp } from "../../chain/msp.ts";
import { mspValue } from "../../chain/msp-value.ts";
import { GossipError } from "../../gossip/errors.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { parseTokenRecords } from "../../node/http/api-token.ts";
import { AuthorityFolder } from "../../node/msp/authority-folder.ts";
import { createCertificateRequest, readCertificateRequest } from "../../node/msp/certificate-request.ts";
import { loadConfig } from "../../node/config/config.ts";
import { NodeError } from "../../node/errors.ts";
import { limitFrame, readFrames } from "../../node/transport/frame-reader.ts";
import { createIdentity, verifyIdentity } from "../../node/msp/identity.ts";
import { mspSigner, readMspFolder } from "../../node/msp/msp-folder.ts";
import { createNetwork } from "../../node/network/network.ts";
import { loadNodeKey } from "../../node/transport/node-key.ts";
import { readOrdererFolders } from "../../node/orderer/orderer-folder.ts";
import { readBody } from "../../node/http/request-body.ts";
import { addToken, TokenFile } from "../../node/http/token-file.ts";
import { DemoChannel } from "../end-to-end/demo-channel.ts";
import { heldBytes, noiseAround, outcomeOf, plain } from "../noise.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { ask, shout } from "./raw-http.ts";
import { logger, runningPeer } from "./running-peer.ts";

const folder = temporaryDirectory();
afterAll(() => folder[Symbol.dispose]());
const organisations = [{ name: "Org1", peers: 1 }];
const network = await createNetwork({
  out: join(folder.path, "network"),
  channel: "demo",
  organisations,
  consensus: "raft",
});
const { directory, config, peerId, mspId } = network.peers[0]!;
const mspFolder = join(directory, "msp");
const authority = join(folder.path, "network/organisations/Org1");
const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const tokens = join(folder.path, "tokens");
addToken(tokens, { right: "read", name: "reader" });
addToken(tokens, { right: "submit", name: "gateway" });

const msp = readMspFolder(mspFolder);
const organisation = Msp.parse(mspValue({ name: "Org1", mspId, ...msp }).serializeBinary());
const identity = createIdentity(mspSigner(msp, mspId), peerId);
const csr = await createCertificateRequest(privateKey, { commonName: "peer0", organisation: "Org1" });

const BYTE_READERS: Readonly<
  Record<string, readonly [(bytes: Uint8Array) => unknown, Uint8Array, readonly (typeof GossipError)[]]>
> = {
  "a token file": [(bytes) => parseTokenRecords(text(bytes)), readFileSync(tokens), []],
  "an identity": [
    (bytes) => verifyIdentity(bytes, peerId, [organisation], Date.now()),
    identity,
    [GossipError],
  ],
};

test.each(Object.entries(BYTE_READERS))("noise is read or refused: %s", (_name, [read, good, errors]) => {
  expect(outcomeOf(plain(good), read, errors)).toBe("value");
  fc.assert(
    fc.property(noiseAround([good]), (bytes) => void outcomeOf(plain(bytes), read, errors)),
    { numRuns: 500 },
  );
});

/** Every file that a peer or an operator's command reads, and what reads it. */
const FILE_READERS: readonly (readonly [string, string, (path: string) => unknown])[] = [
  ["the token file", tokens, (path) => TokenFile.open(path, logger)],
  ["the configuration", config, (file) => loadConfig({ file })],
  ["the peer's key", join(directory, "node.key"), (path) => loadNodeKey(path)],
  [
    "the orderer's settings",
    join(network.orderers, "orderer0/orderer.yaml"),
    () => readOrdererFolders(network.orderers),
  ],
  ...filesOf(mspFolder).map((path) => ["the MSP folder", path, () => readMspFolder(mspFolder)] as const),
  ...filesOf(join(authority, "ca")).map(
    (path) => ["the authority", path, () => AuthorityFolder.open(authority)] as const,
  ),
];

test.each(
  FILE_READERS.map(([name, path, read]) => [`${name}, ${relative(folder.path, path)}`, path, read] as const),
)("noise in a file is read, or refused with a NodeError: %s", async (_name, path, read) => {
  const good = readFileSync(path);
  await read(path);
  await fc.assert(
    fc.asyncProperty(noiseAround([plain(good)]), async (bytes) => {
      writeFileSync(path, bytes);
      await expectTyped(async () => await read(path));
    }),
    { numRuns: 120 },
  );
  writeFileSync(path, good);
});

test.each<[string, (pem: string) => unknown, string]>([
  ["a certificate request", (pem) => readCertificateRequest("request", pem), csr],
])("noise is read, or refused with a NodeError: %s", async (_name, read, good) => {
  await fc.assert(
    fc.asyncProperty(damagedPem(good), async (pem) => await expectTyped(async () => await read(pem))),
    { numRuns: 200 },
  );
});

/** A stream of libp2p that brings what it is told to. */
function scripted(): {
  readonly stream: Stream;
  readonly bring: (bytes: Uint8Array) => void;
  readonly end: () => void;
} {
  const events = new EventTarget();
  const stream = Object.assign(events, { status: "open" }) as unknown as Stream;
  return {
    stream,
    bring: (bytes) => void events.dispatchEvent(new StreamMessageEvent(bytes)),
    end: () => void events.dispatchEvent(new Event("remoteCloseWrite")),
  };
}

const FRAMES_MAX_BYTES = 1_000;

test("noise on a stream is frames within the limit, or a GossipError, however it is cut", async () => {
  const frames = fc
    .array(fc.uint8Array({ maxLength: 400 }), { maxLength: 4 })
    .map((each) =>
      Buffer.concat(each.map((frame) => encode.single(frame, { maxDataLength: frame.length }).subarray())),
    );
  const good = fc.sample(frames, { numRuns: 20, seed: 1 });
  await fc.assert(
    fc.asyncProperty(noiseAround(good), fc.integer({ min: 1, max: 50 }), async (bytes, pieceBytes) => {
      const { stream, bring, end } = scripted();
      const reading = readFrames(stream, {
        onLength: (length) => limitFrame(length, FRAMES_MAX_BYTES),
        onFrame: (frame) => {
          expect(frame.length).toBeLessThanOrEqual(FRAMES_MAX_BYTES);
          return true;
        },
      });
      for (let start = 0; start < bytes.length; start += pieceBytes)
        bring(plain(bytes.subarray(start, start + pieceBytes)));
      end();
      await reading.catch((error: unknown) => expect(error).toBeInstanceOf(GossipError));
    }),
    { numRuns: 500 },
  );
});

test("A frame that comes byte by byte, each in a buffer of its own, costs about its length", async () => {
  const { stream, bring, end } = scripted();
  const frame = encode.single(new Uint8Array(1_000).fill(5)).subarray();
  const received: number[] = [];
  const onFrame = ({ length }: Uint8Array) => received.push(length) > 0;
  const reading = readFrames(stream, { onLength: () => undefined, onFrame });
  const before = heldBytes();
  for (const byte of frame.subarray(0, -1)) bring(new Uint8Array(65_536).fill(byte).subarray(0, 1));
  expect(heldBytes() - before).toBeLessThan(4 << 20);
  bring(frame.subarray(-1));
  end();
  await reading;
  expect(received).toEqual([1_000]);
});

test("A request's body that comes byte by byte costs about its length", async () => {
  const body = new PassThrough();
  const reading = readBody(body, undefined, 1 << 20);
  const before = heldBytes();
  for (let count = 0; count < 1_000; count++) {
    body.write(new Uint8Array(65_536).fill(count).subarray(0, 1));
    await setImmediate();
  }
  expect(heldBytes() - before).toBeLessThan(4 << 20);
  body.end();
  expect(await reading).toEqual(Uint8Array.from({ length: 1_000 }, (_, count) => count));
});

test("The API answers whatever is asked with a status below 500, and goes on", async () => {
  using place = temporaryDirectory();
  const channel = await DemoChannel.create(place.path);
  await using peer = await runningPeer(place.path, [channel.genesis]);
  const api = new ApiClient(peer.api);
  const good = channel.next();
  const block = good.bytes;
  const path = fc.oneof(
    fc.constantFrom(
      "/v1/status",
      "/v1/members?channel=",
      "/v1/channels/demo/blocks",
      "/v1/channels/demo/blocks/0",
      "/healthz",
    ),
    fc
      .tuple(
        fc.constantFrom("/v1/channels/", "/v1/channels/demo/blocks/", "/v1/members?channel=", "/"),
        fc.webPath(),
        fc.string(),
      )
      .map(([start, rest, tail]) => `${start}${rest}${encodeURI(tail.replaceAll(/[\ud800-\udfff]/g, ""))}`),
    fc.constantFrom(
      "/v1/channels/%ff/blocks",
      "/v1/channels/%",
      "/v1/channels/__proto__",
      "/v1/channels/demo/blocks/1e3",
      "//",
      "/v1/channels/demo/blocks/99999999999999999999",
    ),
  );
  const headers = fc.dictionary(
    fc.constantFrom("accept", "content-type", "authorization", "expect", "content-encoding", "x-noise"),
    fc.string({ maxLength: 60 }).map((value) => value.replaceAll(/[^\x20-\x7e]/g, "")),
  );
  const method = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD");
  await fc.assert(
    fc.asyncProperty(method, path, headers, noiseAround([block]), async (...parts) => {
      const status = await ask(peer.api, ...parts);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
  const raw = Buffer.from(
    `POST /v1/channels/demo/blocks HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nGET /v1/status HTTP/1.1\r\nhost: x\r\n\r\n`,
  );
  const { port } = new URL(peer.api);
  await fc.assert(
    fc.asyncProperty(noiseAround([raw]), async (bytes) => await shout(Number(port), bytes)),
    { numRuns: 100 },
  );
  // Damage in metadata that nothing signs leaves the block what it is: it may have come in so, and no other.
  expect(await api.submit("demo", block)).toMatchObject({ kind: expect.stringMatching(/^(accepted|held)$/) });
  expect((await api.status()).channels).toMatchObject([{ name: "demo", height: 2, tipHash: good.hash }]);
});

test("What a server answers that is no peer is a NodeError to whoever asks it", async () => {
  let answer: Uint8Array = new Uint8Array(0);
  await using server = createServer((asked, response) => {
    asked.resume();
    response.end(answer);
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", () => listening.resolve());
  await listening.promise;
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const api = new ApiClient(`http://127.0.0.1:${port}`);
  const good = [
    { channels: [] },
    { members: [{ peer: "x" }] },
    { number: 1, hash: "ab" },
    { error: { code: 1 } },
  ].map((value) => Buffer.from(JSON.stringify(value)));
  const call = fc.constantFrom<((client: ApiClient) => Promise<unknown>)[]>(
    (client) => client.status(),
    (client) => client.members(),
    (client) => client.channel("demo"),
    (client) => client.submit("demo", new Uint8Array(3)),
  );
  await fc.assert(
    fc.asyncProperty(noiseAround(good), call, async (bytes, run) => {
      answer = plain(bytes);
      await expectTyped(() => run(api));
    }),
    { numRuns: 200 },
  );
});

async function expectTyped(run: () => Promise<unknown>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
  }
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}

function filesOf(path: string): readonly string[] {
  return readdirSync(path, { recursive: true })
    .map((name) => join(path, String(name)))
    .filter((each) => statSync(each).isFile());
}

/** Damage to the text, or to the bytes that it stands for. */
function damagedPem(pem: string): fc.Arbitrary<string> {
  const [, label = "", base64 = ""] = /-----BEGIN ([^-]*)-----([^-]*)-----/.exec(pem) ?? [];
  const inside = noiseAround([plain(Buffer.from(base64, "base64"))]).map(
    (bytes) => `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString("base64")}\n-----END ${label}-----\n`,
  );
  return fc.oneof(noiseAround([Buffer.from(pem)]).map(text), inside);
}
