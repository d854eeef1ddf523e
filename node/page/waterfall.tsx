import type { ApiMember } from "../http/api-types.ts";
import { Card } from "./card.tsx";
import type { Dashboard } from "./dashboard.ts";
import { BLOCKS_SHOWN, spanOf, stepsOf, type Step } from "./journeys.ts";
import { Glyph, lookOf } from "./organisations.tsx";
import { duration, nameOf, WAYS } from "./texts.ts";

/** One block's way: for each peer a bar from the first byte to the durable block, which way it came, and from whom. */
export function Waterfall({ dashboard }: { readonly dashboard: Dashboard }) {
  const number = dashboard.shownBlock.value;
  const journey = dashboard.journeys.value.get(number ?? -1);
  return (
    <Card title="A block's way" note={<BlockChoice dashboard={dashboard} />} class="way">
      {number === undefined || journey === undefined ? (
        <p class="nothing">No block has come since the peers started. Hand one in to see how it travels.</p>
      ) : (
        <Steps number={number} steps={stepsOf(journey)} peers={dashboard.peers.value} />
      )}
    </Card>
  );
}

const NEWEST = "newest";

function BlockChoice({ dashboard }: { readonly dashboard: Dashboard }) {
  const chosen = dashboard.chosenBlock.value;
  const recent = dashboard.blocks.value.slice(0, BLOCKS_SHOWN);
  const numbers = chosen === undefined || recent.includes(chosen) ? recent : [...recent, chosen];
  const choose = (value: string) => {
    dashboard.chosenBlock.value = value === NEWEST ? undefined : Number(value);
  };
  return (
    <label>
      block{" "}
      <select value={chosen ?? NEWEST} onChange={(event) => choose(event.currentTarget.value)}>
        <option value={NEWEST}>the newest</option>
        {numbers.map((number) => (
          <option key={number} value={number}>
            {number}
          </option>
        ))}
      </select>
    </label>
  );
}

interface StepsProps {
  readonly number: number;
  readonly steps: readonly Step[];
  readonly peers: readonly ApiMember[];
}

function Steps({ number, steps, peers }: StepsProps) {
  const endMs = spanOf(steps);
  const missing = peers.filter(
    ({ peer, state }) => state !== "left" && steps.every((step) => step.peer !== peer),
  );
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="How the block travelled">
        <table class="steps">
          <caption>
            Block <b>{number}</b>, from its first byte anywhere until it was durable: {duration(endMs)}
          </caption>
          <colgroup>
            <col class="who-column" />
            <col />
            <col class="how-column" />
          </colgroup>
          <thead class="unseen">
            <tr>
              <th scope="col">Peer</th>
              <th scope="col">First byte until durable</th>
              <th scope="col">How it came</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step) => (
              <StepRow key={step.peer} {...{ step, peers, endMs }} />
            ))}
            {missing.map((member) => (
              <tr key={member.peer} class="missing">
                <th scope="row">
                  <Glyph look={lookOf(peers, member)} /> {nameOf(peers, member.peer)}
                </th>
                <td colSpan={2}>
                  {member.state === "alive" ? "not known to have it" : `is ${member.state}`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Legend steps={steps} />
    </>
  );
}

interface StepRowProps {
  readonly step: Step;
  readonly peers: readonly ApiMember[];
  readonly endMs: number;
}

function StepRow({ step, peers, endMs }: StepRowProps) {
  const { peer, arrival, receivedMs, verifiedMs, committedMs } = step;
  const { origin, from } = arrival;
  const lastMs = committedMs ?? endMs;
  const percent = (ms: number) => `${(100 * Math.min(ms, endMs)) / endMs}%`;
  const member = peers.find((each) => each.peer === peer);
  return (
    <tr data-peer={nameOf(peers, peer)} data-origin={origin}>
      <th scope="row">
        <Glyph look={lookOf(peers, member ?? {})} /> {nameOf(peers, peer)}
      </th>
      <td class="track">
        <div
          class={`bar way-${origin} ${committedMs === undefined ? "open" : ""}`}
          style={{
            left: percent(receivedMs),
            width: percent(Math.min(lastMs, endMs) - Math.min(receivedMs, endMs)),
          }}
          title={`first byte ${duration(receivedMs)}, verified ${duration(verifiedMs)}, durable ${
            committedMs === undefined ? "not yet" : duration(committedMs)
          }`}
        />
        <span class="unseen">{`${duration(receivedMs)} to ${
          committedMs === undefined ? "not yet durable" : duration(committedMs)
        }`}</span>
      </td>
      <td class="how">
        <b>{WAYS[origin].name}</b>
        {from === undefined ? "" : ` from ${nameOf(peers, from)}`}
        <span class="at">{committedMs === undefined ? "…" : `+${duration(committedMs)}`}</span>
      </td>
    </tr>
  );
}

function Legend({ steps }: { readonly steps: readonly Step[] }) {
  const origins = [...new Set(steps.map(({ arrival }) => arrival.origin))];
  return (
    <ul class="legend" aria-label="Ways">
      {origins.map((origin) => (
        <li key={origin}>
          <span class={`swatch way-${origin}`} aria-hidden="true" />
          <span>
            <b>{WAYS[origin].name}</b>: {WAYS[origin].meaning}
          </span>
        </li>
      ))}
    </ul>
  );
}
