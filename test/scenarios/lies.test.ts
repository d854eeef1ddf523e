import { scenarioSuite } from "./suite.ts";

scenarioSuite("digest-lies", "pollution", "equivocation");
