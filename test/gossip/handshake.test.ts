import * as fc from "fast-check";
import { expect, test } from "vitest";
import { GossipError } from "../../gossip/errors.ts";
import { Handshake, handshakeRefusal, type HandshakeStep } from "../../gossip/door/handshake.ts";
import type { Admission, Credentials, PeerId } from "../../gossip/ports.ts";
import * as wire from "../../gossip/wire/wire.js";
import { SimulatedKeyring } from "../../node/testing/simulator/simulated-keyring.ts";

const [dan, amy, eve] = ["dan", "amy", "eve"] as PeerId[] as [PeerId, PeerId, PeerId];

/** An identity is the name of whose it is; its key is that of a keyring of the same name. */
function admissionOf(name: string | undefined): Admission {
  return {
    isOpen: false,
    organisation: "Org",
    identity: name === undefined ? undefined : Buffer.from(name),
    sign: (bytes) => new SimulatedKeyring(name as PeerId).sign(bytes),
    admit,
  };
}

/** As the real one: who shows nothing, or somebody else's, is not let in. */
function admit(peer: PeerId, identity: Uint8Array | undefined): Credentials {
  if (identity === undefined) throw new GossipError("NO_IDENTITY", "nothing is shown");
  if (Buffer.from(identity).toString() !== peer) throw new GossipError("WRONG_PEER", "somebody else's");
  const keyring = new SimulatedKeyring(peer);
  return {
    organisation: "Org",
    expiresMs: undefined,
    verify: (bytes, signature) => keyring.verify(peer, bytes, signature),
  };
}

interface SideParts {
  readonly self: PeerId;
  readonly peer: PeerId;
  readonly isDialler: boolean;
  readonly identity?: string | undefined;
  readonly nonce?: Uint8Array;
}

function side({ self, peer, isDialler, ...rest }: SideParts): Handshake {
  const identity = "identity" in rest ? rest.identity : self;
  const nonce = rest.nonce ?? new SimulatedKeyring(self).nonce();
  const admission = admissionOf(identity);
  return new Handshake({
    self,
    peer,
    isDialler,
    admission,
    nonce,
    admit: (shown) => admission.admit(peer, shown),
  });
}

function sides({ nonce }: { readonly nonce?: Uint8Array } = {}) {
  const dialler = side({ self: dan, peer: amy, isDialler: true });
  const acceptor = side({
    self: amy,
    peer: dan,
    isDialler: false,
    ...(nonce === undefined ? {} : { nonce }),
  });
  return { dialler, acceptor };
}

function sent({ frame }: Partial<HandshakeStep>): Uint8Array {
  if (frame === undefined) throw new Error("nothing was sent");
  return frame;
}

function refusal(code: string) {
  return expect.objectContaining({ code });
}

test("two peers that hold their keys let each other in, in three frames", () => {
  const { dialler, acceptor } = sides();
  expect(dialler.begin()).toBeUndefined();
  const proof = dialler.receive(sent({ frame: acceptor.begin() }));
  expect(proof.isDone).toBe(false);
  const answer = acceptor.receive(sent(proof));
  expect(answer.isDone).toBe(true);
  expect(dialler.receive(sent(answer))).toEqual({ frame: undefined, isDone: true });
});

test("the one that was dialled says a number and nothing of itself before it knows who is there", () => {
  const { acceptor } = sides();
  const { nonce, ...rest } = wire.Handshake.decode(sent({ frame: acceptor.begin() }));
  expect(nonce).toHaveLength(32);
  expect(rest).toEqual({ identity: new Uint8Array(0), signature: new Uint8Array(0), refusal: "" });
});

test("who is refused gets the code of the refusal, no identity and no second chance", () => {
  const acceptor = side({ self: amy, peer: eve, isDialler: false });
  acceptor.begin();
  const nothing = wire.Handshake.encode({ nonce: new Uint8Array(32) });
  expect(() => acceptor.receive(nothing)).toThrow(refusal("NO_IDENTITY"));
  const told = wire.Handshake.decode(handshakeRefusal(new GossipError("NO_IDENTITY", "amy keeps out eve")));
  expect(told).toMatchObject({ refusal: "NO_IDENTITY", identity: new Uint8Array(0) });
  expect(Buffer.from(handshakeRefusal(new GossipError("HIDDEN", "secret"))).includes("secret")).toBe(false);
  expect(() => acceptor.receive(nothing)).toThrow(refusal("MALFORMED_MESSAGE"));
});

test("a proof made on another connection is refused, on either side", () => {
  const before = sides();
  const oldProof = sent(before.dialler.receive(sent({ frame: before.acceptor.begin() })));
  const oldAnswer = sent(before.acceptor.receive(oldProof));
  // The same two, once more, with other nonces.
  const acceptor = side({ self: amy, peer: dan, isDialler: false, nonce: new Uint8Array(32).fill(1) });
  const dialler = side({ self: dan, peer: amy, isDialler: true, nonce: new Uint8Array(32).fill(2) });
  const challenge = sent({ frame: acceptor.begin() });
  expect(() => acceptor.receive(oldProof)).toThrow(refusal("BAD_PROOF"));
  dialler.receive(challenge);
  expect(() => dialler.receive(oldAnswer)).toThrow(refusal("BAD_PROOF"));
});

