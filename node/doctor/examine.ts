import { readGenesis } from "../channel/channel-folder.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import type { PeerConfig } from "../config/config.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { ApiStatus } from "../http/api-types.ts";
import { peerIdIn } from "../peer/own-peer-id.ts";
import { fail, ok, skip, warn, type Finding } from "./finding.ts";
import { checkAdmission, checkCertificates, checkKey } from "./identity-checks.ts";
import { checkDisk, checkOpenFiles } from "./machine-checks.ts";
import { checkClock, checkPeer } from "./peer-checks.ts";
import { checkPorts } from "./port-checks.ts";
import { checkReach } from "./reach-checks.ts";

/** What is looked at. */
export interface Patient {
  /** The peer's settings; undefined: only the running peer is looked at. */
  readonly config?: PeerConfig;
  /** Where the peer is asked, if it runs. */
  readonly api: ApiClient;
}

/** Looks at all that a peer needs, whether it runs or not, and changes nothing. */
export async function examine({ config, api }: Patient): Promise<readonly Finding[]> {
  const asked = await api.status().catch((error: unknown) => error);
  const running = isStatus(asked) ? asked : undefined;
  const own = config === undefined ? undefined : await peerIdOf(config);
  const isOwn = own === undefined || running === undefined || running.peer === own;
  return [
    ...(config === undefined ? [] : await examineSettings(config, own, isOwn ? running : undefined)),
    runningFinding(api.url, asked, isOwn),
    ...(running === undefined
      ? [skip("clock", "no peer runs that has heard of others'")]
      : [await checkClock(api, running, Date.now()), ...(await checkPeer(api, running))]),
  ];
}

async function examineSettings(
  config: PeerConfig,
  own: string | undefined,
  running: ApiStatus | undefined,
): Promise<readonly Finding[]> {
  const { findings, channels } = await checkGenesis(config);
  return [
    checkKey(config, own),
    ...checkCertificates(config, Date.now()),
    ...findings,
    checkAdmission(config, own, channels),
    checkDisk(config),
    checkOpenFiles(config),
    ...(await checkPorts(config, running)),
    ...(await checkReach(config)),
  ];
}

/** Undefined where there is no key, or none that can be read. */
async function peerIdOf({ nodeKey }: PeerConfig): Promise<string | undefined> {
  try {
    return await peerIdIn(nodeKey);
  } catch (error) {
    if (error instanceof NodeError) return undefined;
    throw error;
  }
}

async function checkGenesis({ genesis }: PeerConfig) {
  const findings: Finding[] = [];
  const channels: ChannelConfig[] = [];
  for (const path of genesis) {
    try {
      const { name, block } = await readGenesis(path);
      channels.push(ChannelConfig.fromBlock(block));
      findings.push(ok("genesis", `channel ${name}, ${block.hash} (${path})`));
    } catch (error) {
      findings.push(
        fail("genesis", reason(error), "get the channel's genesis block from its operator: genesis"),
      );
    }
  }
  if (genesis.length === 0)
    findings.push(
      warn(
        "genesis",
        "none is set, so the peer joins no channel",
        "name the channel's genesis block: genesis",
      ),
    );
  return { findings, channels };
}

function runningFinding(url: string, asked: unknown, isOwn: boolean): Finding {
  if (!isStatus(asked)) {
    const isAbsent = asked instanceof NodeError && asked.code === "API_UNREACHABLE";
    return isAbsent
      ? skip("peer", `none answers at ${url}; when it runs, ask again`)
      : warn("peer", reason(asked), "name what opens its API: --token-file, or --cert and --key");
  }
  if (isOwn) return ok("peer", `${asked.name} runs at ${url} since ${asked.startedAt}`);
  return warn(
    "peer",
    `the one at ${url} is ${asked.name}, not the one of these settings`,
    "name this one's with --api",
  );
}

function isStatus(asked: unknown): asked is ApiStatus {
  return !(asked instanceof Error);
}
