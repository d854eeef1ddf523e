import type { AbortOptions, MultiaddrConnection } from "@libp2p/interface";
import { AbstractMultiaddrConnection, type SendResult } from "@libp2p/utils";
import type { Uint8ArrayList } from "uint8arraylist";
import type { Lane, Uplink } from "./uplink.ts";

/** What may wait for the uplink before writers are told to wait, as with a socket's buffer. */
const WAITING_BYTES_MAX = 262_144;

/**
 * A connection whose bytes go out through an uplink that others share. What is read comes as the connection below
 * brings it: the other side's uplink has delayed it. Bytes count as libp2p writes them, without TCP/IP headers.
 */
export class ShapedConnection extends AbstractMultiaddrConnection implements Lane {
  readonly #below: MultiaddrConnection;
  readonly #uplink: Uplink;
  #waitingBytes = 0;
  #travellingBytes = 0;
  #allArrived: PromiseWithResolvers<void> | undefined;

  constructor(below: MultiaddrConnection, uplink: Uplink) {
    const { remoteAddr, direction, log, inactivityTimeout } = below;
    super({ remoteAddr, direction, log, inactivityTimeout });
    this.#below = below;
    this.#uplink = uplink;
    below.addEventListener("message", ({ data }) => this.onData(data));
    below.addEventListener("drain", () => this.#letWrite());
    below.addEventListener("close", ({ error }) => this.onTransportClosed(error));
  }

  override sendData(data: Uint8ArrayList): SendResult {
    const sentBytes = Math.min(data.byteLength, WAITING_BYTES_MAX - this.#waitingBytes);
    this.#waitingBytes += sentBytes;
    this.#travellingBytes += sentBytes;
    this.#uplink.send(this, data.sublist(0, sentBytes));
    const canSendMore = this.#waitingBytes < WAITING_BYTES_MAX && !this.#below.writableNeedsDrain;
    return { sentBytes, canSendMore };
  }

  onLeft(byteCount: number): void {
    this.#waitingBytes -= byteCount;
    this.#letWrite();
  }

  onArrived(bytes: Uint8ArrayList): void {
    this.#travellingBytes -= bytes.byteLength;
    if (this.#below.status === "open") this.#below.send(bytes);
    if (this.#travellingBytes === 0) this.#allArrived?.resolve();
  }

  /** What was written arrives before. */
  override async sendClose(options?: AbortOptions): Promise<void> {
    if (this.#travellingBytes > 0) {
      this.#allArrived ??= Promise.withResolvers();
      await this.#allArrived.promise;
    }
    await this.#below.close(options);
  }

  override sendReset(error: Error): void {
    this.#below.abort(error);
  }

  override sendPause(): void {
    if (this.#below.status === "open") this.#below.pause();
  }

  override sendResume(): void {
    if (this.#below.status === "open") this.#below.resume();
  }

  /** Half of the room must be free, so that writers do not wake up for each piece; the uplink is busy meanwhile. */
  #letWrite(): void {
    const isFull = this.#waitingBytes > WAITING_BYTES_MAX / 2 || this.#below.writableNeedsDrain;
    if (this.writableNeedsDrain && !isFull) this.safeDispatchEvent("drain");
  }
}
