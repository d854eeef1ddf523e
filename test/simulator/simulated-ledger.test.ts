import { ledgerAcceptance } from "../ledger-acceptance.ts";
import { SimulatedLedger } from "../../node/testing/simulator/simulated-ledger.ts";
import { VirtualClock } from "../../node/testing/simulator/virtual-clock.ts";

ledgerAcceptance("SimulatedLedger", () => {
  const clock = new VirtualClock();
  const rotten = new Set<number>();
  const ledger = new SimulatedLedger({ blocks: [], rotten }, clock, () => ({ writeMs: 5 }));
  return Promise.resolve({
    ledger,
    rot: (number) => void rotten.add(number),
    settle: async (work) => {
      // Whoever handles a rejection does so when the time has passed.
      work.catch(() => undefined);
      await clock.runFor(1_000);
      return await work;
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});
