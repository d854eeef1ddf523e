import type { Command } from "commander";
import { gossipOptions, type GossipOptions } from "../../gossip/options.ts";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { explainConfig, type ExplainedConfig, type PeerConfig } from "../config/config.ts";
import { addConfigFlag, configSources, type ConfigFlag } from "./config-flag.ts";
import { textTable } from "./text-table.ts";

interface Flags extends ConfigFlag {
  readonly origin?: true;
  readonly json?: true;
}

/** Adds what is done with a peer's configuration before it runs. */
export function addConfig(config: Command): void {
  addConfigFlag(config.command("show"))
    .description("show a peer's settings as they would count: environment over file over defaults")
    .option("--origin", "and where each one came from")
    .option("--json", "as JSON")
    .addHelpText("after", SHOW_EXAMPLES + EXIT_STATUS_HELP)
    .action(show);
  addConfigFlag(config.command("validate"))
    .description("say whether a peer would start with these settings, or which are wrong and what is allowed")
    .option("--json", "as JSON")
    .addHelpText("after", VALIDATE_EXAMPLES + EXIT_STATUS_HELP)
    .action(validate);
  config
    .command("schema")
    .description("print the JSON Schema of the configuration file, for editors")
    .option("--json", "as JSON, which it is anyway")
    .addHelpText("after", SCHEMA_EXAMPLES + EXIT_STATUS_HELP)
    .action(schema);
}

const SHOW_EXAMPLES = `
Examples:
  blockgossip config show --config network/peers/org1-peer0/config.yaml --origin
  BLOCKGOSSIP_LOG_LEVEL=debug blockgossip config show --json`;

const VALIDATE_EXAMPLES = `
Examples:
  blockgossip config validate --config network/peers/org1-peer0/config.yaml
  blockgossip config validate`;

const SCHEMA_EXAMPLES = `
Examples:
  blockgossip config schema > blockgossip.schema.json
  # first line of config.yaml:  # yaml-language-server: $schema=blockgossip.schema.json`;

/** One setting as it counts. */
interface ShownSetting {
  readonly key: string;
  readonly value: unknown;
  readonly origin: string;
}

function show({ origin, json, ...flags }: Flags): void {
  const settings = shownSettings(explainConfig(configSources(flags)));
  if (json === true) console.log(JSON.stringify(settings, undefined, 2));
  else if (origin === true) {
    const rows = settings.map(({ key, value, origin: from }) => [key, JSON.stringify(value), from]);
    for (const line of textTable(["SETTING", "VALUE", "FROM"], rows)) console.log(line);
  } else for (const { key, value } of settings) console.log(`${key}: ${JSON.stringify(value)}`);
}

function shownSettings({ config, origins }: ExplainedConfig): readonly ShownSetting[] {
  const { gossip: _gossip, api, ...plain } = config;
  const shown = (key: string, value: unknown): ShownSetting => ({
    key,
    value,
    origin: origins.get(key) ?? "default",
  });
  const options = optionsOf(config);
  return [
    ...Object.entries({ ...plain, api: `${api.host}:${api.port}` }).map(([key, value]) => shown(key, value)),
    // A size that another setting gives is no option of its own.
    ...Object.entries(options)
      .filter(([name]) => name !== "blockBytesMax")
      .map(([name, value]) => shown(`gossip.${name}`, value)),
  ].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** All options of the protocol. @throws GossipError `INVALID_OPTION`, also for those of one channel. */
function optionsOf({ gossip, channels, blockBytesMax }: PeerConfig): GossipOptions {
  const common = { ...(gossip as Partial<GossipOptions>), blockBytesMax };
  for (const channel of Object.values(channels))
    gossipOptions({ ...common, ...(channel as Partial<GossipOptions>) });
  return gossipOptions(common);
}

function validate({ json, ...flags }: Flags): void {
  const sources = configSources(flags);
  const explained = explainConfig(sources);
  optionsOf(explained.config);
  const origins = [...explained.origins.values()];
  const fromEnvironment = origins.filter((origin) => origin.startsWith("environment variable")).length;
  const fromFile = origins.length - fromEnvironment;
  const file = sources.file ?? null;
  if (json === true) console.log(JSON.stringify({ valid: true, file, fromFile, fromEnvironment }));
  else
    console.log(
      `${file ?? "no file"}: valid, ${fromFile} from the file, ${fromEnvironment} from the environment`,
    );
}

async function schema(): Promise<void> {
  const z = await import("zod");
  const { peerSettingsSchema } = await import("../config/config-schema.ts");
  console.log(JSON.stringify(z.toJSONSchema(peerSettingsSchema, { io: "input" }), undefined, 2));
}
