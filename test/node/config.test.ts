import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadConfig, type ConfigSources, type PeerConfig } from "../../node/config/config.ts";
import { NodeError } from "../../node/errors.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

const PEER_ID = "12D3KooWLP6oBkm4N9Hsrxg4mHDS8iRoMPN1uLo6uWvcJgBGhWus";

/** Of a peer that lets everybody in, unless the sources say something else. */
function openConfig({ environment = {}, ...sources }: ConfigSources): PeerConfig {
  return loadConfig({ ...sources, environment: { BLOCKGOSSIP_ADMISSION: "open", ...environment } });
}

/** The message that the sources are refused with. */
function refusal(sources: ConfigSources): string {
  try {
    loadConfig(sources);
  } catch (error) {
    expect(error).toBeInstanceOf(NodeError);
    expect((error as NodeError).code).toBe("CONFIG_INVALID");
    return (error as NodeError).message;
  }
  throw new Error(`${JSON.stringify(sources)} is taken`);
}

/** Loads a file of this text from a folder of its own. */
function withFile<Result>(text: string, use: (file: string, directory: string) => Result): Result {
  using directory = temporaryDirectory();
  const file = join(directory.path, "config.yaml");
  writeFileSync(file, text);
  return use(file, directory.path);
}

describe("defaults", () => {
  test("with nothing but who may take part, a peer listens on a free port of loopback", () => {
    expect(openConfig({})).toEqual({
      data: resolve("data"),
      nodeKey: resolve("data/node.key"),
      listen: ["/ip4/127.0.0.1/tcp/0"],
      announce: [],
      externalEndpoints: [],
      bootstrap: [],
      genesis: [],
      admission: "open",
      api: { host: "127.0.0.1", port: 0 },
      apiHosts: [],
      apiOrigins: [],
      followersMax: 1_024,
      tags: [],
      sources: [],
      logLevel: "info",
      blockBytesMax: 67_108_864,
      connectionsMax: 300,
      gossip: {},
      channels: {},
    });
  });

  test("to let everybody in has to be said", () => {
    expect(refusal({})).toContain('or admission to "open", which lets everybody in');
    expect(openConfig({}).admission).toBe("open");
  });

  test("a peer has as many tags as others read, and no more", () => {
    const tags = (count: number) => Array.from({ length: count }, (_, index) => `tag${index}=x`);
    expect(openConfig({ flags: { tags: tags(16) } }).tags).toHaveLength(16);
    expect(refusal({ flags: { admission: "open", tags: tags(17) } })).toContain("16 at most");
  });

  test("with an MSP folder, admission is by MSP unless something else is said", () => {
    expect(loadConfig({ flags: { msp: "msp" } }).admission).toBe("msp");
    expect(openConfig({ flags: { msp: "msp", admission: "open" } }).admission).toBe("open");
  });
});

describe("precedence", () => {
  const file =
    "connectionsMax: 1\nlogLevel: debug\nname: from-file\ngossip:\n  pushAdverts: 1\n  pushFanout: 1\n";

  test("flags stand over environment, environment over file, file over defaults", () => {
    withFile(file, (path) => {
      const environment = { BLOCKGOSSIP_CONNECTIONS_MAX: "2", BLOCKGOSSIP_LOG_LEVEL: "warn" };
      const config = openConfig({
        flags: { connectionsMax: "3", logLevel: undefined },
        environment,
        file: path,
      });
      expect(config).toMatchObject({ connectionsMax: 3, logLevel: "warn", name: "from-file" });
    });
  });

  test("options of the protocol are merged one by one", () => {
    withFile(file, (path) => {
      const environment = { BLOCKGOSSIP_GOSSIP_PENALTY_MS: "100", BLOCKGOSSIP_GOSSIP_PUSH: "false" };
      const config = openConfig({ flags: { gossip: { pushAdverts: 5 } }, environment, file: path });
      expect(config.gossip).toEqual({ pushAdverts: 5, pushFanout: 1, penaltyMs: 100, push: false });
    });
  });

  test("an empty environment variable counts as not set", () => {
    expect(openConfig({ environment: { BLOCKGOSSIP_LOG_LEVEL: "", BLOCKGOSSIP_MSP: "" } })).toEqual(
      openConfig({}),
    );
  });

  test("a list in the environment is separated by commas", () => {
    const environment = { BLOCKGOSSIP_LISTEN: "/ip4/127.0.0.1/tcp/1, /ip6/::1/tcp/2" };
    expect(openConfig({ environment }).listen).toEqual(["/ip4/127.0.0.1/tcp/1", "/ip6/::1/tcp/2"]);
  });
});

