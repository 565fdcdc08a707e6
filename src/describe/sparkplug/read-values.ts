/** The values of a birth or of data, by the names that a birth gives them. */
import type { EpochMs } from "../../core/clock.ts";
import type { Payload } from "../../normalize/codecs/sparkplug/payload.ts";
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";
import type { ReadingLimits } from "../../normalize/read-member.ts";
import type { Member } from "./edge-node.ts";
import type { MemberEvents } from "./member-events.ts";
import { momentOf, readValue } from "./reading.ts";
import { singleValues } from "./single-values.ts";

export interface ValueReading {
  readonly payload: Payload;
  readonly member: Member;
  readonly events: MemberEvents;
  readonly limits: ReadingLimits;
  readonly receivedMs: EpochMs;
  /** Its aliases mean now what its birth says. */
  readonly holds: boolean;
  /** Values that have a name were stored when the message came first. */
  readonly onlyAliases: boolean;
  /** Whether a metric that no birth tells of may have a name of its own. */
  readonly mayName: () => boolean;
}

/** What could not be read by any name. */
export interface Nameless {
  readonly count: number;
  /** The first of them. */
  readonly aliases: readonly Varint[];
}

const mostListed = 8;

export function readValues(reading: ValueReading): Nameless {
  const { events, holds, limits, mayName, member, onlyAliases, payload, receivedMs } = reading;
  const { known, names, table } = member;
  const saidMs = momentOf(payload.timestamp);
  const aliases: Varint[] = [];
  let count = 0;
  for (const metric of payload.metrics) {
    const { alias } = metric;
    if (onlyAliases && metric.name !== undefined) continue;
    const named = alias === undefined || !holds ? undefined : table?.aliases.get(alias);
    const name = metric.name ?? named ?? undefined;
    if (name === undefined) {
      count += 1;
      if (alias !== undefined && aliases.length < mostListed) aliases.push(alias);
      continue;
    }
    for (const single of singleValues(metric, name)) {
      const definition = table?.definitions.get(single.metric);
      const own = definition?.name ?? names.ofUntold(single.metric, mayName);
      const found = readValue(single, own, definition);
      if (found.kind === "unread")
        limits.unread?.note(known.profile.id, single.metric, single.type ?? "", receivedMs);
      if (found.kind !== "value") continue;
      const { measurement, problem } = found;
      if (problem !== undefined)
        limits.misfits?.note(known.profile.id, own, String(measurement.value), receivedMs);
      const timeMs = momentOf(single.timestamp) ?? saidMs;
      events.measure(measurement, timeMs, single.isHistorical, problem);
    }
  }
  return { count, aliases };
}
