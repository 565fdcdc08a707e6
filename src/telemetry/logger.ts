/** The journal: one JSON object per line. The one door of `pino`. */
import { type Logger as Pino, pino } from "pino";
import type { Clock } from "../core/clock.ts";
import { formatTime } from "../core/event-codec.ts";
import type { LogFields, Logger } from "../core/logger.ts";
import { createLineOutput, type LineDestination } from "./line-output.ts";
import type { LogOptions } from "./options.ts";

/** A journal that can be given to a room. */
export interface RoomLogger extends Logger {
  /** The same journal, with the room's name in every line. */
  child(room: string): RoomLogger;
}

export interface LoggerOptions {
  readonly level: LogOptions["level"];
  /** Takes whole lines. One that does not take them loses lines, which are counted, never the process. */
  readonly destination: LineDestination;
  readonly clock: Clock;
}

/**
 * Lines carry `level`, `time` (RFC 3339), `room`, `msg`, and the fields beside them. No terminal
 * obeys what they quote.
 */
export function createLogger({ level, destination, clock }: LoggerOptions): RoomLogger {
  const output = createLineOutput(destination, (lines) =>
    journal.warn("lines were left out here: the reader of the journal was too slow", { lines }),
  );
  const journal = wrap(
    pino(
      {
        level,
        base: null,
        timestamp: () => `,"time":"${formatTime(clock.wallMs())}"`,
        formatters: { level: (label) => ({ level: label }), log: readableFields },
      },
      { write: (line) => output.write(line.trimEnd()) },
    ),
  );
  return journal;
}

function wrap(journal: Pino): RoomLogger {
  return {
    debug: (message, fields = {}) => journal.debug(fields, message),
    info: (message, fields = {}) => journal.info(fields, message),
    warn: (message, fields = {}) => journal.warn(fields, message),
    error: (message, fields = {}) => journal.error(fields, message),
    child: (room) => wrap(journal.child({ room })),
  };
}

/** JSON leaves nothing of an error and fails on a bigint; a line must never be lost for its fields. */
function readableFields(fields: LogFields): Record<string, unknown> {
  const readable: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Error) readable[name] = describeError(value);
    else readable[name] = typeof value === "bigint" ? String(value) : value;
  }
  return readable;
}

function describeError(error: Error): Record<string, unknown> {
  return {
    name: error.name,
    ...("code" in error && { code: error.code }),
    message: error.message,
    ...(error.cause instanceof Error && { cause: describeError(error.cause) }),
  };
}
