import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import * as z from "zod";
import { Block } from "../../chain/block.ts";
import { ChannelConfig } from "../../chain/channel-config.ts";
import { loadConfig } from "../../node/config/config.ts";
import { healthCheck } from "../../node/deployment/health-check.ts";
import { createNetwork } from "../../node/network/network.ts";
import { readMspFolder } from "../../node/msp/msp-folder.ts";

const directory = mkdtempSync(join(tmpdir(), "blockgossip-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const out = join(directory, "network");
const hosts = join(directory, "hosts.csv");
writeFileSync(
  hosts,
  `name,organisation,host,port,apiPort
org1-peer0,Org1,192.0.2.10,9700,9800
org1-peer1,Org1,192.0.2.11,9701,9801
org2-peer0,Org2,peer0.org2.example,9702,9802
`,
);
const network = await createNetwork({ out, channel: "trade", consensus: "raft", hosts });

const text = (...path: string[]) => readFileSync(join(out, ...path), "utf8");

/** Whether the program is there; a test that needs it says so when it is skipped. */
function has(program: string): boolean {
  const found = spawnSync(program, ["--help"]).error === undefined;
  if (!found) console.warn(`skipped: there is no ${program} on this machine`);
  return found;
}

test("each peer's folder is all that it needs: configuration, genesis block, certificate and keys", () => {
  for (const peer of network.peers) {
    const elsewhere = join(directory, "elsewhere", peer.name);
    cpSync(peer.directory, elsewhere, { recursive: true });
    const config = loadConfig({ file: join(elsewhere, "config.yaml") });
    const address = peer.organisation === "Org2" ? `/dns/${peer.host}` : `/ip4/${peer.host}`;
    const fellows = network.peers.filter((each) => each.organisation === peer.organisation && each !== peer);
    expect(config).toMatchObject({
      name: peer.name,
      listen: [`/ip4/0.0.0.0/tcp/${peer.port}`],
      announce: [`${address}/tcp/${peer.port}`],
      externalEndpoints: [`${address}/tcp/${peer.port}`],
      bootstrap: fellows.map((each) => each.multiaddr),
      api: { host: "127.0.0.1", port: peer.apiPort },
      genesis: [join(elsewhere, "genesis.block")],
      nodeKey: join(elsewhere, "node.key"),
      admission: "msp",
    });
    expect(readFileSync(config.genesis[0]!)).toEqual(readFileSync(network.genesis));
    expect(readMspFolder(config.msp!).warnings).toEqual([]);
  }
  const genesis = ChannelConfig.fromBlock(Block.parse(new Uint8Array(readFileSync(network.genesis))));
  expect(genesis.anchorPeers).toEqual([
    { mspId: "Org1MSP", host: "192.0.2.10", port: 9700 },
    { mspId: "Org2MSP", host: "peer0.org2.example", port: 9702 },
  ]);
});

test("an IPv6 host's peer listens on all IPv6 addresses", async () => {
  const ipv6 = join(directory, "ipv6.yaml");
  writeFileSync(ipv6, '- { name: a, organisation: Org1, host: "2001:db8::7" }');
  const made = await createNetwork({
    out: join(directory, "ipv6"),
    channel: "trade",
    consensus: "raft",
    hosts: ipv6,
  });
  expect(loadConfig({ file: made.peers[0]!.config })).toMatchObject({
    listen: ["/ip6/::/tcp/9700"],
    announce: ["/ip6/2001:db8::7/tcp/9700"],
  });
  expect(
    JSON.parse(readFileSync(join(directory, "ipv6", "prometheus", "targets.json"), "utf8")),
  ).toMatchObject([{ targets: ["[2001:db8::7]:9800"] }]);
});

test("Prometheus finds each API under its host, with the peer's name and organisation", () => {
  expect(JSON.parse(text("prometheus", "targets.json"))).toEqual(
    network.peers.map(({ name, organisation, host, apiPort }) => ({
      targets: [`${host}:${apiPort}`],
      labels: { peer: name, organisation },
    })),
  );
});

describe("systemd", () => {
  const unit = text("systemd", "blockgossip@.service");

  test("the unit runs the peer of its name, may write to that one's data only, and lets V8 compile", () => {
    for (const line of [
      "Type=exec",
      "ExecStart=/usr/bin/env blockgossip peer start --config /etc/blockgossip/%i/config.yaml",
      "Environment=BLOCKGOSSIP_DATA=/var/lib/blockgossip/%i",
      "StateDirectory=blockgossip/%i",
      "ProtectSystem=strict",
      "NoNewPrivileges=yes",
      "LimitNOFILE=65536",
      "Restart=on-failure",
    ])
      expect(unit.split("\n")).toContain(line);
    expect(unit).not.toMatch(/^MemoryDenyWriteExecute/m);
  });

  test.skipIf(!has("systemd-analyze"))("systemd finds no fault with it, and takes it for hardened", () => {
    const file = join(out, "systemd", "blockgossip@.service");
    const verified = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
    expect(verified).toMatchObject({ status: 0, stderr: "" });
    // The threshold is ten times the exposure level, of which 10 is the worst.
    const security = spawnSync("systemd-analyze", ["security", "--offline=true", "--threshold=20", file]);
    expect(security.status).toBe(0);
  });
});

const composeSchema = z.strictObject({
  name: z.string(),
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()),
      network_mode: z.literal("host"),
      environment: z.record(z.string(), z.string()),
      volumes: z.array(z.string()),
      healthcheck: z.object({ test: z.array(z.string()), interval: z.string() }),
      stop_grace_period: z.string(),
      read_only: z.literal(true),
      cap_drop: z.tuple([z.literal("ALL")]),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});

test("compose: a service for each peer, with its folder, its data and a check of its own API", () => {
  const compose = composeSchema.parse(parse(text("compose.yaml")));
  expect(Object.keys(compose.services)).toEqual(network.peers.map(({ name }) => name));
  for (const peer of network.peers) {
    const service = compose.services[peer.name]!;
    expect(service.healthcheck.test).toEqual(["CMD", ...healthCheck(peer.apiPort)]);
    const [folder, data] = service.volumes.map((volume) => volume.split(":"));
    expect(existsSync(join(out, folder![0]!, "config.yaml"))).toBe(true);
    expect(service.command.at(-1)).toBe(`${folder![1]}/config.yaml`);
    expect(folder![2]).toBe("ro");
    expect(Object.keys(compose.volumes)).toContain(data![0]);
    expect(service.environment).toEqual({ BLOCKGOSSIP_DATA: data![1] });
  }
});

const probe = z.object({ exec: z.object({ command: z.array(z.string()) }) });
const item = z.object({ key: z.string(), path: z.string() });

const statefulSetSchema = z.object({
  apiVersion: z.literal("apps/v1"),
  kind: z.literal("StatefulSet"),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    replicas: z.literal(1),
    serviceName: z.string(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    template: z.object({
      metadata: z.object({ labels: z.record(z.string(), z.string()) }),
      spec: z.object({
        securityContext: z.object({ runAsNonRoot: z.literal(true) }),
        containers: z.tuple([
          z.object({
            args: z.array(z.string()),
            env: z.array(z.object({ name: z.string(), value: z.string() })),
            ports: z.array(z.object({ name: z.string(), containerPort: z.int() })),
            startupProbe: probe,
            livenessProbe: probe,
            readinessProbe: probe,
            volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
          }),
        ]),
        volumes: z.tuple([
          z.object({
            name: z.string(),
            projected: z.object({
              sources: z.tuple([
                z.object({ configMap: z.object({ name: z.string(), items: z.array(item) }) }),
                z.object({ secret: z.object({ name: z.string(), items: z.array(item) }) }),
              ]),
            }),
          }),
        ]),
      }),
    }),
    volumeClaimTemplates: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
  }),
});

