import { useRef } from "preact/hooks";
import type { Dashboard } from "./dashboard.ts";

/** Asks for the token that the API asks for. It stays in this tab. */
export function TokenForm({ dashboard }: { readonly dashboard: Dashboard }) {
  const input = useRef<HTMLInputElement>(null);
  const submit = (event: Event) => {
    event.preventDefault();
    const token = input.current?.value.trim() ?? "";
    if (token !== "") dashboard.unlock(token);
  };
  return (
    <form class="card lock" onSubmit={submit}>
      <h2>This peer asks for a token</h2>
      <p>
        One with the right to read is enough. It is made with <code>blockgossip token create</code>, and is
        forgotten with this tab.
      </p>
      <label>
        Token
        <input ref={input} type="password" autoComplete="off" spellcheck={false} required />
      </label>
      <button type="submit">Open</button>
    </form>
  );
}
