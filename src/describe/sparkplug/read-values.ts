/** The values of a birth or of data, by the names that a birth gives them. */
import type { Varint } from "../../normalize/codecs/sparkplug/protobuf-reader.ts";
import type { Heard } from "./heard.ts";
import { momentOf, readValue } from "./reading.ts";
import { singleValues } from "./single-values.ts";

/** What could not be read by any name. */
export interface Nameless {
  readonly count: number;
  /** The first of them. */
  readonly aliases: readonly Varint[];
}

const mostListed = 8;

/**
 * `holds`: the aliases of the member mean now what its birth says. `onlyAliases`: values that have a
 * name were stored when the message came first.
 */
export function readValues(heard: Heard, holds: boolean, onlyAliases: boolean): Nameless {
  const { events, limits, member, message, nodes, payload } = heard;
  const { known, names, table } = member;
  const { receivedMs } = message;
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
      const own = definition?.name ?? names.ofUntold(single.metric, nodes.mayName);
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
