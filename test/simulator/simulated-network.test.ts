import type { PeerId } from "../../gossip/ports.ts";
import { RecordingInbox } from "../recording-inbox.ts";
import { doorAcceptance } from "../door-acceptance.ts";
import { transportAcceptance, type TestNetwork } from "../transport-acceptance.ts";
import { CALM } from "../../node/testing/simulator/link-weather.ts";
import { seededRandom } from "../../node/testing/simulator/seeded-random.ts";
import { SimulatedNetwork } from "../../node/testing/simulator/simulated-network.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

/** Virtual time until which a condition must hold. */
const LIMIT_MS = 60_000;

transportAcceptance("The simulated network", createNetwork);
doorAcceptance("The simulated network", createNetwork);

function createNetwork(peerCount: number): Promise<TestNetwork> {
  const clock = new VirtualClock();
  const network = new SimulatedNetwork(clock, seededRandom(1), CALM);
  const peers = Array.from({ length: peerCount }, (_, index) => {
    const id = `peer-${index}` as PeerId;
    const inbox = new RecordingInbox(id);
    return { id, inbox, transport: network.attach(id, inbox) };
  });
  return Promise.resolve({
    peers,
    unreachable: "nobody" as PeerId,
    waitFor: async (condition) => {
      const endMs = clock.now() + LIMIT_MS;
      // Time stands still while nothing is scheduled, so that what is asked for has to be scheduled by somebody.
      using _end = clock.schedule(LIMIT_MS + 1, () => undefined);
      await clock.runWhile(() => !condition() && clock.now() <= endMs);
      if (!condition()) throw new Error(`not within ${LIMIT_MS} virtual ms`);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
}
