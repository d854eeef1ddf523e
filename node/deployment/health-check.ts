/**
 * A command that ends with status 0 if the peer's API on this machine's loopback says that all is well, for whatever
 * watches a container from inside. It needs nothing but Node.js.
 */
export function healthCheck(apiPort: number): readonly string[] {
  const ask = `fetch("http://127.0.0.1:${apiPort}/healthz")`;
  return ["node", "-e", `${ask}.then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))`];
}
