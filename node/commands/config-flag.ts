import { existsSync } from "node:fs";
import type { Command } from "commander";
import type { ConfigSources } from "../config/config.ts";

/** The flag of {@link addConfigFlag}. */
export interface ConfigFlag {
  readonly config?: string;
}

const FILE_DEFAULT = "config.yaml";

/** Adds the flag for a peer's configuration file, for commands that need no running peer. */
export function addConfigFlag(command: Command): Command {
  return command.option(
    "--config <file>",
    `a peer's configuration (default: ${FILE_DEFAULT} of the current folder, if there is one)`,
  );
}

/** What the flag and the environment say; the file may be missing where none was named. */
export function configSources({ config }: ConfigFlag): ConfigSources {
  const file = config ?? (existsSync(FILE_DEFAULT) ? FILE_DEFAULT : undefined);
  return { environment: peerEnvironment(process.env), ...(file === undefined ? {} : { file }) };
}

/** BLOCKGOSSIP_API is where a peer listens, HOST:PORT; to commands that ask one it is a URL, which is no setting. */
function peerEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { BLOCKGOSSIP_API: api, ...others } = environment;
  return api === undefined || /^https?:\/\//.test(api) ? others : environment;
}
