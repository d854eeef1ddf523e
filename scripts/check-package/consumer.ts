/** What a program does that has installed the package; its argument is a network's folder. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { Orderer, startPeer, transactionData, type BlockPeer } from "blockgossip";
import { Client } from "blockgossip/client";
import { createTestNetwork } from "blockgossip/testing";

const network = process.argv[2] ?? "network";

/** The text in the block behind the newest one. */
async function nextText(peer: BlockPeer, signal: AbortSignal): Promise<string | undefined> {
  for await (const block of peer.blocks({ from: "newest", signal })) {
    const [transaction] = block.transactions;
    return transaction && new TextDecoder().decode(transactionData(transaction));
  }
  return undefined;
}

async function main(): Promise<void> {
  await using peer = await startPeer({
    data: join(network, "data"),
    genesis: [join(network, "genesis.block")],
    admission: "open",
    api: "127.0.0.1:0",
  });
  const orderer = Orderer.load(join(network, "orderers"));
  const text = nextText(peer, AbortSignal.timeout(30_000));
  const { height, tipHash, ...tip } = peer.tip();
  const files = [Buffer.from("hello")];
  await peer.submit(orderer.createBlock({ ...tip, number: height, previousHash: tipHash, files }));
  assert.equal(await text, "hello");
  await peer.checkpoint("app", height);
  assert.ok(peer.api);
  const seen = await new Client(peer.api).channel(tip.channel);
  assert.equal(seen.height, height + 1);
  await loadPage(peer.api);
}

/** The page is there, and so is all that it names. */
async function loadPage(api: string): Promise<void> {
  const page = await (await fetch(api)).text();
  const paths = [...page.matchAll(/(?:src|href)="(\.\/[^"]+)"/g)].flatMap(([, path]) => path ?? []);
  assert.ok(
    paths.some((path) => path.endsWith(".js")),
    page,
  );
  for (const path of paths) assert.equal((await fetch(new URL(path, `${api}/`))).status, 200, path);
}

async function inMemory(): Promise<void> {
  await using net = await createTestNetwork({ peers: 5, seed: 1, loss: 0.1 });
  for (let count = 0; count < 10; count++) await net.submit(Buffer.from(`block ${count}`));
  await net.settled();
  assert.deepEqual(
    net.peers.map((peer) => peer.height()),
    [11, 11, 11, 11, 11],
  );
}

await main();
await inMemory();
