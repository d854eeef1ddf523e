import type { Logger } from "pino";
import { gossipOptions, type GossipOptions } from "../../gossip/options.ts";
import type { Credentials } from "../../gossip/ports.ts";
import type { UserEvent } from "../../gossip/user-events/user-event.ts";
import { ChainError } from "../../chain/errors.ts";
import {
  openChannelFolder,
  readGenesis,
  type ChannelFolder,
  type ChannelGenesis,
} from "../channel/channel-folder.ts";
import type { PeerConfig } from "../config/config.ts";
import { openDataFolder } from "./data-format.ts";
import { NodeError } from "../errors.ts";
import { followEvents, type FollowOptions } from "../following/follow-events.ts";
import { HttpBlockSource, sourceApis } from "../http/http-block-source.ts";
import type { ApiClient } from "../http/api-client.ts";
import { HttpApi } from "../http/http-api.ts";
import { logGossip } from "../logs/gossip-log.ts";
import { peerLoggers } from "../logs/loggers.ts";
import { Observers } from "./observers.ts";
import { startNetwork, type PeerNetwork } from "./peer-network.ts";
import type { PeerChannel, PeerState } from "./peer-state.ts";

/** A peer without an HTTP API, for as long as what it was started with is not disposed of. */
export interface BarePeer {
  readonly state: PeerState;
  /** Rejects when a channel has stopped by itself; the peer's other channels go on. Never resolves. */
  readonly failed: Promise<never>;
  /** Resolves when somebody has asked over the API that the peer leaves. It is for the owner to stop it. */
  readonly left: Promise<void>;
}

/** A running peer. Disposing of it is the same as `stop`. */
export interface Peer extends BarePeer, AsyncDisposable {
  /** Where its HTTP API listens, as a URL. */
  readonly api: string;
  /** The user events of all members from now on; see {@link followEvents}. */
  events(options: FollowOptions): AsyncIterable<UserEvent>;
  /** Says goodbye, writes what was accepted, and lets go of ports and files. */
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly logger: Logger;
  /** Where the settings came from, for those who ask the peer. */
  readonly origins?: ReadonlyMap<string, string>;
}

/**
 * Starts a peer with its HTTP API. When it resolves, the peer listens, and works on joining the others.
 *
 * @throws NodeError, ChainError, GossipError: what of the configuration, the files or the ports cannot be used.
 */
export async function startPeer(config: PeerConfig, options: StartOptions): Promise<Peer> {
  await using started = new AsyncDisposableStack();
  const bare = await startBarePeer(config, options, started);
  const api = started.use(await HttpApi.start(bare.state));
  const owned = started.move();
  const stop = () => owned.disposeAsync();
  const events = (followed: FollowOptions) => followEvents(bare.state.gossip.events, followed);
  return { ...bare, api: api.url, events, stop, [Symbol.asyncDispose]: stop };
}

/**
 * Starts a peer: the one place where the parts are put together. What must be let go of is added to `started`.
 *
 * @throws as `startPeer`.
 */
export async function startBarePeer(
  config: PeerConfig,
  { logger, origins = new Map() }: StartOptions,
  started: AsyncDisposableStack,
): Promise<BarePeer> {
  const startedMs = Date.now();
  const loggers = peerLoggers(logger, config.logLevel);
  const optionsOf = (channel?: string) =>
    gossipOptions({
      ...(config.gossip as Partial<GossipOptions>),
      ...(config.channels[channel ?? ""] as Partial<GossipOptions>),
      blockBytesMax: config.blockBytesMax,
    });
  const options = optionsOf();
  const allGenesis = await readAllGenesis(config.genesis);
  requireJoined(config, allGenesis);
  const ledgerLog = loggers.get("ledger");
  started.use(await openDataFolder(config.data, { onMigrated: logMigration(ledgerLog) }));
  const folders = await openFolders(allGenesis, { data: config.data, logger: ledgerLog }, started);
  const apis = sourceApis(config);
  const observers = new Observers();
  const { observe } = observers;
  const network = await startNetwork({ config, options, folders, observe, loggers }, started);
  const { nameOf } = network;
  started.use(observers.add(logGossip(loggers, { now: () => performance.now(), nameOf })));
  const { channels, failed } = run(network, { folders, optionsOf, apis }, started);
  const left = Promise.withResolvers<void>();
  const leave = () => left.resolve();
  const state = { ...network, config, origins, leave, startedMs, loggers, observers, channels };
  return { state, failed, left: left.promise };
}

