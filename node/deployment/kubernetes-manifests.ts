import type { PeerPlan } from "../network/network-plan.ts";
import {
  CONTAINER,
  CONTAINER_ARGUMENTS,
  HEALTH_INTERVAL_SECONDS,
  HEALTH_TIMEOUT_SECONDS,
  START_SECONDS_MAX,
  STOP_SECONDS_MAX,
} from "./container.ts";
import { healthCheck } from "./health-check.ts";
import { manifestYaml } from "./manifest-yaml.ts";

const ORGANISATION_LABEL = "blockgossip/organisation";

/**
 * The Kustomization of a peer's folder: it makes a ConfigMap and a Secret of the files there, so that no key is in a
 * manifest, and a changed file restarts the peer.
 *
 * @param files the folder's files, relative to it.
 */
export function peerKustomization({ name }: PeerPlan, files: readonly string[]): string {
  const entries = (secret: boolean) =>
    files.filter((file) => isSecret(file) === secret).map((file) => `${fileKey(file)}=${file}`);
  return manifestYaml({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [MANIFESTS],
    configMapGenerator: [{ name: configMapName(name), files: entries(false) }],
    secretGenerator: [{ name: secretName(name), files: entries(true) }],
  });
}

/** The name of the file that {@link peerManifests} goes into. */
export const MANIFESTS = "kubernetes.yaml";

/** A peer's headless Service, which gives it a name, and the StatefulSet that runs it. */
export function peerManifests(peer: PeerPlan, files: readonly string[]): string {
  return [service(peer), statefulSet(peer, files)].map((manifest) => manifestYaml(manifest)).join("---\n");
}

/** The Kustomization of all peers of an organisation, in `kubernetes/ORGANISATION`. */
export function organisationKustomization(peers: readonly PeerPlan[]): string {
  return manifestYaml({
    apiVersion: "kustomize.config.k8s.io/v1beta1",
    kind: "Kustomization",
    resources: [...peers.map(({ name }) => `../../peers/${name}`), DISRUPTION_BUDGET],
  });
}

/** The name of the file that {@link disruptionBudget} goes into. */
export const DISRUPTION_BUDGET = "disruption-budget.yaml";

/** Nodes are drained one peer of an organisation at a time. */
export function disruptionBudget(organisation: string): string {
  return manifestYaml({
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: organisation.toLowerCase() },
    spec: { maxUnavailable: 1, selector: { matchLabels: { [ORGANISATION_LABEL]: organisation } } },
  });
}

function service(peer: PeerPlan): unknown {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: peer.name, labels: labelsOf(peer) },
    spec: {
      clusterIP: "None",
      // Peers find each other while they start.
      publishNotReadyAddresses: true,
      selector: selectorOf(peer),
      ports: [{ name: "p2p", port: peer.port, targetPort: "p2p" }],
    },
  };
}

function statefulSet(peer: PeerPlan, files: readonly string[]): unknown {
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: peer.name, labels: labelsOf(peer) },
    spec: {
      // Each peer has a key of its own, so there is never a second one.
      replicas: 1,
      serviceName: peer.name,
      selector: { matchLabels: selectorOf(peer) },
      template: { metadata: { labels: labelsOf(peer) }, spec: podSpec(peer, files) },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
        },
      ],
    },
  };
}

function podSpec(peer: PeerPlan, files: readonly string[]): unknown {
  return {
    terminationGracePeriodSeconds: STOP_SECONDS_MAX,
    automountServiceAccountToken: false,
    // Its variables would look like settings.
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: CONTAINER.userId,
      runAsGroup: CONTAINER.userId,
      fsGroup: CONTAINER.userId,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { [ORGANISATION_LABEL]: peer.organisation } },
      },
    ],
    containers: [container(peer)],
    volumes: [{ name: "configuration", projected: { defaultMode: 0o440, sources: sourcesOf(peer, files) } }],
  };
}

function container({ port, apiPort }: PeerPlan): unknown {
  // The API is on the pod's loopback, where the kubelet's own requests do not come.
  const probe = {
    exec: { command: healthCheck(apiPort) },
    periodSeconds: HEALTH_INTERVAL_SECONDS,
    timeoutSeconds: HEALTH_TIMEOUT_SECONDS,
  };
  return {
    name: "peer",
    image: CONTAINER.image,
    imagePullPolicy: "IfNotPresent",
    args: CONTAINER_ARGUMENTS,
    env: [{ name: "BLOCKGOSSIP_DATA", value: CONTAINER.data }],
    ports: [{ name: "p2p", containerPort: port }],
    startupProbe: { ...probe, failureThreshold: START_SECONDS_MAX / HEALTH_INTERVAL_SECONDS },
    livenessProbe: { ...probe, failureThreshold: 4 },
    readinessProbe: probe,
    resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "2Gi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: "configuration", mountPath: CONTAINER.configuration, readOnly: true },
      { name: "data", mountPath: CONTAINER.data },
    ],
  };
}

/** Puts the files of ConfigMap and Secret back to their places. */
function sourcesOf({ name }: PeerPlan, files: readonly string[]): unknown {
  const items = (secret: boolean) =>
    files.filter((file) => isSecret(file) === secret).map((file) => ({ key: fileKey(file), path: file }));
  return [
    { configMap: { name: configMapName(name), items: items(false) } },
    { secret: { name: secretName(name), items: items(true) } },
  ];
}

function configMapName(peer: string): string {
  return `${peer}-config`;
}

function secretName(peer: string): string {
  return `${peer}-keys`;
}

function isSecret(file: string): boolean {
  return file.includes("keystore/") || file.endsWith(".key");
}

/** ConfigMaps and Secrets have no folders. */
function fileKey(file: string): string {
  return file.replaceAll("/", ".");
}

function selectorOf({ name }: PeerPlan): Readonly<Record<string, string>> {
  return { "app.kubernetes.io/name": "blockgossip", "app.kubernetes.io/instance": name };
}

function labelsOf(peer: PeerPlan): Readonly<Record<string, string>> {
  return { ...selectorOf(peer), [ORGANISATION_LABEL]: peer.organisation };
}
