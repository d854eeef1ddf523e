import { render } from "preact";
import { App } from "./app.tsx";
import { Dashboard } from "./dashboard.ts";

const root = document.getElementById("page");
if (root !== null) {
  const dashboard = new Dashboard();
  dashboard.start();
  render(<App dashboard={dashboard} />, root);
}
