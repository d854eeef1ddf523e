import { useState } from "preact/hooks";
import type { Connection, Dashboard } from "./dashboard.ts";
import { organisationName } from "./texts.ts";

/** Which peer this is, whether what is shown is of now, which channel, and the switch between light and dark. */
export function PageHeader({ dashboard }: { readonly dashboard: Dashboard }) {
  const status = dashboard.status.value;
  return (
    <header>
      <div class="brand">
        <img src="./favicon.svg" alt="" width={28} height={28} />
        <h1>blockgossip</h1>
      </div>
      {status === undefined ? null : (
        <p class="whose">
          as <b>{status.name}</b> sees it
          {status.organisation === undefined ? "" : `, a peer of ${organisationName(status)}`}
        </p>
      )}
      <div class="controls">
        <ConnectionPill connection={dashboard.connection.value} />
        <ChannelChoice dashboard={dashboard} />
        <ThemeSwitch />
      </div>
    </header>
  );
}

function ConnectionPill({ connection }: { readonly connection: Connection }) {
  const texts = { live: "live", connecting: "connecting", locked: "locked" };
  const text = connection.kind === "failing" ? connection.message : texts[connection.kind];
  return <span class={`pill ${connection.kind}`}>{text}</span>;
}

function ChannelChoice({ dashboard }: { readonly dashboard: Dashboard }) {
  const channels = dashboard.status.value?.channels ?? [];
  const [only] = channels;
  if (only === undefined) return null;
  if (channels.length === 1) return <span class="channel">channel {only.name}</span>;
  return (
    <label>
      channel{" "}
      <select
        value={dashboard.channelName.value}
        onChange={(event) => dashboard.choose(event.currentTarget.value)}
      >
        {channels.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

const THEME_KEY = "blockgossip-theme";

type Theme = "light" | "dark";

function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(startTheme);
  document.documentElement.dataset["theme"] = theme;
  const other = theme === "dark" ? "light" : "dark";
  const change = () => {
    localStorage.setItem(THEME_KEY, other);
    setTheme(other);
  };
  return (
    <button type="button" class="quiet" onClick={change}>
      <span aria-hidden="true">{other === "dark" ? "☾" : "☀"}</span> {other}
    </button>
  );
}

/** The one that was chosen here before, else the system's. */
function startTheme(): Theme {
  const chosen = localStorage.getItem(THEME_KEY);
  if (chosen === "light" || chosen === "dark") return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
