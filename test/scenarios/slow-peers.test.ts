import { scenarioSuite } from "./suite.ts";

scenarioSuite("slow-senders", "slow-readers");
