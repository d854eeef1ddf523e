import type { GossipEvent } from "../../gossip/events.ts";
import type { PeerId } from "../../gossip/ports.ts";

type Event<Kind extends GossipEvent["kind"]> = Extract<GossipEvent, { readonly kind: Kind }>;
type NameOf = (peer: PeerId) => string;

/** What has happened, for people; peers by the names that `nameOf` knows. */
export function sentence(event: GossipEvent, nameOf: NameOf): string {
  switch (event.kind) {
    case "member":
      return `${event.name || nameOf(event.peer)} is ${event.state}: ${event.reason}`;
    case "user-event":
      return `event ${event.name} of ${nameOf(event.author)}, ${event.bytes} bytes`;
    case "identity-in-use":
      return "another process speaks with this peer's key, or the clock was set back since the last run";
    case "misconduct":
      return misconductSentence(event, nameOf);
    case "refused-identity":
      return `${nameOf(event.peer)} is spoken of and is not let in: ${event.message}`;
    case "seed-failed":
      return `looked for a peer at ${event.seed}: ${event.message}`;
    case "block-damaged":
      return `${event.channel}: block ${event.number} is damaged on the disk`;
    case "block-mended":
      return `${event.channel}: block ${event.number} was damaged and is mended`;
    case "catching-up":
    case "catch-up-progress":
    case "caught-up":
      return catchUpSentence(event);
    case "leader":
    case "source-failed":
    case "source-answers":
      return supplySentence(event, nameOf);
    case "failed":
      return `channel ${event.channel} has stopped: ${event.error.message}`;
    default:
      return blockSentence(event, nameOf);
  }
}

type BlockKind =
  | "block-announced"
  | "block-received"
  | "block-verified"
  | "block-committed"
  | "rejected"
  | "fetch-failed"
  | "mail-dropped"
  | "fork";

/** Of one block, or of what was to bring some. */
function blockSentence(event: Event<BlockKind>, nameOf: NameOf): string {
  const { channel } = event;
  switch (event.kind) {
    case "block-announced":
      return `${channel}: ${nameOf(event.from)} tells of block ${event.number}`;
    case "block-received":
    case "block-verified": {
      const { number, from, origin } = event;
      const what = event.kind === "block-verified" ? "is good" : event.duplicate ? "came again" : "came";
      const whence = from === undefined ? "" : ` from ${nameOf(from)}`;
      return `${channel}: block ${number} ${what}${whence} (${origin})`;
    }
    case "block-committed":
      return `${channel}: block ${event.number} is in the ledger (${event.origin}, ${event.bytes} bytes)`;
    case "rejected": {
      const whence = event.peer === undefined ? "" : ` of ${nameOf(event.peer)}`;
      return `${channel}: refused block ${event.number}${whence}: ${event.message}`;
    }
    case "fetch-failed":
      return `${channel}: a fetch from ${nameOf(event.peer)} failed: ${event.message}`;
    case "mail-dropped":
      return `${channel}: too many blocks wait for ${nameOf(event.peer)}; those from block ${event.number} on it must ask for`;
    case "fork":
      return (
        `FORK: the orderers of ${channel} have signed two blocks ${event.number}: ${event.first}, which stays, and ` +
        `${event.second}; both are kept as the proof, and nothing this peer holds above that block is certain`
      );
    default:
      return event satisfies never;
  }
}

/** Where new blocks come from. */
function supplySentence(event: Event<"leader" | "source-failed" | "source-answers">, nameOf: NameOf): string {
  const { channel } = event;
  switch (event.kind) {
    case "leader": {
      const who = event.peer === undefined ? "nobody" : nameOf(event.peer);
      return `${channel}: ${who} brings blocks in for this organisation: ${event.reason}`;
    }
    case "source-failed":
      return `${channel}: the block source ${event.source} is of no use (${event.code}): ${event.message}`;
    case "source-answers":
      return `${channel}: the block source ${event.source} answers again`;
    default:
      return event satisfies never;
  }
}

function misconductSentence({ peer, code, message, isCutOff }: Event<"misconduct">, nameOf: NameOf): string {
  return `${nameOf(peer)} is misbehaving (${code}): ${message}${isCutOff ? "; it is cut off" : ""}`;
}

type CatchUpKind = "catching-up" | "catch-up-progress" | "caught-up";

function catchUpSentence(event: Event<CatchUpKind>): string {
  if (event.kind === "caught-up") return caughtUpSentence(event);
  if (event.kind === "catching-up")
    return `${event.channel}: catching up from ${event.height} to ${event.target}`;
  const { channel, height, target, blocksPerSecond, bytesPerSecond, secondsLeft, sources } = event;
  const rate = `${blocksPerSecond.toFixed(0)} blocks/s, ${megabytes(bytesPerSecond)} MB/s`;
  const left = secondsLeft === undefined ? "" : `, ${Math.ceil(secondsLeft)} s left`;
  return `${channel}: ${height} of ${target} blocks, ${rate} from ${sources.length} peers${left}`;
}

function caughtUpSentence(event: Event<"caught-up">): string {
  const { channel, height, blocks, bytes, seconds } = event;
  const rate = seconds > 0 ? `, ${megabytes(bytes / seconds)} MB/s` : "";
  return `${channel}: caught up at ${height}: ${blocks} blocks in ${seconds.toFixed(1)} s${rate}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
