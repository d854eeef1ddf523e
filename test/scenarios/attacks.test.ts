import { scenarioSuite } from "./suite.ts";

scenarioSuite("censor-organisation", "censor-publisher", "floods");
