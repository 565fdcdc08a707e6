/**
 * One line of a recording: the CloudEvent of one event, byte for byte as it stands in its stream, with
 * two attributes more at its end that say where it stood. Without them it is a line as `tap sent` and
 * `buffer export` print it, and is read as well.
 */
import type { EpochMs } from "../core/clock.ts";
import type { StoredEvent } from "../core/event.ts";
import { decodeEvent, formatTime, isMalformed } from "../core/event-codec.ts";
import { isId, type StreamSeq, toStreamSeq } from "../core/ids.ts";

/** Where an event stood in the stream of its gateway. */
export interface RecordedPlace {
  readonly streamSeq: StreamSeq;
  /** When the server stored it, by the server's clock. */
  readonly storedMs: EpochMs;
}

/** An event out of a recording. */
export interface RecordedEvent {
  readonly event: StoredEvent;
  /** The event as it stood in its stream. */
  readonly text: string;
  /** Absent where who wrote the line did not know. */
  readonly place?: RecordedPlace;
}

/** Why a line is no event. */
export interface UnreadableLine {
  readonly unreadable: string;
}

/** The line of an event, without its end; undefined where its text is none that fits on a line. */
export function recordedLine(text: string, place: RecordedPlace): string | undefined {
  if (!text.endsWith("}") || text.includes("\n") || text.includes("\r")) return undefined;
  const stored = formatTime(place.storedMs);
  return `${text.slice(0, -1)},"streamseq":"${place.streamSeq}","streamtime":"${stored}"}`;
}

const placePattern =
  /,"streamseq":"([1-9][0-9]{0,15})","streamtime":"([-0-9]{10}T[0-9:]{8}\.[0-9]{3}Z)"\}$/;
/** No place is longer. */
const mostPlaceCharacters = 80;

/** What a line says, without its end. */
export function readRecordedLine(line: string): RecordedEvent | UnreadableLine {
  const found = placePattern.exec(line.slice(-mostPlaceCharacters));
  const text = found ? `${line.slice(0, line.length - found[0].length)}}` : line;
  const event = decodeEvent(text);
  if (isMalformed(event)) return { unreadable: event.malformed };
  const { device, origin } = event;
  if (![origin.site, origin.gateway, device ?? "-"].every(isId))
    return { unreadable: "nobody may have such a name" };
  const storedMs = Date.parse(found?.[2] ?? "");
  if (!found || Number.isNaN(storedMs)) return { event, text };
  return { event, text, place: { streamSeq: toStreamSeq(Number(found[1])), storedMs } };
}

export function isUnreadable(read: RecordedEvent | UnreadableLine): read is UnreadableLine {
  return "unreadable" in read;
}