describe("paths", () => {
  test("those of a file start from its folder, those of flags and environment from the working directory", () => {
    const text = "data: ./ledgers\nmsp: msp\nnodeKey: ../key\ngenesis: [a.block, /b.block]\n";
    withFile(text, (file, directory) => {
      expect(openConfig({ file })).toMatchObject({
        data: join(directory, "ledgers"),
        msp: join(directory, "msp"),
        nodeKey: resolve(directory, "../key"),
        genesis: [join(directory, "a.block"), "/b.block"],
      });
      const mixed = openConfig({ file, flags: { data: "d" }, environment: { BLOCKGOSSIP_GENESIS: "g" } });
      expect(mixed).toMatchObject({
        data: resolve("d"),
        genesis: [resolve("g")],
        msp: join(directory, "msp"),
      });
    });
  });

  test("the key is in the data folder where nothing else is said", () => {
    expect(openConfig({ flags: { data: "/somewhere" } }).nodeKey).toBe("/somewhere/node.key");
  });
});

describe("refusals name the key, the value, where it came from and what is allowed", () => {
  const listen = "allowed is a list of addresses such as /ip4/127.0.0.1/tcp/9700";
  const bootstrap = "allowed is a list of addresses of peers of the own organisation with their peer ids";
  const announce = "allowed is a list of addresses at which others reach this peer";
  const api = "allowed is HOST:PORT, where a HOST that is not this machine's loopback";
  const whole = "allowed is a whole number from 1 to 65536";
  const bytes = "allowed is a whole number of bytes from 1024 to 104857600";
  const level = "allowed is silent, fatal, error, warn, info, debug or trace";
  const cases: readonly (readonly [key: string, value: unknown, shown: string, allowed: string])[] = [
    ["name", "", 'name is ""', "allowed is a name for people, of up to 64 printable characters"],
    ["name", "a\nb", 'name is "a\\nb"', "printable characters"],
    ["name", 7, "name is 7", "printable characters"],
    [
      "mspId",
      "Org1 MSP",
      'mspId is "Org1 MSP"',
      "allowed is the id of the peer's organisation, such as Org1MSP",
    ],
    ["data", "", 'data is ""', "allowed is the folder that holds the peer's ledgers"],
    ["listen", ["/ip4/127.0.0.1/tcp/0", "foo"], 'listen[1] is "foo"', listen],
    ["listen", ["/ip4/127.0.0.1/udp/1/quic-v1"], 'listen[0] is "/ip4/127.0.0.1/udp/1/quic-v1"', listen],
    ["listen", ["/dns4/host/tcp/1"], 'listen[0] is "/dns4/host/tcp/1"', listen],
    ["listen", ["/ip4/127.0.0.1/tcp/70000"], 'listen[0] is "/ip4/127.0.0.1/tcp/70000"', listen],
    ["listen", 7, "listen is 7", listen],
    ["announce", ["/ip4/1.2.3.4/tcp/0"], 'announce[0] is "/ip4/1.2.3.4/tcp/0"', announce],
    ["bootstrap", ["/ip4/1.2.3.4/tcp/1"], 'bootstrap[0] is "/ip4/1.2.3.4/tcp/1"', bootstrap],
    ["bootstrap", ["/dns4/h/tcp/1/p2p/x"], 'bootstrap[0] is "/dns4/h/tcp/1/p2p/x"', bootstrap],
    ["genesis", [""], 'genesis[0] is ""', "allowed is a list of genesis blocks' files"],
    ["msp", true, "msp is true", "allowed is the MSP folder with the peer's certificate and key"],
    ["nodeKey", "", 'nodeKey is ""', "allowed is the file of the peer's libp2p key"],
    ["admission", "closed", 'admission is "closed"', 'allowed is "open" (anyone may join) or "msp"'],
    ["api", "127.0.0.1", 'api is "127.0.0.1"', api],
    ["api", "127.0.0.1:65536", 'api is "127.0.0.1:65536"', api],
    ["api", "evil/org:80", 'api is "evil/org:80"', api],
    ["api", "[127.0.0.1]:80", 'api is "[127.0.0.1]:80"', api],
    ["api", "::1:80", 'api is "::1:80"', api],
    ["apiTlsCert", "", 'apiTlsCert is ""', "allowed is the file of the API's TLS certificate"],
    ["apiTlsKey", 7, "apiTlsKey is 7", "allowed is the file of the private key"],
    ["apiTokens", 7, "apiTokens is 7", "allowed is the file of the tokens"],
    ["apiClientCa", "", 'apiClientCa is ""', "allowed is the file of the CA certificates"],
    ["apiHosts", ["a.b", "a:1"], 'apiHosts[1] is "a:1"', "allowed is a list of further names"],
    ["apiOrigins", ["http://a/"], 'apiOrigins[0] is "http://a/"', "allowed is a list of origins"],
    ["logLevel", "loud", 'logLevel is "loud"', level],
    ["blockBytesMax", 1023, "blockBytesMax is 1023", bytes],
    ["blockBytesMax", 104_857_601, "blockBytesMax is 104857601", bytes],
    ["connectionsMax", 0, "connectionsMax is 0", whole],
    ["connectionsMax", 1.5, "connectionsMax is 1.5", whole],
    ["connectionsMax", "many", 'connectionsMax is "many"', whole],
    ["gossip", "fast", 'gossip is "fast"', 'allowed is a number, true, false, "auto" or a mode'],
  ];

  test.each(cases)("%s %j", (key, value, shown, allowed) => {
    const message = refusal({ flags: { [key]: value } });
    expect(message).toContain(shown);
    expect(message).toContain(`(flag --${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`);
    expect(message).toContain(allowed);
    expect(message.split("\n")).toHaveLength(1);
  });

  test("an option of the protocol", () => {
    const message = refusal({ environment: { BLOCKGOSSIP_GOSSIP_ANTI_ENTROPY_PEERS: "few" } });
    expect(message).toBe(
      'gossip.antiEntropyPeers is "few" (environment variable BLOCKGOSSIP_GOSSIP_ANTI_ENTROPY_PEERS); allowed is a number, true, false, "auto" or a mode such as "pull" for each option of the protocol',
    );
  });

  test("an environment variable", () => {
    expect(refusal({ environment: { BLOCKGOSSIP_CONNECTIONS_MAX: "-1" } })).toBe(
      "connectionsMax is -1 (environment variable BLOCKGOSSIP_CONNECTIONS_MAX); allowed is a whole number from 1 to 65536",
    );
  });

  test("a line of a file", () => {
    withFile("# a comment\n\nlogLevel: loud\n", (file) => {
      const message = refusal({ file });
      expect(message).toContain('logLevel is "loud" (');
      expect(message).toContain("config.yaml:3); allowed is silent");
    });
  });

  test("all wrong settings come at once, a line each", () => {
    const lines = refusal({ flags: { logLevel: "loud", connectionsMax: 0, lissten: [] } }).split("\n");
    expect(lines).toHaveLength(3);
  });

  test("a long value is cut", () => {
    expect(refusal({ flags: { admission: "x".repeat(100_000) } }).length).toBeLessThan(500);
  });
});

