import { existsSync, mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { join, relative, resolve } from "node:path";
import { Option, type Command } from "commander";
import { EXIT_STATUS_HELP } from "./command-line.ts";
import { NodeError } from "../errors.ts";
import { reason, writeNewFile } from "../files.ts";

interface Flags {
  readonly name?: string;
  readonly mspId?: string;
  readonly admission: "open" | "msp";
  readonly genesis?: readonly string[];
  readonly bootstrap?: readonly string[];
  readonly json?: true;
}

/** Adds `init`: a folder for one peer. */
export function addInit(program: Command): void {
  program
    .command("init")
    .description("make a peer's folder: its key, a configuration to fill in, and where its data go")
    .argument("[dir]", "the folder; what is there already stays as it is", "peer")
    .option("--name <name>", "a name for people (default: this machine's)")
    .option("--msp-id <id>", "the MSP id of its organisation, such as Org1MSP")
    .addOption(
      new Option("--admission <who>", "who may take part; open lets everybody in")
        .choices(["open", "msp"])
        .default("msp"),
    )
    .option("--genesis <file...>", "genesis blocks, one for each channel to join")
    .option("--bootstrap <multiaddr...>", "peers of the own organisation to join by, with their peer ids")
    .option("--json", "as JSON")
    .addHelpText("after", EXAMPLES + EXIT_STATUS_HELP)
    .action(init);
}

const EXAMPLES = `
A second time it changes nothing: neither a key nor a configuration is ever written over.

Examples:
  blockgossip init peer0 --msp-id Org1MSP --genesis genesis.block
  blockgossip init mirror --admission open --genesis genesis.block --bootstrap /ip4/10.0.0.7/tcp/9700/p2p/12D3…`;

async function init(directory: string, { json, ...flags }: Flags): Promise<void> {
  const { peerIdIn } = await import("../peer/own-peer-id.ts");
  const { loadNodeKey } = await import("../transport/node-key.ts");
  const paths = {
    config: join(directory, "config.yaml"),
    key: join(directory, "node.key"),
    data: join(directory, "data"),
  };
  const kept = Object.values(paths).filter((path) => existsSync(path));
  const made = Object.values(paths).filter((path) => !kept.includes(path));
  makeFolder(paths.data);
  await loadNodeKey(paths.key);
  if (made.includes(paths.config)) writeNewFile(paths.config, configText(directory, flags));
  const peer = await peerIdIn(paths.key);
  if (json === true) return console.log(JSON.stringify({ directory, peer, made, kept }));
  for (const path of made) console.log(`made ${path}`);
  for (const path of kept) console.log(`kept ${path} as it is`);
  console.log(`the peer's id is ${peer}`);
  for (const step of nextSteps(directory, flags, paths.config)) console.log(step);
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new NodeError("FILE_UNWRITABLE", `${path} cannot be made: ${reason(cause)}`, { cause });
  }
}

function nextSteps(directory: string, { admission }: Flags, config: string): readonly string[] {
  const msp = join(directory, "msp");
  return [
    ...(admission === "msp" && !existsSync(msp)
      ? [`a certificate goes into ${msp}:  blockgossip cert csr --out ${msp} --name NAME --request peer.csr`]
      : []),
    `see whether all is well:  blockgossip doctor --config ${config}`,
    `start it:  blockgossip peer start --config ${config}`,
  ];
}

/** Values are JSON, which is YAML as well. */
function configText(directory: string, flags: Flags): string {
  const {
    name = hostname().slice(0, NAME_LENGTH_MAX),
    mspId,
    admission,
    genesis = [],
    bootstrap = [],
  } = flags;
  const inFolder = (path: string) => relative(resolve(directory), resolve(path));
  return `# A peer's settings; blockgossip config schema has all of them. Relative paths start from this folder.
name: ${JSON.stringify(name)}
${mspId === undefined ? '# mspId: "Org1MSP"' : `mspId: ${JSON.stringify(mspId)}`}
admission: ${JSON.stringify(admission)}
${admission === "msp" ? 'msp: "./msp"' : '# msp: "./msp"'}
nodeKey: "./node.key"
data: "./data"
# One for each channel to join.
genesis: ${JSON.stringify(genesis.map(inFolder))}
# Peers of the own organisation, with their peer ids.
bootstrap: ${JSON.stringify(bootstrap)}
listen: ["/ip4/127.0.0.1/tcp/9700"]
# Where other organisations reach this peer; without any it is not seen by them.
# externalEndpoints: ["/dns4/peer0.example.org/tcp/9700"]
api: "127.0.0.1:9800"
`;
}

/** As the configuration allows. */
const NAME_LENGTH_MAX = 64;
