import { X509Certificate } from "node:crypto";
import type { Logger } from "pino";
import type { ChannelConfig } from "../../chain/channel-config.ts";
import type { Clock, PeerId } from "../../gossip/ports.ts";
import type { PeerConfig } from "../config/config.ts";
import { NodeError } from "../errors.ts";
import { reason } from "../files.ts";
import { findMspId } from "./identity.ts";
import type { OwnMember } from "./msp-admission.ts";
import { mspSigner, readMspFolder } from "./msp-folder.ts";
import { RepeatFilter } from "../repeat-filter.ts";

/** What this peer is a member with, and when that ends. */
export interface CertifiedMember extends OwnMember {
  /** PEM. */
  readonly certificate: string;
  /** Milliseconds since 1970. */
  readonly expiresMs: number;
  /** Sentences on what an operator should put right although it works. */
  readonly warnings: readonly string[];
}

/**
 * Reads the peer's MSP folder; undefined where the configuration names none.
 *
 * @param channels the configurations in force of the joined channels.
 * @throws NodeError, also `CONFIG_INVALID` for a folder without the MSP id of its organisation.
 */
export function readOwnMember(
  config: PeerConfig,
  peer: PeerId,
  channels: readonly ChannelConfig[],
): CertifiedMember | undefined {
  if (config.msp === undefined) return undefined;
  if (config.mspId === undefined && channels.length === 0)
    throw new NodeError(
      "CONFIG_INVALID",
      `msp is ${config.msp}, but mspId is not set; set it to its organisation's MSP id, such as Org1MSP`,
    );
  const folder = readMspFolder(config.msp);
  const organisations = channels.flatMap((channel) => [...channel.organisations.values()]);
  const mspId = config.mspId ?? findMspId(folder, organisations);
  const { certificate, warnings } = folder;
  const expiresMs = new X509Certificate(certificate).validToDate.getTime();
  return { peer, mspId, signer: mspSigner(folder, mspId), certificate, expiresMs, warnings };
}

export interface OwnMemberWatchParts {
  readonly member: CertifiedMember;
  /** Reads it anew. @throws NodeError */
  readonly read: () => CertifiedMember | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The certificate is another one. */
  readonly onRenewed: (member: CertifiedMember) => void;
}

/** How often the folder is looked at. */
const LOOK_MS = 5_000;
const HOUR_MS = 60 * 60 * 1_000;
const DAY_MS = 24 * HOUR_MS;
/** From so long before its end on, an expiring certificate is spoken of. */
const EXPIRES_SOON_MS = 30 * DAY_MS;

/**
 * Looks for a renewed certificate in the peer's MSP folder, so that one is taken up without a restart, before the old
 * one ends or after; and says in time that it ends.
 */
export class OwnMemberWatch implements Disposable {
  readonly #parts: OwnMemberWatchParts;
  readonly #troubles = new RepeatFilter(HOUR_MS, 16);
  #member: CertifiedMember;
  #timer: Disposable | undefined;
  #warnedMs = -Infinity;

  constructor(parts: OwnMemberWatchParts) {
    this.#parts = parts;
    this.#member = parts.member;
    this.#tellWarnings();
    this.#look();
  }

  /** When the certificate in use ends, in milliseconds since 1970. */
  get expiresMs(): number {
    return this.#member.expiresMs;
  }

  /** Looks no more. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
  }

  #look(): void {
    const { read, clock, logger, onRenewed } = this.#parts;
    try {
      const member = read();
      if (member !== undefined && member.certificate !== this.#member.certificate) {
        this.#member = member;
        this.#warnedMs = -Infinity;
        const until = new Date(member.expiresMs).toISOString();
        this.#tellWarnings();
        logger.info({ until }, `a renewed certificate of ${member.mspId} is in use, until ${until}`);
        onRenewed(member);
      }
    } catch (error) {
      // It may be half written at this moment.
      if (this.#troubles.pass(reason(error), clock.now()) !== undefined)
        logger.warn(
          `the MSP folder cannot be read again: ${reason(error)}; the certificate read before stays in use`,
        );
    }
    this.#warn();
    this.#timer = clock.schedule(LOOK_MS, () => this.#look());
  }

  #tellWarnings(): void {
    for (const warning of this.#member.warnings) this.#parts.logger.warn(warning);
  }

  /** Once a day, and at the end. */
  #warn(): void {
    const { clock, logger } = this.#parts;
    const nowMs = clock.now();
    const leftMs = this.#member.expiresMs - nowMs;
    const isOver = leftMs <= 0;
    const isDue = nowMs - this.#warnedMs >= DAY_MS || (isOver && this.#warnedMs < this.#member.expiresMs);
    if (leftMs > EXPIRES_SOON_MS || !isDue) return;
    this.#warnedMs = nowMs;
    const expiresAt = new Date(this.#member.expiresMs).toISOString();
    const advice = "put a renewed one into the MSP folder: it is taken up without a restart";
    if (isOver)
      logger.error(
        { expiresAt },
        `this peer's certificate expired on ${expiresAt}, and nobody lets it in; ${advice}`,
      );
    else logger.warn({ expiresAt }, `this peer's certificate expires on ${expiresAt}; ${advice}`);
  }
}
