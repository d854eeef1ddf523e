import {
  serviceCapabilities,
  type ConnectionEncrypter,
  type MessageStream,
  type SecuredConnection,
} from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";
import { HeldUpdates } from "./held-updates.ts";

/** What is gathered is passed on at once when it is so much: about a Noise message. */
const GATHERED_BYTES_MAX = 60 << 10;

/**
 * The encrypter, for yamux above it and TCP below it, with what is said in one turn in one Noise message and one write.
 * Yamux hands over each frame by itself, Noise each length, piece and tag, and libp2p's TCP makes a system call, and
 * most often a packet, of each. Nothing waits longer than until the code that runs has come to its end, except window
 * updates, see {@link HeldUpdates}.
 */
export function gatheringWrites<Components, Extension>(
  create: (components: Components) => ConnectionEncrypter<Extension>,
): (components: Components) => ConnectionEncrypter<Extension> {
  return (components) => {
    const encrypter = create(components);
    return {
      protocol: encrypter.protocol,
      [serviceCapabilities]: ["@libp2p/connection-encryption"],
      secureOutbound: async (connection, options) =>
        gathered(await encrypter.secureOutbound(inOnePiece(connection), options)),
      secureInbound: async (connection, options) =>
        gathered(await encrypter.secureInbound(inOnePiece(connection), options)),
    } as ConnectionEncrypter<Extension>;
  };
}

/** The connection, except that each message is sent as one buffer. */
function inOnePiece(connection: MessageStream): MessageStream {
  return withSend(connection, (data) => connection.send(data.subarray()));
}

function gathered<Extension>(secured: SecuredConnection<Extension>): SecuredConnection<Extension> {
  const { connection } = secured;
  return { ...secured, connection: withSend(connection, new GatheredWrites(connection).send) };
}

/** The connection with another way to send. libp2p keeps private fields, so that it cannot be inherited from. */
function withSend(connection: MessageStream, send: MessageStream["send"]): MessageStream {
  return new Proxy(connection, {
    get(target, key) {
      if (key === "send") return send;
      const value: unknown = Reflect.get(target, key, target);
      // Its methods, but not the functions that it holds, such as its log.
      return typeof value === "function" && !Object.hasOwn(target, key) ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

class GatheredWrites {
  readonly #connection: MessageStream;
  readonly #updates = new HeldUpdates();
  #waiting = new Uint8ArrayList();

  constructor(connection: MessageStream) {
    this.#connection = connection;
  }

  readonly send: MessageStream["send"] = (data) => {
    if (data instanceof Uint8Array && this.#updates.hold(data)) return !this.#connection.writableNeedsDrain;
    if (this.#waiting.byteLength === 0) {
      queueMicrotask(this.#flush);
      this.#waiting.append(...this.#updates.take());
    }
    this.#waiting.append(data);
    if (this.#waiting.byteLength >= GATHERED_BYTES_MAX) this.#flush();
    return !this.#connection.writableNeedsDrain;
  };

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    if (waiting.byteLength === 0) return;
    this.#waiting = new Uint8ArrayList();
    try {
      this.#connection.send(waiting);
    } catch {
      // It is closed, which its own event tells.
    }
  };
}
