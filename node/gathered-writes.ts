import { serviceCapabilities, type ConnectionEncrypter, type MessageStream } from "@libp2p/interface";
import { Uint8ArrayList } from "uint8arraylist";

/** What is gathered is written at once when it is so much: about a Noise message. */
const GATHERED_BYTES_MAX = 64 << 10;

/**
 * The encrypter, writing to the connections below it what it says in one turn in as few pieces as possible. Noise and
 * yamux hand over each length, header, body and tag by itself, and libp2p's TCP makes a system call, and most often a
 * packet, of each. Nothing waits longer than until the code that runs has come to its end.
 */
export function gatheringWrites<Components, Extension>(
  create: (components: Components) => ConnectionEncrypter<Extension>,
): (components: Components) => ConnectionEncrypter<Extension> {
  return (components) => {
    const encrypter = create(components);
    return {
      protocol: encrypter.protocol,
      [serviceCapabilities]: ["@libp2p/connection-encryption"],
      secureOutbound: (connection, options) => encrypter.secureOutbound(gathered(connection), options),
      secureInbound: (connection, options) => encrypter.secureInbound(gathered(connection), options),
    } as ConnectionEncrypter<Extension>;
  };
}

/** The same connection, except that it gathers what is sent. */
function gathered(connection: MessageStream): MessageStream {
  const writes = new GatheredWrites(connection);
  return new Proxy(connection, {
    get(target, key) {
      if (key === "send") return writes.send;
      if (key === "close") return writes.close;
      const value: unknown = Reflect.get(target, key, target);
      // Its methods, but not the functions that it holds, such as its log.
      return typeof value === "function" && !Object.hasOwn(target, key) ? value.bind(target) : value;
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  });
}

class GatheredWrites {
  readonly #connection: MessageStream;
  #waiting = new Uint8ArrayList();

  constructor(connection: MessageStream) {
    this.#connection = connection;
  }

  readonly send: MessageStream["send"] = (data) => {
    if (this.#waiting.byteLength === 0) queueMicrotask(this.#flush);
    this.#waiting.append(data);
    if (this.#waiting.byteLength >= GATHERED_BYTES_MAX) this.#flush();
    return !this.#connection.writableNeedsDrain;
  };

  readonly close: MessageStream["close"] = (options) => {
    this.#flush();
    return this.#connection.close(options);
  };

  readonly #flush = (): void => {
    const waiting = this.#waiting;
    if (waiting.byteLength === 0) return;
    this.#waiting = new Uint8ArrayList();
    try {
      this.#connection.send(waiting.subarray());
    } catch {
      // It is closed, which its own event tells.
    }
  };
}
