import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { healthCheck } from "../../node/deployment/health-check.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { submitNext } from "../../node/orderer/submission.ts";
import { allAt, allMet, Processes } from "./processes.ts";

/** As a container's health check is run. */
async function healthOf(apiPort: number): Promise<number> {
  const [, ...args] = healthCheck(apiPort);
  const [status] = await once(spawn(process.execPath, args), "exit");
  return status;
}

const CLI = fileURLToPath(new URL("../../node/cli.ts", import.meta.url));

test("a network of a hosts file: each peer starts from a copy of its folder alone, and they carry a block", async () => {
  await using processes = new Processes();
  const path = (...names: string[]) => join(processes.path, ...names);
  const base = (await freePortBase("0.0.0.0", 23_700, [0, 1, 2, 3, 4, 5])) ?? 0;
  const hosts = `name,organisation,host,port,apiPort
org1-peer0,Org1,127.0.0.1,${base},${base + 3}
org1-peer1,Org1,127.0.0.2,${base + 1},${base + 4}
org2-peer0,Org2,localhost,${base + 2},${base + 5}
`;
  writeFileSync(path("hosts.csv"), hosts);
  const create = ["network", "create", "--out", path("network"), "--channel", "trade"];
  const made = spawnSync(process.execPath, [CLI, ...create, "--hosts", path("hosts.csv")], {
    encoding: "utf8",
  });
  expect(made).toMatchObject({ status: 0, stdout: expect.stringContaining("send each host the folder") });
  const peers = await Promise.all(
    ["org1-peer0", "org1-peer1", "org2-peer0"].map((name) => {
      cpSync(path("network", "peers", name), path("etc", name), { recursive: true });
      return processes.start({
        name,
        genesis: [path("etc", name, "genesis.block")],
        flags: ["--config", path("etc", name, "config.yaml")],
      });
    }),
  );
  await allMet(peers, "trade");
  const first = peers[0]!;
  const files = [Buffer.from("hello")];
  const { result } = await submitNext(first.api, "trade", { orderers: path("network", "orderers"), files });
  expect(result).toMatchObject({ kind: "accepted" });
  await allAt(peers, "trade", 2);

  expect(await healthOf(base + 3)).toBe(0);
  await first.stop();
  expect(await healthOf(base + 3)).toBe(1);
});