test("the dialler's own nonce is signed for: an acceptor that repeats its old nonce repeats no old answer", () => {
  const nonce = new Uint8Array(32).fill(7);
  const before = sides({ nonce });
  const oldProof = sent(before.dialler.receive(sent({ frame: before.acceptor.begin() })));
  const oldAnswer = sent(before.acceptor.receive(oldProof));
  const dialler = side({ self: dan, peer: amy, isDialler: true, nonce: new Uint8Array(32).fill(2) });
  dialler.receive(wire.Handshake.encode({ nonce }));
  expect(() => dialler.receive(oldAnswer)).toThrow(refusal("BAD_PROOF"));
});

test("a proof that is passed on to somebody else is refused: it names both ends", () => {
  // Dan dials Eve, who gives him Amy's challenge and shows Amy his answer as if it were hers, or his own connection.
  const acceptor = side({ self: amy, peer: dan, isDialler: false });
  const dialler = side({ self: dan, peer: eve, isDialler: true });
  const proof = sent(dialler.receive(sent({ frame: acceptor.begin() })));
  expect(() => acceptor.receive(proof)).toThrow(refusal("BAD_PROOF"));
  const toEve = side({ self: amy, peer: eve, isDialler: false });
  toEve.begin();
  expect(() => toEve.receive(proof)).toThrow(refusal("WRONG_PEER"));
});

test("one's own proof, sent back, proves nothing", () => {
  const { dialler, acceptor } = sides();
  const proof = sent(dialler.receive(sent({ frame: acceptor.begin() })));
  expect(() => dialler.receive(proof)).toThrow(refusal("WRONG_PEER"));
  // Even where one dials oneself, and the identity is the right one: the sides sign different texts.
  const nonce = new Uint8Array(32).fill(7);
  const same = side({ self: dan, peer: dan, isDialler: true, nonce });
  const mirrored = sent(same.receive(wire.Handshake.encode({ nonce })));
  expect(() => same.receive(mirrored)).toThrow(refusal("BAD_PROOF"));
});

test("an identity without a signature, with another's or with a changed one is refused", () => {
  const signatures = [
    new Uint8Array(0),
    new SimulatedKeyring(eve).sign(new Uint8Array(3)),
    new Uint8Array(32),
  ];
  for (const signature of signatures) {
    const acceptor = side({ self: amy, peer: dan, isDialler: false });
    acceptor.begin();
    const frame = {
      nonce: new Uint8Array(32),
      identity: Buffer.from("dan"),
      signature: Buffer.from(signature),
    };
    expect(() => acceptor.receive(wire.Handshake.encode(frame))).toThrow(refusal("BAD_PROOF"));
  }
});

test("a nonce of any length but 32 is refused, and answered with nothing", () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }).filter(({ length }) => length !== 32),
      fc.boolean(),
      (nonce, isDialler) => {
        const [self, peer] = isDialler ? [dan, amy] : [amy, dan];
        const frame = { nonce: Buffer.from(nonce), identity: Buffer.from(peer) };
        const handshake = side({ self, peer, isDialler });
        handshake.begin();
        expect(() => handshake.receive(wire.Handshake.encode(frame))).toThrow(refusal("MALFORMED_MESSAGE"));
      },
    ),
  );
});

test("a frame after the end is refused", () => {
  const { dialler, acceptor } = sides();
  const proof = sent(dialler.receive(sent({ frame: acceptor.begin() })));
  const answer = sent(acceptor.receive(proof));
  dialler.receive(answer);
  expect(() => acceptor.receive(proof)).toThrow(refusal("MALFORMED_MESSAGE"));
  expect(() => dialler.receive(answer)).toThrow(refusal("MALFORMED_MESSAGE"));
});

test("a refusal by the other side is told apart from one of our own, whenever it comes", () => {
  const turnedAway = handshakeRefusal(new GossipError("EXPIRED_CERTIFICATE", "too old"));
  for (const handshake of Object.values(sides()))
    expect(() => handshake.receive(turnedAway)).toThrow(refusal("TURNED_AWAY"));
  const { dialler, acceptor } = sides();
  acceptor.receive(sent(dialler.receive(sent({ frame: acceptor.begin() }))));
  expect(() => acceptor.receive(turnedAway)).toThrow("EXPIRED_CERTIFICATE");
});

test("a peer that shows nothing says no more than its nonce, and is refused where an identity is needed", () => {
  const dialler = side({ self: dan, peer: amy, isDialler: true, identity: undefined });
  const acceptor = side({ self: amy, peer: dan, isDialler: false });
  const proof = sent(dialler.receive(sent({ frame: acceptor.begin() })));
  expect(wire.Handshake.decode(proof).signature).toHaveLength(0);
  expect(() => acceptor.receive(proof)).toThrow(refusal("NO_IDENTITY"));
});

test("whatever bytes come, a handshake goes on or ends with a refusal, and never lets anybody in by chance", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, isDialler) => {
      const [self, peer] = isDialler ? [dan, amy] : [amy, dan];
      const handshake = side({ self, peer, isDialler });
      handshake.begin();
      try {
        expect(handshake.receive(bytes).isDone).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(GossipError);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("nothing that the dialler's proof says can be changed", () => {
  const flips = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(flips, ([at, flip]) => {
      const { dialler, acceptor } = sides();
      const proof = sent(dialler.receive(sent({ frame: acceptor.begin() })));
      const changed = proof.map((byte, index) => (index === at % proof.length ? byte ^ flip : byte));
      try {
        acceptor.receive(changed);
      } catch (error) {
        expect(error).toBeInstanceOf(GossipError);
        return;
      }
      // Protobuf has several ways to write the same.
      expect(wire.Handshake.decode(changed)).toEqual(wire.Handshake.decode(proof));
    }),
  );
});
