/** How many numbers there are of each device on each day, and what they add up to: of the streams. */
import type { EpochMs } from "../core/clock.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import type { Backbone } from "../stream/backbone.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import { readWholeStream } from "../stream/read-whole-stream.ts";
import { SeenRecords } from "../stream/seen-records.ts";
import { sampleMeasurement, samplesOf } from "./samples.ts";
import { writableName } from "./tag-text.ts";

export const dayMs = 86_400_000;

export interface Total {
  readonly count: number;
  readonly sum: number;
}

/** By site, gateway and device, in names as they stand in tags. */
export type Totals = ReadonlyMap<string, Total>;

/** What can be counted of a database: numbers of quality good and uncertain. */
export interface CountedDatabase {
  /** False for times at which it holds nothing. */
  holds(timeMs: EpochMs): boolean;
  /** It keeps one value of a series in each millisecond, and adds up with less than all digits. */
  readonly isCoarse: boolean;
  /** Of the day that begins then, in UTC. */
  totalsOfDay(startMs: EpochMs): Promise<Totals>;
}

export interface StreamTotals {
  /** By the start of the day, in UTC. */
  readonly days: ReadonlyMap<EpochMs, Totals>;
  /** Numbers at times at which the database holds nothing. */
  readonly outside: number;
}

/** Numbers that the streams of all gateways hold, each record once, as the database would count them. */
export async function totalsOfStreams(
  connection: Awaited<ReturnType<Backbone["connected"]>>,
  { holds, isCoarse }: Pick<CountedDatabase, "holds" | "isCoarse">,
): Promise<StreamTotals> {
  const days = new Map<EpochMs, Map<string, Total>>();
  /** Of each series the last, where one millisecond holds one. */
  const lastMs = new Map<string, EpochMs>();
  const text = new TextDecoder();
  let outside = 0;
  for (const { gateway } of (await lookAtGateways(connection)).gateways) {
    const seen = new SeenRecords();
    await readWholeStream(connection, gateway.stream, ({ body }) => {
      const event = decodeEvent(text.decode(body));
      if (isMalformed(event) || event.kind !== "measurement" || seen.has(event.position)) return;
      const { device, origin, position, timeMs } = event;
      seen.add(position);
      const key = keyOf(origin.site, origin.gateway, device ?? "");
      const startMs = Math.floor(timeMs / dayMs) * dayMs;
      for (const sample of samplesOf(event)) {
        if (typeof sample.value !== "number" || sampleMeasurement(sample) !== "samples") continue;
        if (!holds(timeMs)) {
          outside += 1;
          continue;
        }
        if (isCoarse) {
          const series = `${key} ${sample.quality} ${sample.unit ?? ""} ${sample.name}`;
          if (lastMs.get(series) === timeMs) continue;
          lastMs.set(series, timeMs);
        }
        const day = days.get(startMs) ?? new Map<string, Total>();
        const { count = 0, sum = 0 } = day.get(key) ?? {};
        day.set(key, { count: count + 1, sum: sum + sample.value });
        days.set(startMs, day);
      }
    });
  }
  return { days, outside };
}

export function keyOf(...names: readonly string[]): string {
  return names.map(writableName).join("/");
}
