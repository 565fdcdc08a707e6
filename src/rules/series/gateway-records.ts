/**
 * The series of a whole gateway: made of the samples of all devices that a rule selects, on a line that
 * stands behind the watermark as far as the latest of the live devices, at most a minute.
 */
import type { Origin } from "../../core/event.ts";
import type { RecordDesk } from "./record-desk.ts";
import type { NamedRecord } from "./record-rule.ts";
import { RecordSeries, type RecordState } from "./record-series.ts";

export class GatewayRecords {
  readonly desk: RecordDesk;
  readonly #origin: Origin;
  readonly #series = new Map<string, RecordSeries>();

  constructor(origin: Origin, desk: RecordDesk, saved: readonly RecordState[] = []) {
    this.desk = desk;
    this.#origin = origin;
    for (const state of saved) {
      const record = desk.all.find((one) => one.record === state.record);
      if (record?.per === "gateway" && record.rev === state.rev)
        this.#series.set(record.record, new RecordSeries(record, state));
    }
  }

  /** True where the line has to be known. */
  get isAsked(): boolean {
    return this.#series.size > 0;
  }

  seriesOf(record: NamedRecord): RecordSeries {
    const series = this.#series.get(record.record) ?? new RecordSeries(record);
    this.#series.set(record.record, series);
    return series;
  }

  /** The gateway's line reaches `reachMs`. */
  advance(reachMs: number): void {
    for (const record of this.desk.all)
      for (const pane of this.#series.get(record.record)?.advance(reachMs) ?? [])
        this.desk.tell(record, this.#origin, null, pane);
  }

  /** The gateway is gone. */
  finish(): void {
    for (const [, series] of this.#series)
      for (const pane of series.finish()) this.desk.tell(series.record, this.#origin, null, pane);
  }

  toState(): readonly RecordState[] | undefined {
    if (this.#series.size === 0) return undefined;
    return Array.from(this.#series.values(), (series) => series.toState());
  }
}
