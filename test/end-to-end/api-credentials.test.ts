import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { CertificateAuthority } from "../../node/msp/certificate-authority.ts";
import { tlsCredential } from "../node/tls-credential.ts";
import { DemoChannel } from "./demo-channel.ts";
import { Processes } from "./processes.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

async function run(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [join(ROOT, file), ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env,
  });
  const [[status], stdout, stderr] = await Promise.all([
    once(child, "exit"),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { status, stdout, stderr };
}

test("by hand: a token is made, a peer started with TLS, and both scripts get in with what they have", async () => {
  await using processes = new Processes();
  const path = (name: string) => join(processes.path, name);
  const write = (name: string, content: string) => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const channel = await DemoChannel.create(processes.path);
  const authority = await CertificateAuthority.create("Ops");
  const server = await tlsCredential(authority, { names: ["127.0.0.1"] });
  const admin = await authority.issue({ commonName: "admin", role: "admin" });
  const ca = write("ca.pem", authority.credential.certificate);

  const tokens = path("api.tokens");
  const made = await run("node/cli.ts", [
    "token",
    "create",
    "--right",
    "read",
    "--name",
    "ops",
    "--tokens",
    tokens,
  ]);
  expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^bgt_[\w-]{43}\n$/) });
  const peer = await processes.start({
    name: "peer",
    genesis: [channel.genesis],
    flags: [
      "--api",
      "0.0.0.0:0",
      "--api-tokens",
      tokens,
      "--api-client-ca",
      ca,
      "--api-hosts",
      "a.example",
      "--api-tls-cert",
      write("api.pem", server.certificate),
      "--api-tls-key",
      write("api.key", server.privateKey),
    ],
  });

  const api = ["--api", peer.ready.api, "--ca", ca];
  const shut = await run("scripts/ledger-height.ts", api);
  expect(shut).toMatchObject({ status: 5, stderr: expect.stringContaining("(UNAUTHENTICATED)") });
  const height = await run("scripts/ledger-height.ts", [...api, "--token-file", write("token", made.stdout)]);
  expect(height).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/ {2}peer {2}1 {2}[0-9a-f]{64}\n$/),
  });

  const block = [...api, "--orderer", channel.orderers, write("hello.txt", "hello")];
  const reader = await run("scripts/submit-block.ts", block, { BLOCKGOSSIP_TOKEN: made.stdout.trim() });
  expect(reader).toMatchObject({ status: 5, stderr: expect.stringContaining("[RIGHT_MISSING]") });
  const [cert, key] = [write("admin.pem", admin.certificate), write("admin.key", admin.privateKey)];
  const accepted = await run("scripts/submit-block.ts", [...block, "--cert", cert, "--key", key]);
  expect(accepted).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^block 1 {2}[0-9a-f]{64} {2}accepted\n$/),
  });
});
