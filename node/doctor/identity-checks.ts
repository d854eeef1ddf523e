import { existsSync } from "node:fs";
import type { ChannelConfig } from "../../chain/channel-config.ts";
import type { PeerId } from "../../gossip/ports.ts";
import type { PeerConfig } from "../config/config.ts";
import { reason } from "../files.ts";
import { reportCertificate, type CertificateReport } from "../msp/certificate-report.ts";
import { MspAdmission } from "../msp/msp-admission.ts";
import { readOwnMember } from "../msp/own-member.ts";
import { fail, ok, skip, warn, type Finding } from "./finding.ts";

/** From so many days before its end on, an expiring certificate is spoken of. */
const EXPIRES_SOON_DAYS = 30;
const RENEW = "renew it: blockgossip cert renew, or cert csr and cert issue where the authority is elsewhere";

/** The peer's own certificate and the API's: validity, key, authorities. */
export function checkCertificates({ msp, apiTlsCert }: PeerConfig, nowMs: number): readonly Finding[] {
  return [
    msp === undefined
      ? skip("certificate", "msp is not set: the peer belongs to no organisation")
      : checkFile("certificate", msp, nowMs),
    ...(apiTlsCert === undefined ? [] : [checkFile("API certificate", apiTlsCert, nowMs)]),
  ];
}

function checkFile(check: string, path: string, nowMs: number): Finding {
  try {
    return judge(check, reportCertificate(path, nowMs));
  } catch (error) {
    return fail(check, reason(error), "make one: blockgossip cert csr, cert issue, cert install");
  }
}

function judge(check: string, report: CertificateReport): Finding {
  const { subject, state, expiresInDays, msp, file } = report;
  const who = `${subject} (${file})`;
  if (state === "expired") return fail(check, `${who} expired ${-expiresInDays} days ago`, RENEW);
  if (state === "not yet valid")
    return fail(check, `${who} is good from ${report.notBefore} on`, "set this machine's clock");
  const problem = msp?.problem ?? null;
  if (problem !== null) return fail(check, problem, "blockgossip cert show FOLDER has the details");
  const until = `${who} expires in ${expiresInDays} days`;
  if (expiresInDays < EXPIRES_SOON_DAYS) return warn(check, until, RENEW);
  const [warning] = msp?.warnings ?? [];
  return warning === undefined
    ? ok(check, until)
    : warn(check, warning, "blockgossip cert show FOLDER has the details");
}

/** Whether the channels' other peers would let this one in. */
export function checkAdmission(
  config: PeerConfig,
  peer: string | undefined,
  channels: readonly ChannelConfig[],
): Finding {
  const check = "admission";
  if (config.admission === "open")
    return warn(
      check,
      "open: whoever reaches this peer gets all its blocks",
      "set admission to msp, unless that is meant",
    );
  if (peer === undefined || channels.length === 0)
    return skip(check, `there is no ${peer === undefined ? `key ${config.nodeKey}` : "channel"} yet`);
  try {
    const own = peer as PeerId;
    const member = readOwnMember(config, own, channels);
    const parts = { admission: config.admission, member, configs: () => channels, now: Date.now };
    const admission = new MspAdmission(parts);
    admission.admit(own, admission.identity);
    return ok(
      check,
      `${config.mspId ?? member?.mspId} is an organisation of the channel, and the certificate is its`,
    );
  } catch (error) {
    return fail(
      check,
      `the others would not let this peer in: ${reason(error)}`,
      "see that mspId, msp and genesis are of the same network; blockgossip channel show lists its organisations",
    );
  }
}

/** Whether the peer has a key. */
export function checkKey({ nodeKey }: PeerConfig, peer: string | undefined): Finding {
  if (peer !== undefined) return ok("key", `${peer} (${nodeKey})`);
  if (!existsSync(nodeKey)) return ok("key", `${nodeKey} is made at the first start`);
  return fail(
    "key",
    `${nodeKey} holds no libp2p Ed25519 key`,
    "put it back from a backup: it is the peer's name",
  );
}
