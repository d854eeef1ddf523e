import type { Block } from "../../chain/block.ts";
import type { Message } from "../../gossip/wire/messages.ts";
import { SPREAD_NONE } from "../../gossip/push/spread.ts";
import type { Liar } from "../simulator/liar.ts";
import { Rig } from "./rig.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioSize } from "./scenario-size.ts";

const LIARS_SHARE = 0.1;

/** Scenario 17: relays pass on chunks with another byte, or with another proof, and blocks with another body. */
export const pollution: Scenario = {
  name: "pollution",
  number: 17,
  shows: "10 % of the peers pass on chunks and blocks that they have changed",
  figures: [
    { name: "delivered", means: "bad blocks delivered", atMost: 0 },
    { name: "honestBlamed", means: "honest peers blamed", atMost: 0 },
    { name: "badRelayed", means: "bad chunks passed on", atMost: 0 },
    { name: "badSent", means: "bad chunks sent", atLeast: 1 },
  ],
  run,
};

async function run(seed: number, size: ScenarioSize) {
  const rig = await Rig.start(seed, size, { liars: Math.round(LIARS_SHARE * size.peers) });
  const { simulation, liars } = rig;
  const isLiar = new Set(liars.map(({ id }) => id));
  const counts = { honestBlamed: 0, badRelayed: 0, badSent: 0 };
  rig.deliveries.onEvent = (_, event) => {
    if (event.kind === "rejected" && event.peer !== undefined && !isLiar.has(event.peer))
      counts.honestBlamed++;
  };
  const { wiretap } = simulation.network;
  simulation.network.wiretap = (from, to, message) => {
    wiretap(from, to, message);
    if (!isBad(message)) return;
    if (isLiar.has(from)) counts.badSent++;
    else counts.badRelayed++;
  };
  for (const [index, liar] of liars.entries()) pollute(liar, index % 3);
  const blocks: Block[] = [];
  for (let index = 0; index < size.blocks; index++) blocks.push(await rig.publish());
  await rig.settle();
  const delivered = simulation.peers.filter((peer) =>
    blocks.some(({ number, hash }) => peer.disk.blocks[number]?.hash !== hash),
  ).length;
  return { delivered, ...counts };
}

/** Blocks of the simulation are filled with one byte; this is what no honest peer ever has in them. */
const BAD_BYTE = 0xee;

function pollute(liar: Liar, kind: number): void {
  liar.onMessage = (_, message) => {
    if (message.kind !== "chunk" || message.spread.step === "none") return;
    const data = spoilt(message.data);
    if (kind === 0) liar.tellAll({ ...message, data, spread: SPREAD_NONE });
    else if (kind === 1) liar.tellAll({ ...message, data, spread: message.spread });
    else {
      // A whole block that is none.
      liar.tellAll({ kind: "block", channel: liar.channel, spread: SPREAD_NONE, block: data });
      const leaves = message.proof?.leaves.map(spoilt) ?? [];
      const path = message.proof?.path.map(spoilt) ?? [];
      liar.tellAll({ ...message, data, proof: { leaves, path }, spread: SPREAD_NONE });
    }
  };
}

function spoilt(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy.fill(BAD_BYTE, copy.length >> 1, (copy.length >> 1) + BAD_RUN);
  return copy;
}

const BAD_RUN = 8;

function isBad(message: Message): boolean {
  const bytes =
    message.kind === "chunk" ? message.data : message.kind === "block" ? message.block : undefined;
  const middle = bytes?.subarray(bytes.length >> 1, (bytes.length >> 1) + BAD_RUN);
  return middle !== undefined && middle.length === BAD_RUN && middle.every((byte) => byte === BAD_BYTE);
}
