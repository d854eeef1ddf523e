import { isIPv6 } from "node:net";
import { peerIdFromString } from "@libp2p/peer-id";
import { multiaddr } from "@multiformats/multiaddr";
import * as z from "zod";
import { ANTI_ENTROPY_MODES } from "../../gossip/options.ts";
import { isHostname } from "../http/hostname.ts";
import { isLogSpec, LOG_SPEC_HELP } from "../logs/log-spec.ts";

const BLOCK_BYTES_MAX = 100 << 20;

/** A statement with more is refused by all who read it (gossip/wire/statements.ts). */
const TAGS_MAX = 16;

/** One option of the protocol; which one may be what, `gossipOptions` knows. */
const gossipOption = z.union([z.number(), z.boolean(), z.enum(["auto", ...ANTI_ENTROPY_MODES])]);

/**
 * Every setting of a peer: its type, its default, and (as its description) what is allowed, in words that complete
 * "allowed is …".
 */
export const peerSettingsSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[^\p{C}]{1,64}$/u)
    .optional()
    .describe("a name for people, of up to 64 printable characters"),
  mspId: z
    .string()
    .regex(/^[^\p{C}\s]{1,128}$/u)
    .optional()
    .describe("the id of the peer's organisation, such as Org1MSP"),
  tags: z
    .array(z.string().regex(/^[a-z][a-z0-9-]{0,31}=[^\p{C},]{0,64}$/u))
    .max(TAGS_MAX)
    .readonly()
    .default([])
    .describe(
      "a list of what others may look for this peer by, each NAME=VALUE such as role=archive, 16 at most",
    ),
  data: z.string().min(1).default("./data").describe("the folder that holds the peer's ledgers"),
  listen: list(z.string().refine(isListenAddress))
    .default(["/ip4/127.0.0.1/tcp/0"])
    .describe("a list of addresses such as /ip4/127.0.0.1/tcp/9700, where port 0 takes a free one"),
  announce: list(z.string().refine(isDialAddress))
    .default([])
    .describe(
      "a list of addresses at which others reach this peer, such as /dns4/peer0.example.org/tcp/9700",
    ),
  externalEndpoints: list(z.string().refine(isDialAddress))
    .default([])
    .describe(
      "a list of addresses at which peers of other organisations reach this peer; one without any is not seen from " +
        "outside its organisation",
    ),
  bootstrap: list(z.string().refine(isBootstrapAddress))
    .default([])
    .describe(
      "a list of addresses of peers of the own organisation with their peer ids, such as /ip4/127.0.0.1/tcp/9700/p2p/12D3KooW…",
    ),
  genesis: list(z.string().min(1))
    .default([])
    .describe("a list of genesis blocks' files, one for each channel to join"),
  msp: z.string().min(1).optional().describe("the MSP folder with the peer's certificate and key"),
  nodeKey: z.string().min(1).optional().describe("the file of the peer's libp2p key"),
  admission: z
    .enum(["open", "msp"])
    .optional()
    .describe(
      '"open" (anyone may join) or "msp" (only who has a certificate of an organisation of the channel)',
    ),
  api: z
    .string()
    .transform((text, context) => {
      const address = parseApiAddress(text);
      if (address !== undefined) return address;
      context.addIssue("no host and port");
      return z.NEVER;
    })
    .prefault("127.0.0.1:0")
    .describe(
      "HOST:PORT, where a HOST that is not this machine's loopback (127.0.0.1, [::1] or localhost) needs TLS and " +
        "credentials, and port 0 takes a free one",
    ),
  apiTlsCert: z
    .string()
    .min(1)
    .optional()
    .describe("the file of the API's TLS certificate in PEM, intermediate ones behind it"),
  apiTlsKey: z.string().min(1).optional().describe("the file of the private key of the API's certificate"),
  apiTokens: z
    .string()
    .min(1)
    .optional()
    .describe("the file of the tokens that open the API, as blockgossip token create writes it"),
  apiClientCa: z
    .string()
    .min(1)
    .optional()
    .describe("the file of the CA certificates whose client certificates open the API"),
  apiHosts: list(z.string().refine(isHostname))
    .default([])
    .describe("a list of further names and addresses that the API is called by, such as peer0.example.org"),
  apiOrigins: list(z.string().refine(isOrigin))
    .default([])
    .describe(
      "a list of origins of web pages that may use the API beside its own, such as https://explorer.example.org",
    ),
  followersMax: z
    .int()
    .min(0)
    .max(65_536)
    .default(1_024)
    .describe("a whole number from 0 to 65536: how many may follow blocks at the API at a time"),
  sources: list(z.string().refine(isSourceUrl))
    .default([])
    .describe(
      "a list of URLs of HTTP APIs that new blocks are fetched from, such as https://orderer0.example.org:9800",
    ),
  sourceTokenFile: z
    .string()
    .min(1)
    .optional()
    .describe("the file of the token that opens the sources' APIs"),
  sourceCa: z
    .string()
    .min(1)
    .optional()
    .describe("the file of the CA certificates of the sources' APIs, instead of the well-known ones"),
  sourceCert: z
    .string()
    .min(1)
    .optional()
    .describe("the file of the client certificate that opens the sources' APIs"),
  sourceKey: z.string().min(1).optional().describe("the file of its private key"),
  logLevel: z.string().refine(isLogSpec).default("info").describe(LOG_SPEC_HELP),
  // Six times what Fabric's orderers cut by default (AbsoluteMaxBytes, 10 MiB): a peer holds a block several times
  // over while it receives, verifies and passes it on.
  blockBytesMax: z
    .int()
    .min(1024)
    .max(BLOCK_BYTES_MAX)
    .default(64 << 20)
    .describe(`a whole number of bytes from 1024 to ${BLOCK_BYTES_MAX}, which is Fabric's own limit`),
  connectionsMax: z.int().min(1).max(65_536).default(300).describe("a whole number from 1 to 65536"),
  gossip: z
    .record(z.string(), gossipOption)
    .default({})
    .describe('a number, true, false, "auto" or a mode such as "pull" for each option of the protocol'),
  channels: z
    .record(z.string(), z.record(z.string(), gossipOption))
    .default({})
    .describe(
      "for each channel's name the options of the protocol that are other ones there, as under gossip",
    ),
});

