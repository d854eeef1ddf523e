import { scenarioSuite } from "./suite.ts";

scenarioSuite(
  "crash-30",
  "hang-30",
  "leader-crash",
  "source-hang",
  "churn",
  "cut-link",
  "partition",
  "gray-pauses",
);
