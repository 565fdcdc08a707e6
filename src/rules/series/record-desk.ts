/** The series that rules make, and the way out of what is told of them. */
import type { DerivedValue } from "../../core/derived-value.ts";
import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import type { SampleTap } from "../devices/sample-tap.ts";
import type { RuleDevice } from "../rule-device.ts";
import { selectsByNames } from "../select.ts";
import type { NamedRecord } from "./record-rule.ts";
import { type RecordSeries, type ToldPane, valueOfTold } from "./record-series.ts";

const nothing: readonly NamedRecord[] = [];

export class RecordDesk {
  /** All, each behind those that it is made of. */
  readonly all: readonly NamedRecord[];
  readonly #byMetric = new Map<string, NamedRecord[]>();
  #told: DerivedValue[] = [];

  constructor(records: readonly NamedRecord[]) {
    this.all = records;
    for (const record of records) {
      const known = this.#byMetric.get(record.metric);
      if (known) known.push(record);
      else this.#byMetric.set(record.metric, [record]);
    }
  }

  /** Those that the device's metric goes into. */
  of(metric: string, device: RuleDevice): readonly NamedRecord[] {
    const asking = this.#byMetric.get(metric);
    return asking?.filter(({ select }) => selectsByNames(select, device)) ?? nothing;
  }

  /** Tells of a pane; gives the sample that other rules may take, for a pane that is told first. */
  tell(
    record: NamedRecord,
    { gateway, site }: Origin,
    device: DeviceId | null,
    pane: ToldPane,
  ): Measurement | undefined {
    const value = valueOfTold(record, pane);
    if (value === undefined) return undefined;
    const { atMs, endMs, kept, rev, startMs } = pane;
    const unit = record.unit ?? pane.unit;
    this.#told.push({
      ...{ site, gateway, device, series: record.record, agg: record.agg, metric: record.metric },
      ...{ startMs, endMs, atMs, rev, value, count: kept[0] ?? 0, labels: record.labels },
      ...(unit !== undefined && { unit }),
    });
    if (rev > 1) return undefined;
    return { name: record.record, value, quality: "good", ...(unit !== undefined && { unit }) };
  }

  /** What was told and not given out yet. */
  take(): readonly DerivedValue[] {
    const told = this.#told;
    if (told.length > 0) this.#told = [];
    return told;
  }
}

/** Takes samples of one metric of a device into a series. */
export function tapOf(record: NamedRecord, series: RecordSeries): SampleTap {
  const { agg } = record;
  const countsRise = agg === "increase";
  return {
    countsRise,
    take(timeMs, { quality, unit, value }, rise) {
      if (!record.quality.includes(quality)) return;
      if (agg === "count") series.take(1, undefined, timeMs);
      else if (typeof value !== "number") return;
      else if (!countsRise) series.take(value, unit, timeMs);
      else if (rise !== undefined) series.take(rise, unit, timeMs);
    },
  };
}
