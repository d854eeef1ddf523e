import { censoredOrganisation, censoredPublisher } from "./censors.ts";
import { churn } from "./churn.ts";
import { coldBoot } from "./cold-boot.ts";
import { covertFlash } from "./covert-flash.ts";
import { crashes } from "./crashes.ts";
import { cutLink } from "./cut-link.ts";
import { digestLies } from "./digest-lies.ts";
import { eclipse } from "./eclipse.ts";
import { equivocation } from "./equivocation.ts";
import { floods } from "./floods.ts";
import { grayPauses } from "./gray-pauses.ts";
import { leaderLoss } from "./leader-loss.ts";
import { lossyLinks, lostMessages } from "./lossy-links.ts";
import { malformed } from "./malformed.ts";
import { partition } from "./partition.ts";
import { pollution } from "./pollution.ts";
import { replays } from "./replays.ts";
import type { Scenario } from "./scenario.ts";
import { silentRelays } from "./silent-relays.ts";
import { slowReaders, slowSenders } from "./slow-peers.ts";

/** All scenarios, by the reference's numbers. */
export const SCENARIOS: readonly Scenario[] = [
  crashes("crash"),
  crashes("hang"),
  leaderLoss("leader-crash"),
  leaderLoss("leader-hang"),
  leaderLoss("source-down"),
  leaderLoss("source-hang"),
  churn,
  cutLink,
  partition,
  grayPauses,
  eclipse,
  coldBoot,
  replays,
  malformed,
  lossyLinks(0.05),
  lossyLinks(0.2),
  lostMessages(0.05),
  silentRelays(0.1),
  silentRelays(0.33),
  silentRelays(0.5),
  covertFlash,
  censoredOrganisation,
  censoredPublisher,
  digestLies,
  pollution,
  slowSenders,
  slowReaders,
  equivocation,
  floods,
];

/** @throws RangeError that names all, where there is none of that name. */
export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found === undefined)
    throw new RangeError(
      `no scenario is called ${name}; there are ${SCENARIOS.map((scenario) => scenario.name).join(", ")}`,
    );
  return found;
}
