import { expect, test } from "vitest";
import {
  FABRIC_BLOCKS_DIRECTORY,
  fabricBlockBytes,
  fabricBlockEntries,
  HAS_FABRIC_BLOCKS,
} from "../fabric-blocks.ts";
import { allAt, allMet, Processes } from "./processes.ts";

test
  .skipIf(!HAS_FABRIC_BLOCKS)
  .each(["generated-etcdraft-v2.4.9", "v20_sample_ledgers-testchannel", "ledgerutil-sample_prod"])(
  "five peers hold every byte of %s after its blocks were handed to one of them",
  async (folder) => {
    const entries = fabricBlockEntries(folder);
    const { channel } = entries[0]!;
    await using processes = new Processes();
    const peers = await processes.startMany(5, [`${FABRIC_BLOCKS_DIRECTORY}${entries[0]!.file}`]);
    await allMet(peers, channel);
    for (const { file, number, headerHash } of entries) {
      const result = await peers[2]!.api.submit(channel, fabricBlockBytes(file));
      expect(result).toEqual({ kind: number === 0 ? "held" : "accepted", number, hash: headerHash });
    }
    await allAt(peers, channel, entries.length);
    for (const { api } of peers) {
      const { tipHash, forks, lastConfig } = await api.channel(channel);
      expect(tipHash).toBe(entries.at(-1)!.headerHash);
      expect(forks).toEqual([]);
      expect(lastConfig).toBe(entries.findLast(({ config }) => config)!.number);
      for (const { file, number } of entries) {
        const served = await api.block(channel, number);
        expect(Buffer.compare(served, fabricBlockBytes(file)), `block ${number} of ${file}`).toBe(0);
      }
    }
  },
);
