import { Option, type Command } from "commander";
import { EXIT_STATUS, EXIT_STATUS_HELP } from "./command-line.ts";
import { loadConfig, type ConfigSources, type PeerConfig } from "../config/config.ts";
import { fail, ok, skip, type Finding } from "../doctor/finding.ts";
import { NodeError } from "../errors.ts";
import { addApiFlags, API_URL_DEFAULT, openApi, type ApiFlags } from "./api-flags.ts";
import { addConfigFlag, configSources, type ConfigFlag } from "./config-flag.ts";

interface Flags extends ApiFlags, ConfigFlag {
  readonly api?: string;
  readonly json?: true;
}

/** Adds `doctor`: what is wrong with a peer and its surroundings, and what to do. */
export function addDoctor(program: Command): void {
  const api = new Option("--api <url>", "the peer's API (default: the configuration's)").env(
    "BLOCKGOSSIP_API",
  );
  addApiFlags(addConfigFlag(program.command("doctor")).addOption(api))
    .description(
      "look at all that a peer needs, whether it runs or not: settings, key, certificates, genesis, disk, ports, " +
        "others; say what is wrong and what to do",
    )
    .option("--json", "one JSON object a line")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP)
    .action(examineAll);
}

const EXAMPLES = `
It changes nothing, and fails if anything does that it looks at. What is to be warned of is no failure.

Examples:
  blockgossip doctor --config network/peers/org1-peer0/config.yaml
  blockgossip doctor --api http://127.0.0.1:9801`;

async function examineAll({ json, ...flags }: Flags): Promise<void> {
  const { examine } = await import("../doctor/examine.ts");
  const { config, finding: settingsFinding } = settings(configSources(flags));
  const api = await openApi({ ...flags, api: flags.api ?? apiOf(config) });
  const findings = [
    settingsFinding,
    ...(await examine({ api, ...(config === undefined ? {} : { config }) })),
  ];
  if (json === true) for (const finding of findings) console.log(JSON.stringify(finding));
  else for (const line of findings.flatMap(lines)) console.log(line);
  const count = (state: Finding["state"]) => findings.filter((finding) => finding.state === state).length;
  if (json !== true) console.log(`${count("ok")} well, ${count("warn")} to see to, ${count("fail")} wrong`);
  if (count("fail") > 0) process.exitCode = EXIT_STATUS.failed;
}

function settings(sources: ConfigSources): { readonly config?: PeerConfig; readonly finding: Finding } {
  const check = "settings";
  const { file } = sources;
  if (file === undefined) return { finding: skip(check, "no configuration is named: --config FILE") };
  try {
    return { config: loadConfig(sources), finding: ok(check, file) };
  } catch (error) {
    if (!(error instanceof NodeError)) throw error;
    return { finding: fail(check, error.message, "blockgossip config schema has all settings") };
  }
}

function apiOf(config: PeerConfig | undefined): string {
  if (config === undefined || config.api.port === 0) return API_URL_DEFAULT;
  const { host, port } = config.api;
  const name = host.includes(":") ? `[${host}]` : host;
  return `${config.apiTlsCert === undefined ? "http" : "https"}://${name}:${port}`;
}

const STATE_WIDTH = 6;
const CHECK_WIDTH = 17;

function lines({ check, state, message, advice }: Finding): readonly string[] {
  const first = `${state.padEnd(STATE_WIDTH)}${check.padEnd(CHECK_WIDTH)}${message}`;
  return advice === undefined ? [first] : [first, `${" ".repeat(STATE_WIDTH + CHECK_WIDTH)}${advice}`];
}
