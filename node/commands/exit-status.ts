import type { ChainErrorCode } from "../../chain/errors.ts";
import type { GossipErrorCode } from "../../gossip/errors.ts";
import type { NodeErrorCode } from "../errors.ts";

/** What a command's exit status says. */
export const EXIT_STATUS = {
  ok: 0,
  failed: 1,
  usage: 2,
  unreachable: 3,
  notFound: 4,
  rejected: 5,
  timedOut: 6,
} as const;

/** For the end of every command's help. */
export const EXIT_STATUS_HELP = `
Exit status: 0 all went well, 1 it failed, 2 a flag or a setting is wrong, 3 no peer answers, 4 there is no such thing,
5 it was refused, 6 it took too long. An error is a sentence on standard error, with --json one line of JSON.`;

/** What a command does about an error of a code. */
export interface ErrorGuide {
  readonly status: (typeof EXIT_STATUS)[keyof typeof EXIT_STATUS];
  /** What to do next, for people; missing where the error's own sentence says it. */
  readonly hint?: string;
}

const { failed, usage, unreachable, notFound, rejected, timedOut } = EXIT_STATUS;

const NOT_ALLOWED = "name a token or a certificate that allows it: --token-file, or --cert and --key";

const GUIDES: Readonly<Partial<Record<NodeErrorCode | ChainErrorCode | GossipErrorCode, ErrorGuide>>> = {
  CONFIG_INVALID: { status: usage },
  INVALID_OPTION: { status: usage },
  INVALID_EVENT: { status: usage },
  API_UNREACHABLE: {
    status: unreachable,
    hint: "see that the peer runs and that this is where its API is (--api or BLOCKGOSSIP_API); blockgossip doctor says more",
  },
  UNREACHABLE: { status: unreachable },
  NOT_FOUND: { status: notFound },
  NOT_HELD: { status: notFound },
  UNKNOWN_CHANNEL: { status: notFound },
  REJECTED: { status: rejected },
  UNAUTHENTICATED: { status: rejected, hint: NOT_ALLOWED },
  RIGHT_MISSING: { status: rejected, hint: NOT_ALLOWED },
  FORBIDDEN: { status: rejected },
  CONFLICT: { status: rejected },
  RATE_LIMITED: { status: rejected, hint: "try again in a moment" },
  BUSY: { status: rejected, hint: "try again in a moment" },
  TIMED_OUT: {
    status: timedOut,
    hint: "blockgossip height --all shows who lags; --timeout gives it more time",
  },
  PORT_TAKEN: { status: failed, hint: "name another port, or stop the program that listens there" },
  FILE_UNREADABLE: { status: failed, hint: "name a file that is there and that you may read" },
  FILE_UNWRITABLE: { status: failed, hint: "name a place that is free and that you may write to" },
  MSP_INVALID: { status: failed, hint: "blockgossip cert show FOLDER says what it lacks" },
  LEDGER_LOCKED: {
    status: failed,
    hint: "a running peer is asked by its API: blockgossip height, block get, repair",
  },
  LEDGER_CORRUPT: { status: failed, hint: "blockgossip repair mends it from the other peers" },
  LEDGER_IO: { status: failed, hint: "see to the disk, its free space, and who may write there" },
};

/** The exit status, and what to do next, for an error of this code; undefined: one that nobody foresaw. */
export function errorGuide(code: NodeErrorCode | ChainErrorCode | GossipErrorCode | undefined): ErrorGuide {
  const guide = code === undefined ? UNFORESEEN : GUIDES[code];
  return guide ?? { status: failed };
}

const UNFORESEEN: ErrorGuide = {
  status: failed,
  hint: "this should not happen; please report it with the command that you gave",
};