const serviceSchema = z.object({
  apiVersion: z.literal("v1"),
  kind: z.literal("Service"),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    clusterIP: z.literal("None"),
    selector: z.record(z.string(), z.string()),
    ports: z.array(z.object({ port: z.int(), targetPort: z.string() })),
  }),
});

describe("Kubernetes", () => {
  test("each peer's StatefulSet and Service agree with its configuration and with each other", () => {
    for (const peer of network.peers) {
      const documents = parseAllDocuments(text("peers", peer.name, "kubernetes.yaml")).map((each) =>
        each.toJS(),
      );
      const service = serviceSchema.parse(documents[0]);
      const { spec, metadata } = statefulSetSchema.parse(documents[1]);
      expect([metadata.name, spec.serviceName, service.metadata.name]).toEqual(Array(3).fill(peer.name));
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
      expect(service.spec.selector).toEqual(spec.selector.matchLabels);
      expect(service.spec.ports).toMatchObject([{ port: peer.port, targetPort: "p2p" }]);
      const [container] = spec.template.spec.containers;
      expect(container.ports).toEqual([{ name: "p2p", containerPort: peer.port }]);
      for (const each of [container.startupProbe, container.livenessProbe, container.readinessProbe])
        expect(each.exec.command).toEqual(healthCheck(peer.apiPort));
      const [configuration, data] = container.volumeMounts;
      expect(container.args.at(-1)).toBe(`${configuration!.mountPath}/config.yaml`);
      expect(container.env).toEqual([{ name: "BLOCKGOSSIP_DATA", value: data!.mountPath }]);
      expect(spec.volumeClaimTemplates.map((each) => each.metadata.name)).toEqual([data!.name]);
    }
  });

  test("no private key is in a ConfigMap, and all files of a folder come back to their places", () => {
    for (const { name } of network.peers) {
      const [, set] = parseAllDocuments(text("peers", name, "kubernetes.yaml")).map((each) => each.toJS());
      const [{ configMap }, { secret }] =
        statefulSetSchema.parse(set).spec.template.spec.volumes[0].projected.sources;
      expect(secret.items.map(({ path }) => path)).toEqual(["msp/keystore/priv_sk", "node.key"]);
      expect(configMap.items.map(({ path }) => path)).toEqual([
        "config.yaml",
        "genesis.block",
        "msp/cacerts/ca-cert.pem",
        "msp/config.yaml",
        "msp/signcerts/cert.pem",
      ]);
      const kustomization = parse(text("peers", name, "kustomization.yaml"));
      const files = (items: readonly z.output<typeof item>[]) =>
        items.map(({ key, path }) => `${key}=${path}`);
      expect(kustomization).toMatchObject({
        configMapGenerator: [{ name: configMap.name, files: files(configMap.items) }],
        secretGenerator: [{ name: secret.name, files: files(secret.items) }],
      });
    }
  });

  test("an organisation's Kustomization has its peers, and a budget that drains one at a time", () => {
    expect(parse(text("kubernetes", "Org1", "kustomization.yaml")).resources).toEqual([
      "../../peers/org1-peer0",
      "../../peers/org1-peer1",
      "disruption-budget.yaml",
    ]);
    const { spec } = parse(text("kubernetes", "Org1", "disruption-budget.yaml"));
    expect(spec.maxUnavailable).toBe(1);
    const [, set] = parseAllDocuments(text("peers", "org1-peer1", "kubernetes.yaml")).map((each) =>
      each.toJS(),
    );
    expect(statefulSetSchema.parse(set).spec.template.metadata.labels).toMatchObject(
      spec.selector.matchLabels,
    );
  });

  test.skipIf(!has("kubectl"))("kubectl builds all that of the folder, keys included", () => {
    const built = spawnSync("kubectl", ["kustomize", join(out, "kubernetes", "Org1")], { encoding: "utf8" });
    expect(built).toMatchObject({ status: 0, stderr: "" });
    const objects = parseAllDocuments(built.stdout).map((each) => each.toJS());
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      "ConfigMap",
      "ConfigMap",
      "PodDisruptionBudget",
      "Secret",
      "Secret",
      "Service",
      "Service",
      "StatefulSet",
      "StatefulSet",
    ]);
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    expect(Buffer.from(secrets[0].data["node.key"], "base64")).toEqual(
      readFileSync(join(out, "peers", "org1-peer0", "node.key")),
    );
    // The generated names, with a hash of the content, have come into the pods' volumes.
    const used = objects
      .filter(({ kind }) => kind === "StatefulSet")
      .map(
        (set) => statefulSetSchema.parse(set).spec.template.spec.volumes[0].projected.sources[1].secret.name,
      );
    expect(used).toEqual(secrets.map(({ metadata }) => metadata.name));
    expect(used[0]).toMatch(/^org1-peer0-keys-\w+$/);
  });
});
