/**
 * Failures of the world, in one closed table.
 *
 * Bad input is a value (see `rejection.ts`); a failure of disk, network or server is a
 * `GatewayError` with a code; a broken invariant is `internal.bug`. Each code has exactly one
 * disposition, and loops switch on the disposition, never on the code or the text.
 */

/**
 * What a loop does with a failure.
 *
 * - `retry`: wait with back-off and try the same thing again; nothing moves.
 * - `reject`: this one item can never succeed: keep it, account for it, go on.
 * - `stop`: the promise cannot be kept; drain what can be drained and exit.
 */
export type Disposition = "retry" | "reject" | "stop";

/** How a command ends that did not do what it was asked: `sluicegate help exit-codes` says each. */
export type CommandStatus = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 70 | 74 | 78 | 130;

/**
 * The closed table of codes: disposition, `exit` status of a role that stops for it, status of any
 * other `command` that ends with it, and what it means. The service of a box relies on the first.
 */
export const errorCodes = {
  usage: { disposition: "stop", exit: 2, command: 2, meaning: "wrong command line" },
  "config.unreadable": {
    disposition: "stop",
    exit: 78,
    command: 78,
    meaning: "a configuration file cannot be read",
  },
  "config.invalid": {
    disposition: "stop",
    exit: 78,
    command: 78,
    meaning: "the configuration has faults; all are listed at once",
  },
  "config.secret-missing": {
    disposition: "stop",
    exit: 78,
    command: 78,
    meaning: "a secret that is named by reference is not there",
  },
  "profile.invalid": {
    disposition: "stop",
    exit: 78,
    command: 78,
    meaning: "a device profile does not fit the format or fails its own examples",
  },
  "source.unavailable": {
    disposition: "retry",
    exit: 75,
    command: 3,
    meaning: "an address cannot be listened on, a broker cannot be reached, a port is unplugged",
  },
  "source.unauthorized": { disposition: "retry", command: 6, meaning: "credentials were refused" },
  "source.frame-too-long": {
    disposition: "reject",
    command: 1,
    meaning: "a message is over the framing limit; it was not read",
  },
  "buffer.full": {
    disposition: "retry",
    command: 3,
    meaning: "retention says refuse: the source's ack is held back",
  },
  "buffer.io": {
    disposition: "retry",
    exit: 74,
    command: 74,
    meaning: "a write or sync failed; a new segment takes over",
  },
  "buffer.corrupt": {
    disposition: "reject",
    command: 1,
    meaning: "damage on disk, set aside and reported as a gap event",
  },
  "buffer.version": {
    disposition: "stop",
    exit: 78,
    command: 78,
    meaning: "the data folder was written by a newer version",
  },
  "buffer.key": {
    disposition: "stop",
    exit: 78,
    command: 78,
    meaning: "the data folder is encrypted with a key that the configuration does not name",
  },
  "buffer.denied": {
    disposition: "stop",
    exit: 77,
    command: 6,
    meaning: "this user cannot use the data folder, or it is no folder",
  },
  "buffer.locked": {
    disposition: "stop",
    exit: 75,
    command: 5,
    meaning: "another process owns the data folder",
  },
  "stream.unavailable": {
    disposition: "retry",
    exit: 3,
    command: 3,
    meaning: "the backbone cannot be reached",
  },
  "stream.timeout": {
    disposition: "retry",
    exit: 3,
    command: 3,
    meaning: "the backbone did not answer in time",
  },
  "stream.no-responders": {
    disposition: "retry",
    exit: 3,
    command: 3,
    meaning: "no stream takes this subject, or JetStream is off",
  },
  "stream.refused": {
    disposition: "reject",
    command: 1,
    meaning: "the backbone can never take this message: it is too large, or nobody would read it",
  },
  "stream.unauthorized": {
    disposition: "retry",
    exit: 77,
    command: 6,
    meaning: "the backbone refused the credentials",
  },
  "stream.contract-mismatch": {
    disposition: "retry",
    command: 3,
    meaning: "a stream or bucket exists with other settings; the message names each difference",
  },
  "stream.fenced": {
    disposition: "retry",
    command: 5,
    meaning: "another writer was faster; the position is read again",
  },
  "event.malformed": {
    disposition: "reject",
    command: 1,
    meaning: "a message on the road is not one of ours",
  },
  "receiver.unavailable": {
    disposition: "retry",
    command: 3,
    meaning: "a receiver of alerts did not answer",
  },
  "receiver.refused": {
    disposition: "reject",
    command: 1,
    meaning: "a receiver refuses this alert for ever",
  },
  "database.unavailable": {
    disposition: "retry",
    exit: 3,
    command: 3,
    meaning: "the database of the historian cannot be reached, or cannot do what it is asked",
  },
  "database.unauthorized": {
    disposition: "retry",
    exit: 77,
    command: 6,
    meaning: "the database of the historian refused the credentials",
  },
  "nats.unavailable": {
    disposition: "stop",
    exit: 3,
    command: 3,
    meaning: "no nats-server program was found, or it did not start",
  },
  "status.unreachable": {
    disposition: "stop",
    exit: 3,
    command: 3,
    meaning: "no running process answers on its status socket",
  },
  "status.denied": {
    disposition: "stop",
    exit: 77,
    command: 6,
    meaning: "this user may not make or open the status socket",
  },
  "output.unwritable": {
    disposition: "stop",
    exit: 74,
    command: 74,
    meaning: "standard output does not take what a command prints",
  },
  shutdown: { disposition: "stop", exit: 0, command: 130, meaning: "asked to stop" },
  "not-found": {
    disposition: "reject",
    command: 4,
    meaning: "nothing is known by this name or id",
  },
  conflict: {
    disposition: "reject",
    command: 5,
    meaning: "somebody was faster, or what was changed is not as it was when it was read",
  },
  forbidden: { disposition: "reject", command: 6, meaning: "this user or token may not do that" },
  "not-in-time": {
    disposition: "retry",
    command: 7,
    meaning: "what a command waited for did not come in the time it was given",
  },
  "internal.bug": {
    disposition: "stop",
    exit: 70,
    command: 70,
    meaning: "a broken invariant in sluicegate",
  },
} as const satisfies Record<
  string,
  { disposition: Disposition; exit?: number; command: CommandStatus; meaning: string }
>;

/** One of the closed set of codes. */
export type ErrorCode = keyof typeof errorCodes;
