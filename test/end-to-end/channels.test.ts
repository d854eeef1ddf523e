import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allAt, allMet, Processes } from "./processes.ts";
import { DemoChannel } from "./demo-channel.ts";

test("a peer of one channel gets that channel's blocks, and of the other nothing", async () => {
  await using processes = new Processes();
  const open = await DemoChannel.create(processes.path, "open");
  const closed = await DemoChannel.create(processes.path, "closed");
  const both = await processes.start({ name: "both", genesis: [open.genesis, closed.genesis] });
  const bootstrap = both.ready.multiaddrs;
  const one = await processes.start({ name: "one", genesis: [open.genesis], bootstrap });
  const other = await processes.start({ name: "other", genesis: [closed.genesis], bootstrap });
  await allMet([both, one], "open");
  await allMet([both, other], "closed");
  for (let index = 0; index < 10; index++) {
    await both.api.submit("open", open.next().bytes);
    await both.api.submit("closed", closed.next().bytes);
  }
  await allAt([both, one], "open", 11);
  await allAt([both, other], "closed", 11);

  await expect(one.api.channel("closed")).rejects.toThrow(
    "channel closed is not joined here; joined: open (NOT_FOUND)",
  );
  await expect(one.api.block("closed", 1)).rejects.toThrow("(NOT_FOUND)");
  await expect(one.api.members("closed")).rejects.toThrow("(NOT_FOUND)");
  expect(await one.api.submit("closed", closed.next().bytes)).toMatchObject({ status: 404 });
  expect(await one.api.submit("open", closed.tip.bytes)).toMatchObject({ code: "WRONG_CHANNEL" });
  expect(existsSync(join(processes.path, "one", "channels", "open"))).toBe(true);
  expect(existsSync(join(processes.path, "one", "channels", "closed"))).toBe(false);
  expect(
    (await one.api.members()).every(({ channels }) => channels.every(({ name }) => name === "open")),
  ).toBe(true);
  const names = async (channel: string) => (await both.api.members(channel)).map(({ name }) => name).sort();
  expect(await names("open")).toEqual(["both", "one"]);
  expect(await names("closed")).toEqual(["both", "other"]);
});
