import { scenarioSuite } from "./suite.ts";

scenarioSuite("eclipse", "cold-boot", "replays", "malformed");
