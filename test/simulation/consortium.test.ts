import { expect, test } from "vitest";
import { Consortium } from "../simulator/consortium.ts";

test("three organisations find each other by their anchor peers, and a block reaches all of them", async () => {
  const peers = (letter: string) => Object.fromEntries([0, 1, 2].map((index) => [`${letter}${index}`, {}]));
  const consortium = await Consortium.create({
    seed: 1,
    organisations: { A: peers("a"), B: peers("b"), C: peers("c") },
    channels: { trade: { A: ["a0"], B: ["b0"], C: ["c0"] } },
  });
  await consortium.start();
  const ids = consortium.peers().map(({ id }) => id as string);
  await consortium.untilAcquainted(ids);
  await consortium.publishNext("trade", "a1");
  await consortium.until(
    () => ids.every((id) => consortium.peer(id).height("trade") === 2),
    10_000,
    "all hold it",
  );
  expect(consortium.network.refused).toEqual({});
});