describe("unknown settings", () => {
  test("are refused with the name that was probably meant", () => {
    withFile("bootsrap: []\n", (file) => {
      const message = refusal({ file });
      expect(message).toContain("bootsrap is [] (");
      expect(message).toContain("config.yaml:1)");
      expect(message).toContain("did you mean bootstrap? Allowed are name, mspId, tags, data,");
    });
  });

  test("are refused without a guess where nothing is near", () => {
    expect(refusal({ flags: { colour: "red" } })).toContain(
      'colour is "red" (flag --colour), but there is no such setting. Allowed are name,',
    );
  });

  test("in the environment are refused only where they look like a typing error", () => {
    expect(refusal({ environment: { BLOCKGOSSIP_LISTN: "x" } })).toBe(
      "environment variable BLOCKGOSSIP_LISTN is no setting; did you mean BLOCKGOSSIP_LISTEN?",
    );
    const ofKubernetes = { BLOCKGOSSIP_SERVICE_HOST: "10.0.0.1", BLOCKGOSSIP_PORT_9700_TCP_ADDR: "10.0.0.1" };
    expect(openConfig({ environment: ofKubernetes })).toEqual(openConfig({}));
    // Nor is what the commands that ask a peer find it by.
    expect(openConfig({ environment: { BLOCKGOSSIP_API: "http://h:1" } })).toEqual(openConfig({}));
    expect(openConfig({ environment: { BLOCKGOSSIP_API: "127.0.0.1:1" } }).api.port).toBe(1);
  });
});

