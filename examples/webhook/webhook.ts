/** Posts a summary of each of a channel's blocks to a URL, in order, until it is taken. See README.md. */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { startPeer, transactionHeader, type Block } from "blockgossip";

const { values: flags } = parseArgs({
  options: {
    genesis: { type: "string", default: "genesis.block" },
    bootstrap: { type: "string", multiple: true, default: [] },
    data: { type: "string", default: "webhook-data" },
    url: { type: "string", default: "http://127.0.0.1:8080/" },
  },
});

const FIRST_RETRY_MS = 100;
const RETRY_MS_MAX = 30_000;
const ANSWER_MS_MAX = 10_000;

const stopping = new AbortController();
const { signal } = stopping;
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => stopping.abort());

await using peer = await startPeer({
  data: flags.data,
  genesis: [flags.genesis],
  bootstrap: flags.bootstrap,
  admission: "open",
});
for await (const block of peer.blocks({ consumer: "webhook", signal })) {
  if (!(await deliver(block))) break;
  await peer.checkpoint("webhook", block.number);
}

/** Posts until it is taken, ever more slowly. False: the program is to end. */
async function deliver(block: Block): Promise<boolean> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(2 * waitMs, RETRY_MS_MAX)) {
    const fault = await post(block);
    if (fault === undefined) return true;
    if (signal.aborted) return false;
    console.error(`block ${block.number} was not taken (${fault}); again in ${waitMs} ms`);
    await pause(waitMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Why it was not taken; undefined: it was. */
async function post({ number, hash, previousHash, transactions }: Block): Promise<string | undefined> {
  const types = transactions.map((transaction) => transactionHeader(transaction)?.type);
  try {
    const response = await fetch(flags.url, {
      method: "POST",
      // The same for each attempt, so that the receiver can tell a repetition.
      headers: { "content-type": "application/json", "idempotency-key": hash },
      body: JSON.stringify({ number, hash, previousHash, transactions: types.length, types }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    await response.body?.cancel();
    return response.ok ? undefined : `status ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
