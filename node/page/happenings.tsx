import type { ApiMember } from "../http/api-types.ts";
import { Card } from "./card.tsx";
import type { Dashboard } from "./dashboard.ts";
import { clockTime, count, nameOf, shortId } from "./texts.ts";

interface Entry {
  readonly key: string;
  readonly time: string;
  readonly text: string;
}

/** What has changed since the page was opened. */
export function Happenings({ dashboard }: { readonly dashboard: Dashboard }) {
  const entries = dashboard.happenings.value.map(({ atMs, text }, index, all) => ({
    key: `${all.length - index}`,
    time: clockTime(atMs),
    text,
  }));
  return (
    <Listed title="Changes" entries={entries} nothing="No peer has changed since you opened this page." />
  );
}

/** User events, the newest first. */
export function UserEvents({ dashboard }: { readonly dashboard: Dashboard }) {
  const members = dashboard.members.value;
  const entries = dashboard.events.value.toReversed().map((event) => {
    const { time, author, authorName, incarnation, sequence, name, payload, payloadBase64 } = event;
    const what = payload ?? `${payloadBase64} (base64)`;
    return {
      key: `${author} ${incarnation} ${sequence}`,
      time: `#${time}`,
      text: `${authorName ?? nameOf(members, author)}: ${name} ${what}`,
    };
  });
  return (
    <Listed
      title="Events"
      entries={entries}
      nothing="Nobody has sent one. Try: blockgossip event send hello"
    />
  );
}

/** Forks, liars, and what was turned away. */
export function Refusals({ dashboard }: { readonly dashboard: Dashboard }) {
  const forks = (dashboard.channel.value?.forks ?? []).map(({ number }) => ({
    key: `fork ${number}`,
    time: "fork",
    text: `The orderers have signed two blocks ${number}.`,
  }));
  const liars = dashboard.members.value.flatMap(misconduct);
  const counts = Object.entries(dashboard.status.value?.refusals ?? {}).map(([code, times]) => ({
    key: code,
    time: `${times}×`,
    text: code,
  }));
  const entries: readonly Entry[] = [...forks, ...liars, ...counts];
  return <Listed title="Refusals and misconduct" entries={entries} nothing="Nothing was refused." />;
}

function misconduct({ peer, name, misbehaving }: ApiMember): readonly Entry[] {
  if (misbehaving === undefined) return [];
  const { lies, code, message, at, cutOffUntil } = misbehaving;
  const cut = cutOffUntil === undefined ? "" : `; it is cut off until ${clockTime(cutOffUntil)}`;
  const text = `${name || shortId(peer)} was caught at ${count(lies, "lie")}, last ${code}: ${message}${cut}`;
  return [{ key: peer, time: clockTime(at), text }];
}

interface ListedProps {
  readonly title: string;
  readonly entries: readonly Entry[];
  readonly nothing: string;
}

function Listed({ title, entries, nothing }: ListedProps) {
  return (
    <Card title={title}>
      {entries.length === 0 ? (
        <p class="nothing">{nothing}</p>
      ) : (
        <ul class="listed scroll" tabIndex={0} aria-label={title}>
          {entries.map(({ key, time, text }) => (
            <li key={key}>
              <span class="when">{time}</span> <span>{text}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
