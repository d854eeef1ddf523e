import { render } from "preact";
import { config } from "zod";
import { App } from "./app.tsx";
import { Dashboard } from "./dashboard.ts";

// Compiling schemas is what the page's own policy forbids, and the browser would complain of the attempt.
config({ jitless: true });

const root = document.getElementById("page");
if (root !== null) {
  const dashboard = new Dashboard();
  dashboard.start();
  render(<App dashboard={dashboard} />, root);
}
