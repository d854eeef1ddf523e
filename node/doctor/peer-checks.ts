import { reason } from "../files.ts";
import type { ApiClient } from "../http/api-client.ts";
import type { ApiMember, ApiStatus } from "../http/api-types.ts";
import { fail, ok, skip, warn, type Finding } from "./finding.ts";

/** Clocks this far apart are worth a word. */
const SKEW_MS_MAX = 60_000;

/** Whether the running peer sees others, and holds all that they hold. */
export async function checkPeer(api: ApiClient, status: ApiStatus): Promise<readonly Finding[]> {
  try {
    const members = await api.members();
    const channels = await Promise.all(status.channels.map(({ name }) => checkChannel(api, name, members)));
    return [checkNeighbours(members), checkHealth(status), ...channels];
  } catch (error) {
    return [fail("peer", reason(error), "see its log")];
  }
}

function checkNeighbours(members: readonly ApiMember[]): Finding {
  const others = members.filter(({ self }) => !self);
  const alive = others.filter(({ state }) => state === "alive");
  const message = `${alive.length} of ${others.length} other members are alive`;
  if (alive.length === 0)
    return fail(
      "members",
      message,
      "blockgossip members says why; blockgossip join gets to know one by its address",
    );
  const refused = others.filter(({ state }) => state === "refused");
  if (refused.length > 0)
    return warn(
      "members",
      `${message}, ${refused.length} refused`,
      "blockgossip members --status refused says why",
    );
  return ok("members", message);
}

function checkHealth({ health }: ApiStatus): Finding {
  if (!health.inDoubt) return ok("health", `score ${health.score}; 0 is well`);
  return warn(
    "health",
    `score ${health.score}: it doubts its own view of the others`,
    "the machine is overloaded or was paused, or its network is bad",
  );
}

async function checkChannel(api: ApiClient, name: string, members: readonly ApiMember[]): Promise<Finding> {
  const check = `channel ${name}`;
  const { height, catchUp, forks } = await api.channel(name);
  if (forks.length > 0)
    return fail(
      check,
      `its orderers have signed two chains, from block ${forks[0]?.number} on`,
      "ask the orderers' operators",
    );
  const lag = members.find(({ self }) => self)?.channels.find((channel) => channel.name === name)?.lag ?? 0;
  if (catchUp !== undefined)
    return warn(
      check,
      `catching up, ${height} of ${catchUp.target} blocks`,
      "blockgossip sync --watch shows how it gets on",
    );
  if (lag > 0) return warn(check, `${lag} blocks behind`, "look again; if it stays so, see its log");
  return ok(check, `in step with the others at ${height}`);
}

/** Compares this machine's clock with what members said when they started: a start that is to come tells of a wrong clock. */
export async function checkClock(api: ApiClient, status: ApiStatus, nowMs: number): Promise<Finding> {
  const ownAheadMs = Date.parse(status.startedAt) - nowMs;
  const { events } = await api.events().catch(() => ({ events: [] }));
  const starts = [
    { who: status.name, aheadMs: ownAheadMs },
    ...events.map(({ authorName, author, incarnation }) => ({
      who: authorName ?? author,
      aheadMs: incarnation - nowMs,
    })),
  ];
  const ahead = starts.find(({ aheadMs }) => aheadMs > SKEW_MS_MAX);
  if (ahead !== undefined)
    return warn(
      "clock",
      `${ahead.who} started ${Math.round(ahead.aheadMs / 1_000)} s after this machine's now`,
      "set the clocks of both by NTP: certificates and statements are judged by them",
    );
  if (events.length === 0) return skip("clock", "no member has told a time that it could be compared with");
  return ok("clock", "no member started after this machine's now");
}
