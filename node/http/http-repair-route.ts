import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import * as z from "zod";
import type { RingMember } from "../../gossip/repair/ring-report.ts";
import type { PeerChannel, PeerState } from "../peer/peer-state.ts";
import type { ApiServer } from "./api-server.ts";
import { channelParametersSchema, repairSchema, type ApiRepair, type ApiRepairMember } from "./api-types.ts";
import { callerGone } from "./caller-gone.ts";
import { findChannel } from "./http-channel-routes.ts";
import { PROBLEM_RESPONSE } from "./openapi.ts";

const querySchema = z.strictObject({ verify: z.enum(["true", "false"]).optional() });

/** How often a blank is written while the answer is not known, so that nobody takes the connection for dead. */
const BLANK_INTERVAL_MS = 10_000;

const route = {
  schema: {
    summary: "Leads a ring of repair, and answers when it is closed; ?verify=false reads no disks",
    tags: ["channels"],
    params: channelParametersSchema,
    querystring: querySchema,
    response: { 200: repairSchema, ...PROBLEM_RESPONSE },
  },
} as const;

/**
 * `POST /v1/channels/NAME/repair`: leads a ring of repair, and answers with its report; `?verify=false` lets nobody
 * read all that is stored. The ring ends with the request. The answer begins at once, with blanks, which JSON allows;
 * where the ring cannot be closed it breaks off.
 */
export function addRepairRoute(server: ApiServer, peer: PeerState): void {
  server.post("/v1/channels/:name/repair", route, async ({ params, query, raw }, reply) => {
    const channel = findChannel(peer, params.name);
    raw.resume();
    const report = repair(peer, channel, query.verify !== "false", callerGone(reply.raw, "the repair"));
    // What is wrong from the start is answered as any error.
    const early = await Promise.race([report, setImmediate(undefined)]);
    if (early !== undefined) return early;
    return reply.type("application/json").send(Readable.from(withBlanks(report)) as never);
  });
}

async function repair(
  self: PeerState,
  { name, gossip }: PeerChannel,
  verify: boolean,
  signal: AbortSignal,
): Promise<ApiRepair> {
  const { hops, members, isEqual } = await gossip.repair.run(verify, signal);
  const describe = (member: RingMember): ApiRepairMember => {
    const known = self.gossip.membership.get(member.peer);
    const isSelf = member.peer === self.id;
    const organisation = isSelf ? self.organisation : known?.organisation;
    return {
      name: isSelf ? self.name : (known?.statement.name ?? ""),
      ...(organisation === undefined ? {} : { organisation }),
      ...memberOf(member),
    };
  };
  return { channel: name, hops, equal: isEqual, members: members.map(describe) };
}

function memberOf(member: RingMember): Omit<ApiRepairMember, "name" | "organisation"> {
  const { peer, before, after, tipHash, copied, failure } = member;
  return {
    peer,
    reached: member.isReached,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    ...(tipHash === undefined ? {} : { tipHash }),
    copied,
    damaged: [...member.damaged],
    mended: [...member.mended],
    more: member.hasMore,
    verified: member.isVerified,
    ...(failure === undefined ? {} : { failure }),
  };
}

async function* withBlanks(report: Promise<ApiRepair>): AsyncGenerator<string> {
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const blank = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), BLANK_INTERVAL_MS);
    });
    try {
      const made = await Promise.race([report, blank]);
      yield made === undefined ? " " : JSON.stringify(made);
      if (made !== undefined) return;
    } finally {
      clearTimeout(timer);
    }
  }
}
