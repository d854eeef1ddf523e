import { describe, expect, test } from "vitest";
import { GossipError } from "../gossip/errors.ts";
import type { Admission } from "../gossip/ports.ts";
import { codeOf, fetchAll, settled } from "./settled.ts";
import { OPEN } from "../node/testing/simulator/simulated-peer.ts";
import type { TestNetwork } from "./transport-acceptance.ts";
import { advert, CHANNEL } from "./transport-messages.ts";

/** Lets nobody in. */
const SHUT: Admission = {
  ...OPEN,
  admit: () => {
    throw new GossipError("UNKNOWN_ORGANISATION", "nobody is let in here");
  },
};

/** What every adapter of the transport port does at the door: before a handshake is done, nothing passes. */
export function doorAcceptance(name: string, create: (peerCount: number) => Promise<TestNetwork>): void {
  describe(`${name} keeps the door`, () => {
    test("To meet a peer says who we are and nothing else, and needs no second handshake afterwards", async () => {
      await using network = await create(2);
      const [a, b] = [network.peers[0]!, network.peers[1]!];
      expect(await settled(network, a.transport.meet(b.id))).toBe(b.id);
      expect([a.inbox.received, b.inbox.received]).toEqual([[], []]);
      const handshakes = b.inbox.handshakes;
      a.transport.send(b.id, advert(1));
      await network.waitFor(() => b.inbox.messagesFrom(a.id).length === 1);
      expect(b.inbox.handshakes).toBe(handshakes);
    });

    test.each([
      ["the asked side", 1],
      ["the asking side", 0],
    ])(
      "Where %s lets nobody in, neither hears a message or an answer, and both know why",
      async (_side, which) => {
        await using network = await create(2);
        const [a, b] = [network.peers[0]!, network.peers[1]!];
        network.peers[which]!.inbox.admission = SHUT;
        a.transport.send(b.id, advert(1));
        const code = await codeOf(network, a.transport.meet(b.id));
        expect(code).toBe(which === 0 ? "UNKNOWN_ORGANISATION" : "TURNED_AWAY");
        const fetching = fetchAll(a.transport, b.id, { channel: CHANNEL, range: { first: 0, end: 1 } });
        await expect(settled(network, fetching)).rejects.toBeInstanceOf(GossipError);
        expect([a.inbox.received, b.inbox.received]).toEqual([[], []]);
        const refusing = network.peers[which]!;
        const other = which === 0 ? b : a;
        expect(refusing.inbox.turnedAway[0]).toEqual({ peer: other.id, code: "UNKNOWN_ORGANISATION" });
        expect(other.inbox.turnedAway).toEqual([]);
      },
    );

    test("A peer that is hung up on comes back by a new handshake, and not if it is not let in any more", async () => {
      await using network = await create(2);
      const [a, b] = [network.peers[0]!, network.peers[1]!];
      a.transport.send(b.id, advert(1));
      await network.waitFor(() => b.inbox.messagesFrom(a.id).length === 1 && a.inbox.received.length === 1);
      const handshakes = b.inbox.handshakes;
      b.transport.disconnect(a.id, new GossipError("EXPIRED_CERTIFICATE", "it has ended"));
      await network.waitFor(() => (a.transport.send(b.id, advert(2)), b.inbox.handshakes > handshakes));
      await network.waitFor(() => b.inbox.messagesFrom(a.id).length > 1);
      const heard = b.inbox.received.length;
      b.inbox.admission = SHUT;
      b.transport.disconnect(a.id, new GossipError("EXPIRED_CERTIFICATE", "it has ended"));
      await network.waitFor(() => (a.transport.send(b.id, advert(3)), b.inbox.turnedAway.length > 0));
      expect(b.inbox.messagesFrom(a.id).at(-1)).not.toEqual(advert(3));
      expect(b.inbox.received.length).toBe(heard);
    });
  });
}
