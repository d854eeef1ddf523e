import { GossipError } from "../../../gossip/errors.ts";
import { handshakeRefusal, type Handshake } from "../../../gossip/door/handshake.ts";
import type { Clock, PeerId } from "../../../gossip/ports.ts";
import type { Endpoint } from "./endpoint.ts";

export interface SimulatedDoorsParts {
  readonly clock: Clock;
  /** How long one frame of a handshake takes. */
  readonly delayMs: () => number;
  /** Runs the task when the peer reads what comes. */
  readonly whenReading: (side: Endpoint, task: () => void) => void;
  readonly isCut: (a: PeerId, b: PeerId) => boolean;
  /** Both sides have let each other in. */
  readonly onOpen: (dialler: Endpoint, acceptor: Endpoint) => void;
  /** A side has refused the other. */
  readonly onRefused: (side: Endpoint, other: PeerId, error: unknown) => void;
}

/** A connection on which the handshake goes on. */
interface Opening {
  readonly dialler: Endpoint;
  readonly acceptor: Endpoint;
  readonly waiting: PromiseWithResolvers<void>;
  readonly queue: Queued[];
  /** Who has let the other in. */
  readonly done: Set<Endpoint>;
  /** Who has spoken last. */
  awaiting: Side | undefined;
  bytes: number;
  timer: Disposable | undefined;
}

interface Queued {
  readonly bytes: number;
  readonly run: () => void;
}

/** As a real transport's. */
const HANDSHAKE_TIMEOUT_MS = 5_000;

/** Connections of the simulated network that are being opened: nothing passes before the handshake is done. */
export class SimulatedDoors {
  readonly #parts: SimulatedDoorsParts;
  readonly #openings = new Map<string, Opening>();

  constructor(parts: SimulatedDoorsParts) {
    this.#parts = parts;
  }

  /** Resolves when the two are connected; rejects with why not. Whoever asks first has dialled. */
  opened(from: Endpoint, to: Endpoint): Promise<void> {
    return this.#opening(from, to).waiting.promise;
  }

  /** Runs the task when the two are connected; false: too much waits for that. */
  whenOpen(from: Endpoint, to: Endpoint, task: Queued, bytesMax: number): boolean {
    const opening = this.#opening(from, to);
    if (opening.bytes > 0 && opening.bytes + task.bytes > bytesMax) return false;
    opening.bytes += task.bytes;
    opening.queue.push(task);
    return true;
  }

  /** The connection will not be opened. */
  drop(a: PeerId, b: PeerId): void {
    const opening = this.#openings.get(pair(a, b));
    if (opening !== undefined) this.#fail(opening, new GossipError("UNREACHABLE", "the connection broke"));
  }

  #opening(from: Endpoint, to: Endpoint): Opening {
    const key = pair(from.peer, to.peer);
    const before = this.#openings.get(key);
    if (before !== undefined) return before;
    const waiting = Promise.withResolvers<void>();
    waiting.promise.catch(() => undefined);
    const state = { queue: [], done: new Set<Endpoint>(), awaiting: undefined, bytes: 0, timer: undefined };
    const opening: Opening = { dialler: from, acceptor: to, waiting, ...state };
    this.#openings.set(key, opening);
    opening.timer = this.#parts.clock.schedule(HANDSHAKE_TIMEOUT_MS, () => {
      if (!this.#isGoingOn(opening)) return this.#fail(opening, new GossipError("UNREACHABLE", "it is gone"));
      const error = new GossipError("NO_HANDSHAKE", "it has not completed a handshake in time");
      const side = opening.awaiting?.side ?? from;
      this.#parts.onRefused(side, side === from ? to.peer : from.peer, error);
      this.#fail(opening, error);
    });
    this.#begin(opening);
    return opening;
  }

  #begin(opening: Opening): void {
    const { dialler, acceptor } = opening;
    const theirs = dialler.inbox.handshake(acceptor.peer, true);
    this.#parts.whenReading(acceptor, () => {
      if (!this.#isGoingOn(opening)) return;
      const ours = acceptor.inbox.handshake(dialler.peer, false);
      // The dialler hears of the connection no sooner than the acceptor's first word.
      const challenge = ours.begin();
      if (challenge !== undefined)
        this.#pass(
          opening,
          challenge,
          { side: dialler, handshake: theirs },
          { side: acceptor, handshake: ours },
        );
    });
  }

  #pass(opening: Opening, frame: Uint8Array, to: Side, from: Side): void {
    opening.awaiting = from;
    const { clock, delayMs, whenReading } = this.#parts;
    const receive = () => {
      if (!this.#isGoingOn(opening)) return;
      try {
        const { frame: reply, isDone } = to.handshake.receive(frame);
        if (reply !== undefined) this.#pass(opening, reply, from, to);
        if (isDone) opening.done.add(to.side);
        if (opening.done.size === 2) this.#open(opening);
      } catch (error) {
        this.#parts.onRefused(to.side, from.side.peer, error);
        if (!(error instanceof GossipError)) return this.#fail(opening, error);
        const told = this.#told(from, handshakeRefusal(error));
        this.#fail(opening, to.side === opening.dialler ? error : told);
      }
    };
    clock.schedule(delayMs(), () => whenReading(to.side, receive));
  }

  /** What the other side makes of a refusal. */
  #told(side: Side, refusal: Uint8Array): unknown {
    try {
      side.handshake.receive(refusal);
      return new GossipError("TURNED_AWAY", "refused");
    } catch (error) {
      return error;
    }
  }

  #isGoingOn(opening: Opening): boolean {
    const { dialler, acceptor } = opening;
    if (this.#openings.get(pair(dialler.peer, acceptor.peer)) !== opening) return false;
    return dialler.isUp && acceptor.isUp && !this.#parts.isCut(dialler.peer, acceptor.peer);
  }

  #open(opening: Opening): void {
    this.#end(opening);
    this.#parts.onOpen(opening.dialler, opening.acceptor);
    opening.waiting.resolve();
    for (const { run } of opening.queue) run();
  }

  #fail(opening: Opening, error: unknown): void {
    this.#end(opening);
    opening.waiting.reject(error);
  }

  #end({ dialler, acceptor, timer }: Opening): void {
    timer?.[Symbol.dispose]();
    this.#openings.delete(pair(dialler.peer, acceptor.peer));
  }
}

interface Side {
  readonly side: Endpoint;
  readonly handshake: Handshake;
}

/** The same for both orders. */
export function pair(a: PeerId, b: PeerId): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
