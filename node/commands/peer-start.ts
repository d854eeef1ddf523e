import { Option, type Command } from "commander";
import { EXIT_STATUS, EXIT_STATUS_HELP } from "./command-line.ts";
import { explainConfig } from "../config/config.ts";
import { reason } from "../files.ts";
import { createLogger } from "../logs/create-logger.ts";
import type { Peer } from "../peer/peer.ts";
import { readyLine } from "../peer/ready-line.ts";
import { StopRequest } from "../peer/stop-request.ts";

/** Adds `start`: runs a peer until it is told to stop. */
export function addPeerStart(peer: Command): void {
  peer
    .command("start")
    .description("run a peer until SIGTERM or Ctrl-C; a second one forces it")
    .option("--config <file>", "a YAML file with settings; flags and BLOCKGOSSIP_… variables come before it")
    .option("--name <name>", "a name for people")
    .option("--tags <name=value...>", "what others may look for this peer by, such as role=archive")
    .option("--data <dir>", "the folder that holds the ledgers (default: ./data)")
    .option("--listen <multiaddr...>", "addresses to listen on (default: /ip4/127.0.0.1/tcp/0)")
    .option(
      "--announce <multiaddr...>",
      "addresses at which others reach this peer (default: those listened on)",
    )
    .option(
      "--external-endpoints <multiaddr...>",
      "addresses at which other organisations' peers reach this one (default: none, it is not seen by them)",
    )
    .option("--bootstrap <multiaddr...>", "peers of the own organisation to join by, with their peer ids")
    .option("--genesis <file...>", "genesis blocks, one for each channel to join")
    .option("--msp <dir>", "the MSP folder with the peer's certificate and key")
    .option("--msp-id <id>", "the MSP id of its organisation, such as Org1MSP")
    .option(
      "--node-key <file>",
      "the libp2p key, made if it is missing (default: node.key in the data folder)",
    )
    .addOption(
      new Option("--admission <who>", "who may take part; open lets everybody in (default: msp)").choices([
        "open",
        "msp",
      ]),
    )
    .option(
      "--api <host:port>",
      "where the HTTP API listens (default: 127.0.0.1:0); off loopback it needs TLS, and tokens or a client CA",
    )
    .option("--api-tls-cert <file>", "the API's TLS certificate")
    .option("--api-tls-key <file>", "its private key")
    .option("--api-tokens <file>", "tokens that open the API, as token create writes them")
    .option("--api-client-ca <file>", "CA certificates whose client certificates open the API")
    .option("--api-hosts <name...>", "further names that the API is called by")
    .option("--api-origins <origin...>", "origins of web pages that may use the API beside its own")
    .option("--sources <url...>", "HTTP APIs that new blocks are fetched from while this peer leads")
    .option("--source-token-file <file>", "the file of the token that opens them")
    .option("--source-ca <file>", "the authorities of their certificates, instead of the well-known ones")
    .option("--source-cert <file>", "the client certificate that opens them")
    .option("--source-key <file>", "its private key")
    .option("--log-level <spec>", "a level, or levels by logger as log level takes them (default: info)")
    .addHelpText("after", EXAMPLE + EXIT_STATUS_HELP)
    .action(start);
}

const EXAMPLE = `
When the peer is ready it prints one line: ready, its addresses, its API. The log goes to standard error.
A process that starts it with an IPC channel takes it along: it stops when the channel closes.

Examples:
  blockgossip peer start --config network/peers/org1-peer0/config.yaml
  blockgossip peer start --admission open --data ./peer --genesis genesis.block --listen /ip4/127.0.0.1/tcp/9700 --api 127.0.0.1:9800`;

interface Flags extends Readonly<Record<string, unknown>> {
  readonly config?: string;
}

async function start({ config: file, ...flags }: Flags): Promise<void> {
  const sources = { flags, environment: process.env, ...(file === undefined ? {} : { file }) };
  const { config, origins } = explainConfig(sources);
  // Loaded when it is needed: libp2p is large, and a wrong setting should be told at once.
  const { startPeer } = await import("../peer/peer.ts");
  using stopRequest = new StopRequest();
  const logger = createLogger(config.logLevel);
  const peer = await startPeer(config, { logger, origins });
  const { id, name, multiaddrs } = peer.state;
  peer.state.loggers.get("peer").info({ peer: id, peerName: name, multiaddrs, api: peer.api }, "ready");
  console.log(readyLine({ multiaddrs, api: peer.api }));
  const failure = await Promise.race([stopRequest.promise, peer.left, peer.failed]).then(
    () => undefined,
    (error: unknown) => error,
  );
  await stop(peer);
  if (failure !== undefined) process.exitCode = reportStopped(failure);
  // A peer that has stopped has nothing left to wait for, whatever a library still holds.
  process.exit();
}

/** Longer than this nobody waits; the ledger is whole at any moment. */
const STOP_MS_MAX = 10_000;

async function stop(peer: Peer): Promise<void> {
  const force = setTimeout(() => {
    console.error(`blockgossip: stopping took longer than ${STOP_MS_MAX} ms, so it was forced`);
    process.exit(EXIT_STATUS.failed);
  }, STOP_MS_MAX);
  await peer.stop();
  clearTimeout(force);
  peer.state.loggers.get("peer").info("stopped");
}

function reportStopped(failure: unknown): number {
  console.error(
    `blockgossip: a channel has stopped: ${reason(failure)}; see to the disk and its free space, then start the peer again: it goes on where it was`,
  );
  return EXIT_STATUS.failed;
}
