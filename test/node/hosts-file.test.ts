import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readHosts } from "../../node/network/hosts-file.ts";
import { createNetwork } from "../../node/network/network.ts";
import { temporaryDirectory } from "../temporary-directory.ts";

function hostsIn(directory: string, name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}

const EXPECTED = [
  { name: "org1-peer0", organisation: "Org1", host: "192.0.2.10", port: 9700, apiPort: 9801 },
  { name: "org2-peer0", organisation: "Org2", host: "peer0.org2.example", port: 9700, apiPort: 9800 },
  { name: "org2-peer1", organisation: "Org2", host: "2001:db8::7", port: 9701, apiPort: 9800 },
];

const CSV = `\uFEFF# the consortium\r
name, organisation, host, port, apiPort\r
\r
org1-peer0, Org1, 192.0.2.10,, 9801\r
org2-peer0,Org2,peer0.org2.example\r
org2-peer1,Org2,2001:db8::7,9701,
`;

const YAML = `# the consortium
- { name: org1-peer0, organisation: Org1, host: 192.0.2.10, apiPort: 9801 }
- name: org2-peer0
  organisation: Org2
  host: peer0.org2.example
- { name: org2-peer1, organisation: Org2, host: "2001:db8::7", port: 9701 }
`;

test.each([
  ["hosts.csv", CSV],
  ["hosts.YAML", YAML],
])("%s is read, with the default ports where none are given", (name, text) => {
  using directory = temporaryDirectory();
  expect(readHosts(hostsIn(directory.path, name, text))).toEqual(EXPECTED);
});

const HEAD = "name,organisation,host,port,apiPort\n";

test.each<[words: string[], name: string, text: string]>([
  [[":2: host is missing; allowed is the IP address or DNS name"], "hosts.csv", `${HEAD}a,Org1,,9700,\n`],
  [[':3: host is "10.0.0.300"; allowed is'], "hosts.csv", `${HEAD}a,Org1,h\nb,Org1,10.0.0.300\n`],
  [[':2: host is "0.0.0.0"; allowed is'], "hosts.csv", `${HEAD}a,Org1,0.0.0.0\n`],
  [
    [':2: name is "A b"; allowed is up to 50', ':3: port is "70000"; allowed is a port from 1 to 65535'],
    "hosts.csv",
    `${HEAD}A b,Org1,h\nb,Org1,g,70000\n`,
  ],
  [[':2: port is "0"; allowed is'], "hosts.csv", `${HEAD}a,Org1,h,0\n`],
  [[':2: organisation is "orderer"; allowed is'], "hosts.csv", `${HEAD}a,orderer,h\n`],
  [
    [':1: the first line names the columns; there is no "nane"; did you mean name?'],
    "hosts.csv",
    "nane,host\n",
  ],
  [[":2 has 6 values, and there are 5 columns"], "hosts.csv", `${HEAD}a,Org1,h,1,2,3\n`],
  [[":4: name a is that of ", "hosts.csv:2 too"], "hosts.csv", `${HEAD}a,Org1,h\n\na,Org1,g\n`],
  [[":3: port 9800 of H is that of "], "hosts.csv", `${HEAD}a,Org1,h\nb,Org1,H,9800,1\n`],
  [[":2: port and apiPort are both 9800"], "hosts.csv", `${HEAD}a,Org1,h,9800\n`],
  [[":3: organisation ORG1 is Org1 in "], "hosts.csv", `${HEAD}a,Org1,h\nb,ORG1,g\n`],
  [["hosts.csv names no peer"], "hosts.csv", HEAD],
  [["hosts.csv names no peer"], "hosts.csv", ""],
  [["is neither CSV nor YAML by its name"], "hosts.txt", HEAD],
  [
    ['hosts.yaml:2: there is no "prot"; did you mean port?'],
    "hosts.yaml",
    "\n- { name: a, organisation: O, host: h, prot: 1 }",
  ],
  [
    ['hosts.yaml:1: host is "(no text)"; allowed is'],
    "hosts.yaml",
    "- { name: a, organisation: O, host: [h] }",
  ],
  [
    ["hosts.yaml:2 is no map of name, organisation"],
    "hosts.yaml",
    "- { name: a, organisation: O, host: h }\n- b",
  ],
  [["hosts.yaml is no list of peers"], "hosts.yaml", "name: a"],
  [["hosts.yaml is no YAML"], "hosts.yaml", "- {"],
])("refused before anything is written: %s", async (words, name, text) => {
  using directory = temporaryDirectory();
  const hosts = hostsIn(directory.path, name, text);
  const out = join(directory.path, "network");
  const refused = createNetwork({ out, channel: "demo", consensus: "raft", hosts });
  for (const each of words) {
    await expect(refused).rejects.toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(each) }),
    );
  }
  expect(existsSync(out)).toBe(false);
});
