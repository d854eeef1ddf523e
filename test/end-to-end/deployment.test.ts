import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { healthCheck } from "../../node/deployment/health-check.ts";
import { freePortBase } from "../../node/free-ports.ts";
import { createNetwork } from "../../node/network.ts";
import { nextBlock } from "../../node/submission.ts";
import { allAt, allMet, Processes } from "./processes.ts";

/** As a container's health check is run. */
async function healthOf(apiPort: number): Promise<number> {
  const [, ...args] = healthCheck(apiPort);
  const [status] = await once(spawn(process.execPath, args), "exit");
  return status;
}

test("a network of a hosts file: each peer starts from a copy of its folder alone, and they carry a block", async () => {
  await using processes = new Processes();
  const base = (await freePortBase("0.0.0.0", 23_700, [0, 1, 2, 3, 4, 5])) ?? 0;
  const hosts = join(processes.path, "hosts.csv");
  writeFileSync(
    hosts,
    `name,organisation,host,port,apiPort
org1-peer0,Org1,127.0.0.1,${base},${base + 3}
org1-peer1,Org1,127.0.0.2,${base + 1},${base + 4}
org2-peer0,Org2,localhost,${base + 2},${base + 5}
`,
  );
  const out = join(processes.path, "network");
  const network = await createNetwork({ out, channel: "trade", consensus: "raft", hosts });
  const peers = await Promise.all(
    network.peers.map(({ name, directory }) => {
      const copy = join(processes.path, "etc", name);
      cpSync(directory, copy, { recursive: true });
      return processes.start({
        name,
        genesis: [join(copy, "genesis.block")],
        flags: ["--config", join(copy, "config.yaml")],
      });
    }),
  );
  await allMet(peers, "trade");
  const first = peers[0]!;
  const files = [Buffer.from("hello")];
  const block = await nextBlock(first.api, "trade", { orderers: network.orderers, files });
  expect(await first.api.submit("trade", block.bytes)).toMatchObject({ kind: "accepted" });
  await allAt(peers, "trade", 2);

  const { apiPort } = network.peers[0]!;
  expect(await healthOf(apiPort)).toBe(0);
  await first.stop();
  expect(await healthOf(apiPort)).toBe(1);
});
