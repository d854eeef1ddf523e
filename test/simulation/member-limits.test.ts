import { expect, test } from "vitest";
import { readAlive } from "../../gossip/wire/statements.ts";
import { Consortium } from "../simulator/consortium.ts";
import { ConsortiumLiar } from "../simulator/consortium-liar.ts";

const IDS = ["a0", "a1", "a2", "b0"] as const;
const ASKED = 100;

async function withAsker(seed: number) {
  const consortium = await Consortium.create({
    seed,
    organisations: { A: { a0: {}, a1: {}, a2: {} }, B: { b0: {} } },
    channels: { trade: { A: ["a0"], B: ["b0"] } },
  });
  await consortium.start();
  await consortium.untilAcquainted(IDS);
  const asker = await ConsortiumLiar.join(consortium, { organisation: "A", channels: ["trade"] });
  return { consortium, asker };
}

test("who asks for all members again and again is told of them a few times, and otherwise that the asked one lives", async () => {
  const { consortium, asker } = await withAsker(71);
  asker.heard.length = 0;
  for (let asked = 0; asked < ASKED; asked++) {
    const viewHash = new Uint8Array(8).fill(asked);
    asker.tell("a0", { kind: "membership-request", self: asker.state(), viewHash });
    await consortium.runFor(100);
  }
  const answers = asker.heard.flatMap(({ from, message }) =>
    from === "a0" && message.kind === "membership-response" ? [message.members.length] : [],
  );
  expect(answers).toHaveLength(ASKED);
  expect(answers.filter((members) => members >= IDS.length).length).toBeGreaterThanOrEqual(1);
  // A burst of four, then one every two seconds of the ten that it took.
  expect(answers.filter((members) => members > 1).length).toBeLessThanOrEqual(10);
  expect(consortium.noted()).toEqual({});
});

test("who asks for identities again and again gets no more than a fixed number of them, each once for a question", async () => {
  const { consortium, asker } = await withAsker(72);
  const { alive } = consortium.peer("a1").membership.own.latest();
  const { identity } = readAlive(alive);
  asker.heard.length = 0;
  for (let asked = 0; asked < ASKED; asked++)
    asker.tell("a0", { kind: "identity-want", ids: Array.from({ length: 64 }, () => identity) });
  await consortium.runFor(1_000);
  const given = asker.heard.flatMap(({ message }) =>
    message.kind === "identities" ? message.identities : [],
  );
  // 1,024 at once, and 20 a second later.
  expect(given.length).toBe(1_024 / 64);
  expect(new Set(given.map(({ peer }) => peer))).toEqual(new Set(["a1"]));
});
