import { generateKeyPair, generateKeyPairFromSeed } from "@libp2p/crypto/keys";
import { peerIdFromPrivateKey } from "@libp2p/peer-id";
import { expect, test } from "vitest";
import type { PeerId } from "../../gossip/ports.ts";
import { Libp2pKeyring } from "../../node/transport/libp2p-keyring.ts";
import { bytes } from "../transport-messages.ts";

test("The id is libp2p's, and signatures are those that libp2p makes and verifies", async () => {
  const privateKey = await generateKeyPair("Ed25519");
  const keyring = new Libp2pKeyring(privateKey);
  const payload = bytes(500, 1);
  expect(keyring.self).toBe(peerIdFromPrivateKey(privateKey).toString());
  expect(new Uint8Array(keyring.sign(payload))).toEqual(new Uint8Array(await privateKey.sign(payload)));
  expect(await privateKey.publicKey.verify(payload, keyring.sign(payload))).toBe(true);
});

test("A signature of RFC 8032 is made from its seed", async () => {
  const seed = Buffer.from("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "hex");
  const keyring = new Libp2pKeyring(await generateKeyPairFromSeed("Ed25519", seed));
  expect(Buffer.from(keyring.sign(new Uint8Array([0xaf, 0x82]))).toString("hex")).toBe(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac" +
      "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  );
});

test("What one peer signed is verified by another, and only for that peer and those bytes", async () => {
  const [alice, bob] = [await newKeyring(), await newKeyring()];
  const payload = bytes(100, 2);
  const signature = alice.sign(payload);
  expect(bob.verify(alice.self, payload, signature)).toBe(true);
  expect(bob.verify(alice.self, payload, signature)).toBe(true);
  expect(bob.verify(bob.self, payload, signature)).toBe(false);
  expect(bob.verify(alice.self, bytes(100, 3), signature)).toBe(false);
  for (let index = 0; index < signature.length; index++) {
    const flipped = signature.slice();
    flipped[index]! ^= 1;
    expect(bob.verify(alice.self, payload, flipped)).toBe(false);
  }
  expect(bob.verify(alice.self, payload, signature.slice(1))).toBe(false);
  expect(bob.verify(alice.self, payload, new Uint8Array(0))).toBe(false);
});

test("A peer id without a usable key verifies nothing", async () => {
  const keyring = await newKeyring();
  const other = peerIdFromPrivateKey(await generateKeyPair("secp256k1")).toString();
  for (const id of ["", "nobody", "12D3KooW", "/ip4/1.2.3.4", other, "x".repeat(10_000)]) {
    expect(keyring.verify(id as PeerId, bytes(10, 1), bytes(64, 1))).toBe(false);
  }
});

test("A second way to write a peer's id is not that peer", async () => {
  const privateKey = await generateKeyPair("Ed25519");
  const keyring = new Libp2pKeyring(privateKey);
  const alias = peerIdFromPrivateKey(privateKey).toCID().toString() as PeerId;
  const payload = bytes(10, 1);
  expect(keyring.verify(alias, payload, keyring.sign(payload))).toBe(false);
});

async function newKeyring(): Promise<Libp2pKeyring> {
  return new Libp2pKeyring(await generateKeyPair("Ed25519"));
}
