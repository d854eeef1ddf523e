import type { ApiMember } from "../http/api-types.ts";
import { Card } from "./card.tsx";
import type { Dashboard } from "./dashboard.ts";
import { Glyph, lookOf } from "./organisations.tsx";
import { organisationName, shortId } from "./texts.ts";

/** Every peer of the channel: all that the graph shows, and why. */
export function PeersTable({ dashboard }: { readonly dashboard: Dashboard }) {
  const peers = dashboard.peers.value;
  const channel = dashboard.channelName.value ?? "";
  const sorted = peers.toSorted((a, b) =>
    `${a.organisation} ${a.name}`.localeCompare(`${b.organisation} ${b.name}`, undefined, { numeric: true }),
  );
  return (
    <Card title="Peers" note="as this peer sees them; heights are their own word">
      <div class="scroll peers-scroll" tabIndex={0} role="region" aria-label="Table of peers">
        <table class="peers">
          <thead>
            <tr>
              <th scope="col">Peer</th>
              <th scope="col">Organisation</th>
              <th scope="col">State</th>
              <th scope="col" class="number">
                Height
              </th>
              <th scope="col" class="number">
                Lag
              </th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((member) => (
              <PeerRow key={member.peer} {...{ member, peers, channel }} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

interface PeerRowProps {
  readonly member: ApiMember;
  readonly peers: readonly ApiMember[];
  readonly channel: string;
}

function PeerRow({ member, peers, channel }: PeerRowProps) {
  const { name, peer, self, state, reachable, reason, channels } = member;
  const { height, lag, leads } = channels.find((each) => each.name === channel) ?? {};
  return (
    <tr data-peer={name}>
      <th scope="row">
        <Glyph look={lookOf(peers, member)} /> {name || shortId(peer)}
        {self ? <span class="badge">this peer</span> : null}
        {leads === true ? <span class="badge leads">★ leads</span> : null}
      </th>
      <td class="organisation">{organisationName(member)}</td>
      <td>
        <StateBadge state={state} />
        {state === "alive" && !reachable ? <span class="badge">out of reach</span> : null}
      </td>
      <td class="number" data-label="height">
        {height?.toLocaleString() ?? "–"}
      </td>
      <td class={`number ${(lag ?? 0) > 0 ? "behind" : ""}`} data-label="lag">
        {lag ?? "–"}
      </td>
      <td class="reason">{reason}</td>
    </tr>
  );
}

const MARKS: Readonly<Record<ApiMember["state"], string>> = {
  alive: "●",
  suspect: "◐",
  dead: "✕",
  left: "○",
  refused: "⊘",
};

function StateBadge({ state }: { readonly state: ApiMember["state"] }) {
  return (
    <span class={`state ${state}`}>
      <span aria-hidden="true">{MARKS[state]}</span> {state}
    </span>
  );
}
