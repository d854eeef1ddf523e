import { DEFAULT_GOSSIP_OPTIONS, LOCAL_GOSSIP_OPTIONS } from "../../gossip/options.ts";

/** What peers of one machine are started with, so that a newcomer is seen within the second: `LOCAL_GOSSIP_OPTIONS`. */
export const LOCAL_ENVIRONMENT: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(LOCAL_GOSSIP_OPTIONS)
    .filter(([name, value]) => Reflect.get(DEFAULT_GOSSIP_OPTIONS, name) !== value)
    .map(([name, value]) => [
      `BLOCKGOSSIP_GOSSIP_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
      String(value),
    ]),
);
