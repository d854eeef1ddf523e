import { expect, test } from "vitest";
import { LocalHealth } from "../../gossip/failures/local-health.ts";
import { Prober } from "../../gossip/failures/prober.ts";
import type { Membership } from "../../gossip/members/membership.ts";
import { gossipOptions } from "../../gossip/options.ts";
import type { PeerId, Transport } from "../../gossip/ports.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

const PROBED = "probed" as PeerId;
const { probeTimeoutMs } = gossipOptions({});

/** A peer that is pinged and says nothing, and three others that have just been asked for help. */
async function askingThree() {
  const clock = new VirtualClock();
  const asked: { readonly helper: PeerId; readonly id: number }[] = [];
  const verdicts: string[] = [];
  const send = (to: PeerId, message: Message) => {
    if (message.kind === "ping-request") asked.push({ helper: to, id: message.id });
    return true;
  };
  const members = ["a", "b", "c"].map((peer) => ({ peer, state: "alive", isReachable: true }));
  const membership = {
    living: () => members,
    partyOf: () => ({}),
    disclosure: { mayTell: () => true },
  } as unknown as Membership;
  const prober = new Prober({
    membership,
    clock,
    transport: { send } as unknown as Transport,
    random: seededRandom(1),
    options: gossipOptions({}),
    health: new LocalHealth(),
    accusation: () => undefined,
    onSilent: () => void verdicts.push("silent"),
    onOutOfReach: () => void verdicts.push("out of reach"),
  });
  prober.probe(PROBED);
  await clock.runFor(probeTimeoutMs);
  const answer = (index: number, isSilent: boolean) =>
    prober.receive(asked[index]!.helper, { kind: "pong", id: asked[index]!.id, isSilent });
  return { clock, asked, answer, verdicts };
}

test("a peer is silent as soon as most of those asked say so, since one may have died with it", async () => {
  const { asked, answer, verdicts } = await askingThree();
  expect(asked).toHaveLength(3);
  answer(0, true);
  expect(verdicts).toEqual([]);
  answer(1, true);
  expect(verdicts).toEqual(["silent"]);
  answer(2, false);
  expect(verdicts).toEqual(["silent"]);
});

test("one that reaches the peer is believed before most have said that they do not", async () => {
  const { answer, verdicts } = await askingThree();
  answer(0, true);
  answer(1, false);
  expect(verdicts).toEqual(["out of reach"]);
});

test("where most of those asked say nothing the peer is silent after two more timeouts", async () => {
  const { clock, answer, verdicts } = await askingThree();
  answer(0, true);
  await clock.runFor(2 * probeTimeoutMs - 1);
  expect(verdicts).toEqual([]);
  await clock.runFor(1);
  expect(verdicts).toEqual(["silent"]);
});
