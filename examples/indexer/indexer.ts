/** Keeps a channel's blocks and transactions in an SQLite database, each once, whenever it is killed. See README.md. */
import { DatabaseSync } from "node:sqlite";
import { parseArgs } from "node:util";
import { startPeer, transactionData, type Block } from "blockgossip";

const { values: flags } = parseArgs({
  options: {
    genesis: { type: "string", default: "genesis.block" },
    bootstrap: { type: "string", multiple: true, default: [] },
    data: { type: "string", default: "indexer-data" },
    database: { type: "string", default: "blocks.db" },
  },
});

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS blocks (number INTEGER PRIMARY KEY, hash TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS transactions (
    block INTEGER NOT NULL, position INTEGER NOT NULL, data BLOB NOT NULL, PRIMARY KEY (block, position)
  );
`;

/** The tables. A block that is put in twice is there once. */
class BlockTable implements Disposable {
  readonly #database: DatabaseSync;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(SCHEMA);
  }

  put({ number, hash, transactions }: Block): void {
    const database = this.#database;
    database.exec("BEGIN");
    database.prepare("INSERT OR REPLACE INTO blocks VALUES (?, ?)").run(number, hash);
    const insert = database.prepare("INSERT OR REPLACE INTO transactions VALUES (?, ?, ?)");
    for (const [position, transaction] of transactions.entries())
      insert.run(number, position, transactionData(transaction));
    database.exec("COMMIT");
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

const stopping = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());

using table = new BlockTable(flags.database);
await using peer = await startPeer({
  data: flags.data,
  genesis: [flags.genesis],
  bootstrap: flags.bootstrap,
  admission: "open",
});
let isFirst = true;
for await (const block of peer.blocks({ consumer: "indexer", signal: stopping.signal })) {
  if (isFirst) console.log(`indexing from block ${block.number}`);
  isFirst = false;
  table.put(block);
  // Behind the database: killed in between, it puts the same block in again, which changes nothing.
  await peer.checkpoint("indexer", block.number);
}
