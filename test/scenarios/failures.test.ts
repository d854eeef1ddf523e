import { scenarioSuite } from "./suite.ts";

scenarioSuite("crash-30", "hang-30", "churn", "cut-link", "partition", "gray-pauses");