/** A host and a TCP port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(1000).readonly();
}

/** As a browser writes it: no path, and the port only where it is not the scheme's own. */
function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

function isSourceUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function parseApiAddress(text: string): HostPort | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const isHost = bracketed === undefined ? isHostname(host) : isIPv6(host);
  return isHost && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined;
}

function isListenAddress(text: string): boolean {
  const [network, transport, ...more] = components(text);
  return isOneOf(network?.name, ["ip4", "ip6"]) && transport?.name === "tcp" && more.length === 0;
}

/** Whether the text is an address that a peer is reached at over TCP, with or without its peer id. */
export function isDialAddress(text: string): boolean {
  const [network, transport, peer, ...more] = components(text);
  return (
    isOneOf(network?.name, ["ip4", "ip6", "dns", "dns4", "dns6"]) &&
    transport?.name === "tcp" &&
    Number(transport.value) > 0 &&
    (peer === undefined || (peer.name === "p2p" && isPeerId(peer.value))) &&
    more.length === 0
  );
}

function isBootstrapAddress(text: string): boolean {
  return isDialAddress(text) && components(text).length === 3;
}

function isOneOf(name: string | undefined, names: readonly string[]): boolean {
  return name !== undefined && names.includes(name);
}

/** The address's parts; none where it is no multiaddr. */
function components(text: string): readonly { readonly name: string; readonly value?: string }[] {
  try {
    return multiaddr(text).getComponents();
  } catch {
    return [];
  }
}

function isPeerId(text: string | undefined): boolean {
  try {
    return text !== undefined && peerIdFromString(text).toString() === text;
  } catch {
    return false;
  }
}
