/** Reads a recording line by line, in bounded memory whatever the file is. */
import { isUnreadable, type RecordedEvent, readRecordedLine } from "./recorded-line.ts";

/** No event is larger; the largest message that a nats-server can be told to take. */
const mostLineBytes = 64 * 1_048_576;
const lineFeed = 0x0a;

/** A line of a recording that is not empty; the first is line 1. */
export type RecordingLine =
  | { readonly line: number; readonly recorded: RecordedEvent }
  /** It is no event, for the reason that is given to people. */
  | { readonly line: number; readonly unreadable: string };

/**
 * Gives the lines of a recording, the bytes of which come in pieces. A last line without an end is
 * read where it is whole: whoever wrote it may have been killed.
 */
export async function* readRecording(
  pieces: AsyncIterable<Uint8Array>,
): AsyncGenerator<RecordingLine> {
  let line = 0;
  for await (const bytes of lines(pieces)) {
    line += 1;
    if (bytes === undefined) yield { line, unreadable: "it is longer than any event" };
    else if (bytes.length > 0) yield { line, ...readLine(bytes) };
  }
}

function readLine(
  bytes: Buffer,
): { readonly recorded: RecordedEvent } | { readonly unreadable: string } {
  const recorded = readRecordedLine(bytes.toString("utf8").trim());
  return isUnreadable(recorded) ? recorded : { recorded };
}

/** The bytes of each line; undefined for one that is too long. */
async function* lines(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | undefined> {
  let begun: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    let from = 0;
    for (let end = piece.indexOf(lineFeed); end >= 0; end = piece.indexOf(lineFeed, from)) {
      bytes += end - from;
      yield bytes > mostLineBytes
        ? undefined
        : Buffer.concat([...begun, piece.subarray(from, end)]);
      begun = [];
      bytes = 0;
      from = end + 1;
    }
    bytes += piece.length - from;
    if (bytes > mostLineBytes) begun = [];
    else if (from < piece.length) begun.push(piece.slice(from));
  }
  if (bytes > mostLineBytes) yield undefined;
  else if (bytes > 0) yield Buffer.concat(begun);
}
