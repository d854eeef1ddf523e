import type { Connection, Stream } from "@libp2p/interface";
import { GossipError } from "../../gossip/errors.ts";
import { HANDSHAKE_FRAME_BYTES_MAX, handshakeRefusal, type Handshake } from "../../gossip/door/handshake.ts";
import { within } from "../../gossip/time.ts";
import { reason } from "../files.ts";
import { limitFrame, readFrames } from "./frame-reader.ts";
import { writeFrame } from "./frame-writer.ts";
import { hangUp } from "./hang-up.ts";
import { HANDSHAKE_PROTOCOL } from "./protocols.ts";
import { peerOf, reportRefusal, type TransportContext } from "./transport-context.ts";

/** A connection, and whether both sides have let each other in. */
interface Door {
  readonly connection: Connection;
  readonly opened: PromiseWithResolvers<void>;
  state: "closed" | "open" | "refused";
  deadline: Disposable | undefined;
}

/** How long a peer that is refused may take to read why. */
const FAREWELL_MS = 1_000;

/**
 * The handshakes on libp2p's connections. A connection on which none is completed in time is closed; until it is, no
 * other stream of it is served or opened.
 */
export class Handshakes {
  readonly #context: TransportContext;
  readonly #doors = new WeakMap<Connection, Door>();

  constructor(context: TransportContext) {
    this.#context = context;
  }

  /** There is a new connection: the side that was dialled speaks first. */
  begin(connection: Connection): void {
    const door = this.#door(connection);
    if (connection.direction === "inbound") void this.#accept(door);
  }

  /** Whether both sides have let each other in. */
  isDone(connection: Connection): boolean {
    return this.#doors.get(connection)?.state === "open";
  }

  /** Resolves when both sides have let each other in. @throws GossipError: why not. */
  done(connection: Connection): Promise<void> {
    return this.#door(connection).opened.promise;
  }

  /** The dialler's side, on the stream that the acceptor has opened. Does not reject. */
  async serve(stream: Stream, connection: Connection): Promise<void> {
    const door = this.#door(connection);
    if (connection.direction === "inbound" || door.state !== "closed") {
      stream.abort(new GossipError("MALFORMED_MESSAGE", "a handshake out of place"));
      return;
    }
    await this.#talk(door, stream);
  }

  #door(connection: Connection): Door {
    const known = this.#doors.get(connection);
    if (known !== undefined) return known;
    const door: Door = {
      connection,
      opened: Promise.withResolvers<void>(),
      state: "closed",
      deadline: undefined,
    };
    // Nobody may be waiting for it.
    door.opened.promise.catch(() => undefined);
    this.#doors.set(connection, door);
    const { clock, handshakeTimeoutMs } = this.#context.options;
    door.deadline = clock.schedule(handshakeTimeoutMs, () => {
      const why = `${peerOf(connection)} has not completed a handshake within ${handshakeTimeoutMs} ms`;
      void this.#refuse(door, new GossipError("NO_HANDSHAKE", why));
    });
    connection.addEventListener("close", () => {
      if (door.state === "closed")
        this.#fail(door, new GossipError("UNREACHABLE", "the connection was closed"));
    });
    return door;
  }

  async #accept(door: Door): Promise<void> {
    try {
      const stream = await door.connection.newStream(HANDSHAKE_PROTOCOL);
      await this.#talk(door, stream);
    } catch (cause) {
      if (door.state !== "closed" || door.connection.status !== "open") return;
      const why = `${peerOf(door.connection)} speaks no handshake: ${reason(cause)}`;
      await this.#refuse(door, new GossipError("NO_HANDSHAKE", why, { cause }));
    }
  }

  async #talk(door: Door, stream: Stream): Promise<void> {
    const { connection } = door;
    const peer = peerOf(connection);
    const handshake = this.#context.inbox.handshake(peer, connection.direction === "outbound");
    try {
      const reading = readFrames(stream, {
        onLength: (bytes) => limitFrame(bytes, HANDSHAKE_FRAME_BYTES_MAX),
        onFrame: (frame) => this.#receive(door, { stream, handshake, frame }),
      });
      const challenge = handshake.begin();
      if (challenge !== undefined) this.#write(stream, challenge);
      await reading;
      if (door.state === "open") await stream.close();
      else if (door.state === "closed")
        this.#fail(door, new GossipError("UNREACHABLE", `${peer} has broken off the handshake`));
    } catch (error) {
      if (door.state === "closed" && error instanceof GossipError) await this.#refuse(door, error, stream);
      else stream.abort(error instanceof Error ? error : new Error(String(error)));
    }
  }

  /** Whether more is to come. @throws GossipError: the handshake has failed. */
  #receive(
    door: Door,
    {
      stream,
      handshake,
      frame,
    }: { readonly stream: Stream; readonly handshake: Handshake; readonly frame: Uint8Array },
  ): boolean {
    if (door.state !== "closed") return false;
    const step = handshake.receive(frame);
    // Before the door opens: what is said behind it must not overtake this.
    if (step.frame !== undefined) this.#write(stream, step.frame);
    if (step.isDone) this.#open(door);
    return !step.isDone;
  }

  /** Where it fails, the stream breaks, and the reading with it. */
  #write(stream: Stream, frame: Uint8Array): void {
    writeFrame(stream, frame, this.#context.options).catch(() => undefined);
  }

  #open(door: Door): void {
    door.state = "open";
    door.deadline?.[Symbol.dispose]();
    door.opened.resolve();
  }

  #fail(door: Door, error: GossipError): void {
    door.state = "refused";
    door.deadline?.[Symbol.dispose]();
    door.opened.reject(error);
    door.connection.abort(error);
  }

  /** Counts and tells why, also to the other side where there is a stream to do so, and hangs up. */
  async #refuse(door: Door, error: GossipError, stream?: Stream): Promise<void> {
    const { connection } = door;
    const peer = peerOf(connection);
    if (door.state !== "closed") return;
    door.state = "refused";
    door.deadline?.[Symbol.dispose]();
    door.opened.reject(error);
    if (error.code === "TURNED_AWAY")
      this.#context.onEvent({ kind: "turned-away", peer, message: error.message });
    else {
      reportRefusal(this.#context, peer, error);
      this.#context.inbox.refused(peer, error);
      if (stream?.status === "open") this.#write(stream, handshakeRefusal(error));
    }
    await within(this.#context.options.clock, FAREWELL_MS, (signal) => hangUp(connection, { signal })).catch(
      () => undefined,
    );
    connection.abort(error);
  }
}