describe("settings that do not fit together", () => {
  test("admission by MSP needs an MSP folder", () => {
    expect(refusal({ flags: { admission: "msp" } })).toBe(
      'admission is "msp" (flag --admission), but msp is not set; set msp to the MSP folder with the peer\'s certificate and key, or admission to "open"',
    );
  });

  test("the largest block is set in one place", () => {
    expect(refusal({ flags: { gossip: { blockBytesMax: 5000 } } })).toBe(
      "gossip.blockBytesMax is 5000 (flag --gossip); set blockBytesMax instead",
    );
  });
});

describe("files", () => {
  test.each(["- a list\n", "just text\n"])("%j is no map of settings", (text) => {
    withFile(text, (file) => expect(refusal({ file })).toContain('no list of settings "key: value"'));
  });

  test.each(["listen: [\n", "a: 1\na: 2\n", "{{{\n", "a: b: c\n"])("%j is no YAML", (text) => {
    withFile(text, (file) => expect(refusal({ file })).toContain("is no YAML"));
  });

  test("an empty file sets nothing", () => {
    withFile("# nothing\n", (file) => expect(openConfig({ file })).toEqual(openConfig({})));
  });

  test("aliases that multiply, or that hold themselves, are refused and do not hang", () => {
    const levels = Array.from(
      { length: 30 },
      (_, n) => `k${n + 1}: &a${n + 1} [${"*a".concat(String(n), ", ").repeat(9)}]`,
    );
    withFile(`k0: &a0 [x]\n${levels.join("\n")}\n`, (file) =>
      expect(refusal({ file })).toContain("config.yaml"),
    );
    withFile("listen: &a [*a]\n", (file) => expect(refusal({ file })).toContain("listen[0] is"));
  });

  test("one that is missing, a folder or too large is unreadable, with its path", () => {
    using directory = temporaryDirectory();
    const large = join(directory.path, "large");
    writeFileSync(large, "#".repeat(2 << 20));
    mkdirSync(join(directory.path, "folder"));
    for (const file of [join(directory.path, "missing"), join(directory.path, "folder"), large]) {
      expect(() => openConfig({ file })).toThrow(
        expect.objectContaining({ code: "FILE_UNREADABLE", message: expect.stringContaining(file) }),
      );
    }
  });

  test("any text is either taken or refused with a NodeError", () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, "config.yaml");
    const line = fc.tuple(
      fc.constantFrom("listen", "api", "gossip", "data", "x", "__proto__"),
      fc.string(),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        writeFileSync(
          file,
          lines.map(([key, text, list]) => `${key}: ${list ? `[${text}]` : text}`).join("\n"),
        );
        try {
          loadConfig({ file });
        } catch (error) {
          expect(error).toBeInstanceOf(NodeError);
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("a bootstrap address with a peer id is taken, by name or by number", () => {
  const bootstrap = [
    `/ip4/127.0.0.1/tcp/9700/p2p/${PEER_ID}`,
    `/dns4/peer.example.org/tcp/9700/p2p/${PEER_ID}`,
  ];
  expect(openConfig({ flags: { bootstrap } }).bootstrap).toEqual(bootstrap);
});
