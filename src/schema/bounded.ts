/**
 * Durations and sizes in configuration, within bounds. Made for the `transform` of a schema; the
 * schema library itself stays outside.
 */
import { durationHintFor, formatDuration, parseDuration } from "../core/duration.ts";
import { formatSize, parseSize, sizeHint } from "../core/size.ts";

/** Where a transform says that a value does not fit. */
export interface IssueSink {
  addIssue(issue: { code: "custom"; message: string }): void;
}

/** Turns a duration as text into milliseconds; outside the bounds it is an issue, and NaN. */
export function durationWithin(
  minMs: number,
  maxMs: number,
): (text: string, sink: IssueSink) => number {
  return (text, sink) => {
    const ms = parseDuration(text);
    if (ms === undefined)
      return refuse(sink, `"${text}" is not a duration; ${durationHintFor(text)}`);
    if (ms >= minMs && ms <= maxMs) return ms;
    return refuse(
      sink,
      `"${text}" is outside ${formatDuration(minMs)} to ${formatDuration(maxMs)}`,
    );
  };
}

/** Turns a size, as text or a number of bytes, into bytes; outside the bounds it is an issue, and NaN. */
export function sizeWithin(
  minBytes: number,
  maxBytes: number,
): (size: string | number, sink: IssueSink) => number {
  return (size, sink) => {
    const bytes = parseSize(String(size));
    if (bytes === undefined) return refuse(sink, `"${size}" is not a size; ${sizeHint}`);
    if (bytes >= minBytes && bytes <= maxBytes) return bytes;
    return refuse(sink, `"${size}" is outside ${formatSize(minBytes)} to ${formatSize(maxBytes)}`);
  };
}

function refuse(sink: IssueSink, message: string): number {
  sink.addIssue({ code: "custom", message });
  return Number.NaN;
}
