/** Facts that a log line carries beside its sentence. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * The journal of the process. Levels by consequence: `error` = data lost or an operator must act;
 * `warn` = unexpected, handled; `info` = life of the process; `debug` = per batch, never per event.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A journal that nobody reads. */
export const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {} };