function logMigration(logger: Logger): (format: number, change: string) => void {
  return (format, change) => logger.info(`the data folder has been brought to format ${format}: ${change}`);
}

async function readAllGenesis(paths: readonly string[]): Promise<readonly ChannelGenesis[]> {
  const byName = new Map<string, ChannelGenesis>();
  for (const path of paths) {
    const genesis = await readGenesis(path);
    if (byName.has(genesis.name)) {
      throw new ChainError(
        "LEDGER_MISMATCH",
        `${path} is a second genesis block of channel ${genesis.name}; a peer joins a channel once`,
      );
    }
    byName.set(genesis.name, genesis);
  }
  return [...byName.values()];
}

async function openFolders(
  allGenesis: readonly ChannelGenesis[],
  { data, logger }: { readonly data: string; readonly logger: Logger },
  started: AsyncDisposableStack,
): Promise<readonly ChannelFolder[]> {
  const folders: ChannelFolder[] = [];
  for (const genesis of allGenesis) {
    const folder = await openChannelFolder(genesis, data, logger);
    started.use(folder.ledger);
    folders.push(folder);
  }
  return folders;
}

function requireJoined({ channels }: PeerConfig, joined: readonly ChannelGenesis[]): void {
  for (const name of Object.keys(channels)) {
    if (joined.some((genesis) => genesis.name === name)) continue;
    const names = joined.map((genesis) => genesis.name).join(", ") || "none";
    throw new NodeError(
      "CONFIG_INVALID",
      `channels has options for ${JSON.stringify(name)}, which is not joined; joined: ${names}`,
    );
  }
}

interface ToRun {
  readonly folders: readonly ChannelFolder[];
  readonly optionsOf: (channel: string) => GossipOptions;
  /** The block sources of all channels. */
  readonly apis: readonly ApiClient[];
}

/** Joins the channels and works until the stack is disposed of, then says goodbye. */
function run(
  { gossip, mayRead }: PeerNetwork,
  { folders, optionsOf, apis }: ToRun,
  started: AsyncDisposableStack,
): { readonly channels: readonly PeerChannel[]; readonly failed: Promise<never> } {
  const controller = new AbortController();
  const failed = Promise.withResolvers<never>();
  // Nobody may be waiting for it when it happens.
  failed.promise.catch(() => undefined);
  const runs: Promise<void>[] = [];
  const channels = folders.map((folder): PeerChannel => {
    const { verifier, block: genesis } = folder;
    const canRead = (credentials: Credentials) => mayRead(verifier.config, credentials);
    const sources = apis.map((api) => new HttpBlockSource(api, folder.name));
    const options = optionsOf(folder.name);
    const joined = gossip.join({ ...folder, genesis, mayRead: canRead, sources, options });
    const channel: { failure: Error | undefined } & Omit<PeerChannel, "failure"> = {
      ...folder,
      gossip: joined,
      failure: undefined,
    };
    const running = joined.run(controller.signal).catch((error: unknown) => {
      channel.failure = error instanceof Error ? error : new Error(String(error));
      failed.reject(channel.failure);
    });
    runs.push(running);
    return channel;
  });
  runs.push(gossip.run(controller.signal));
  started.defer(async () => {
    controller.abort();
    await Promise.all(runs);
  });
  return { channels, failed: failed.promise };
}
