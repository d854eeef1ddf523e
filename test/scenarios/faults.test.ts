import { scenarioSuite } from "./suite.ts";

scenarioSuite("loss-5", "loss-20", "drop-5");
