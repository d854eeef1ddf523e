import { join } from "node:path";
import { multiaddr } from "@multiformats/multiaddr";
import { pino } from "pino";
import { expect, test } from "vitest";
import { encodeMessage } from "../../gossip/wire/message-codec.ts";
import type { MemberEntry } from "../../gossip/wire/messages.ts";
import type { PeerId } from "../../gossip/ports.ts";
import { channelTag } from "../../gossip/channel/channel-tag.ts";
import { NO_ROLE, signStatement, type AliveStatement } from "../../gossip/wire/statements.ts";
import { identityIdOf } from "../../gossip/door/identity-id.ts";
import { ApiClient } from "../../node/http/api-client.ts";
import { loadConfig } from "../../node/config/config.ts";
import { freePortBase } from "../../node/network/free-ports.ts";
import { Libp2pKeyring } from "../../node/transport/libp2p-keyring.ts";
import { MspAdmission } from "../../node/msp/msp-admission.ts";
import { mspSigner, readMspFolder } from "../../node/msp/msp-folder.ts";
import { createNetwork } from "../../node/network/network.ts";
import { loadNodeKey } from "../../node/transport/node-key.ts";
import { startPeer } from "../../node/peer/peer.ts";
import { GOSSIP_PROTOCOL } from "../../node/transport/protocols.ts";
import { eventually } from "../end-to-end/processes.ts";
import { temporaryDirectory } from "../temporary-directory.ts";
import { admittedNode } from "./loopback-network.ts";
import { framed } from "./stranger.ts";

test("a member that gives nothing is demoted, and one that lies is named in the log and to who asks for the members, and cut off after repeated lies", async () => {
  using directory = temporaryDirectory();
  const portBase = (await freePortBase("127.0.0.1", 23_700, [0, 1, 100, 101])) ?? 0;
  const organisations = [{ name: "Org1", peers: 2 }];
  const out = join(directory.path, "network");
  const network = await createNetwork({ out, channel: "demo", consensus: "raft", organisations, portBase });
  const [honest, lying] = network.peers;
  const lines: string[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(line) });
  await using victim = await startPeer(loadConfig({ file: honest!.config }), { logger });

  const privateKey = await loadNodeKey(join(lying!.directory, "node.key"));
  const keyring = new Libp2pKeyring(privateKey);
  const signer = mspSigner(readMspFolder(join(lying!.directory, "msp")), lying!.mspId);
  const member = { peer: keyring.self, mspId: lying!.mspId, signer };
  const configs = () => victim.state.channels.map(({ verifier }) => verifier.config);
  const admission = new MspAdmission({ admission: "msp", member, configs, now: Date.now });
  await using liar = await admittedNode({ privateKey, admission });
  await liar.handle(GOSSIP_PROTOCOL, (stream) => stream.addEventListener("message", () => undefined));

  const { id: channel } = victim.state.channels[0]!;
  const incarnation = Date.now();
  let sequence = 0;
  const say = (about: Partial<AliveStatement>): MemberEntry => {
    const statement: AliveStatement = {
      kind: "alive",
      peer: keyring.self,
      incarnation,
      sequence: sequence++,
      left: false,
      name: "liar",
      addresses: [],
      channelTags: [channelTag(channel, keyring.self)],
      identity: identityIdOf(admission.identity),
      tags: [],
      ...about,
    };
    return { alive: signStatement(statement, keyring), internal: undefined };
  };
  const connection = await liar.dial(victim.state.multiaddrs.map(multiaddr));
  const stream = await connection.newStream(GOSSIP_PROTOCOL);
  const send = (entry: MemberEntry) =>
    stream.send(framed(encodeMessage({ kind: "alive", members: [entry] })));
  const api = new ApiClient(victim.api);
  const seen = async () => (await api.members()).find(({ peer }) => peer === keyring.self);
  send(say({}));
  await eventually("it is known", async () => (await seen())?.state === "alive");
  expect((await seen())?.misbehaving).toBeUndefined();
  expect((await seen())?.channels).toEqual([{ name: "demo" }]);

  // It claims blocks, and gives none: that may be the weather, and is no lie.
  const claim = signStatement(
    { kind: "state-info", peer: keyring.self, channel, height: 1_000, incarnation, sequence: 0, ...NO_ROLE },
    keyring,
  );
  stream.send(framed(encodeMessage({ kind: "state-info", channel, statements: [claim] })));
  await eventually("it is relied on no more", async () => {
    const until = (await seen())?.channels[0]?.demoted?.source;
    return until !== undefined && Date.parse(until) > Date.now();
  });
  expect((await seen())?.misbehaving).toBeUndefined();

  // Signed by itself, in the name of somebody else.
  const forged = () => say({ peer: "12D3KooWLP6oBkm4N9Hsrxg4mHDS8iRoMPN1uLo6uWvcJgBGhWus" as PeerId });
  send(forged());
  await eventually("it is named", async () => (await seen())?.misbehaving?.lies === 1);
  expect(await seen()).toMatchObject({ state: "alive", misbehaving: { code: "BAD_SIGNATURE" } });
  for (let lie = 2; lie <= 5; lie++) send(forged());
  await eventually("it is cut off", async () => (await seen())?.state === "refused");
  expect(await seen()).toMatchObject({
    reason: expect.stringContaining("it has lied too often"),
    misbehaving: { lies: 5, cutOffUntil: expect.any(String) },
  });
  await eventually("its connection is gone", async () => connection.status !== "open");
  await expect(liar.dial(victim.state.multiaddrs.map(multiaddr))).rejects.toMatchObject({
    code: "TURNED_AWAY",
  });
  expect((await api.status()).refusals).toMatchObject({ BAD_SIGNATURE: 5, CUT_OFF: 1 });
  const told = lines.find((line) => line.includes("is misbehaving (BAD_SIGNATURE)"));
  expect(JSON.parse(told!)).toMatchObject({ logger: "membership", peer: keyring.self });
});
