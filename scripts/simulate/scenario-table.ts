import { limitText } from "../../test/scenarios/scenario.ts";
import { rounded, type ScenarioOutcome } from "./simulate-scenario.ts";

const HEAD = [
  "| # | scenario | figure | pass | least | median | 99th | greatest | reached |",
  "|---|---|---|---|---|---|---|---|---|",
];

/** What came of scenarios, as the table of docs/RELIABILITY.md: a row for each figure that has a limit. */
export function scenarioTable(outcomes: readonly ScenarioOutcome[]): readonly string[] {
  const rows = outcomes.flatMap(({ scenario, summary }) => {
    const limited = summary.filter(({ spec }) => limitText(spec) !== "");
    return limited.map(({ spec, least, middle, p99, most, runs, passed }, index) => {
      const values = [least, middle, p99, most].map(rounded);
      const reached = passed === runs ? `${runs}` : `**${passed}** of ${runs}`;
      const named = index === 0 ? [String(scenario.number), `\`${scenario.name}\``] : ["", ""];
      return `| ${[...named, spec.means, limitText(spec), ...values, reached].join(" | ")} |`;
    });
  });
  return [...HEAD, ...rows];
}
