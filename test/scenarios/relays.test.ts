import { scenarioSuite } from "./suite.ts";

scenarioSuite("silent-10", "silent-33", "silent-50", "covert-flash");
