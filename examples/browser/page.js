/** Shows a channel's blocks as they come, the newest first. The browser itself reconnects, behind the last block seen. */
const ROWS_MAX = 100;

const form = document.querySelector("form");
const status = document.querySelector("[role=status]");
const rows = document.querySelector("tbody");

/** @type {EventSource | undefined} */
let source;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { api, channel } = Object.fromEntries(new FormData(form));
  follow(api, channel);
});

/** Where the page's address names a peer and a channel, they are followed at once. */
const asked = new URLSearchParams(location.search);
if (asked.has("api")) follow(asked.get("api"), asked.get("channel") ?? "demo");

function follow(api, channel) {
  source?.close();
  rows.replaceChildren();
  const url = new URL(`/v1/channels/${encodeURIComponent(channel)}/blocks`, api);
  url.search = "from=oldest&bytes=false";
  source = new EventSource(url);
  source.addEventListener("open", () => say(`Following ${channel} at ${api}.`));
  source.addEventListener("error", () => say(`No connection to ${api}.`));
  source.addEventListener("block", ({ data }) => show(JSON.parse(data)));
}

function show({ number, hash, transactions }) {
  const row = document.createElement("tr");
  for (const text of [number, hash, transactions]) {
    const cell = document.createElement("td");
    cell.textContent = String(text);
    row.append(cell);
  }
  rows.prepend(row);
  while (rows.rows.length > ROWS_MAX) rows.lastElementChild.remove();
}

function say(text) {
  status.textContent = text;
}
