/** The series that one device's samples go into: its own, and those of its gateway. */
import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import type { SampleTap } from "../devices/sample-tap.ts";
import type { RuleDevice } from "../rule-device.ts";
import type { GatewayRecords } from "./gateway-records.ts";
import { tapOf } from "./record-desk.ts";
import { RecordSeries, type RecordState } from "./record-series.ts";

const none: readonly SampleTap[] = [];

/** Takes what a series gives back to the rules: a sample that counts for its pane from its end on. */
export type FeedBack = (startMs: number, endMs: number, sample: Measurement) => void;

export class DeviceRecords {
  readonly #origin: Origin;
  readonly #id: DeviceId;
  readonly #shared: GatewayRecords;
  readonly #own = new Map<string, RecordSeries>();
  readonly #taps = new Map<string, readonly SampleTap[]>();
  /** Its own, each behind those that it is made of. */
  #inOrder: readonly RecordSeries[] = [];
  #dueMs = Number.POSITIVE_INFINITY;

  constructor(
    origin: Origin,
    id: DeviceId,
    shared: GatewayRecords,
    saved: readonly RecordState[] = [],
  ) {
    this.#origin = origin;
    this.#id = id;
    this.#shared = shared;
    for (const state of saved) {
      const record = shared.desk.all.find((one) => one.record === state.record);
      if (record?.per === "device" && record.rev === state.rev)
        this.#own.set(record.record, new RecordSeries(record, state));
    }
  }

  /** Nothing is told before the device's line reaches this; infinity for never. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** Samples went into them: what is due is found out when the line goes on. */
  lookAnew(): void {
    if (this.#inOrder.length > 0) this.#dueMs = never;
  }

  /** Finds out which series the device's metrics go into. */
  resolve(device: RuleDevice): void {
    this.#taps.clear();
    if (this.#shared.desk.all.length === 0) return;
    for (const metric of device.metrics) {
      const taps = this.#shared.desk.of(metric, device).map((record) => {
        if (record.per !== "device") return tapOf(record, this.#shared.seriesOf(record));
        const series = this.#own.get(record.record) ?? new RecordSeries(record);
        this.#own.set(record.record, series);
        return tapOf(record, series);
      });
      if (taps.length > 0) this.#taps.set(metric, taps);
    }
    this.#inOrder = this.#shared.desk.all.flatMap(({ record }) => this.#own.get(record) ?? []);
    this.lookAnew();
  }

  tapsOf(metric: string): readonly SampleTap[] {
    return this.#taps.get(metric) ?? none;
  }

  /** The line reaches `reachMs`. */
  advance(reachMs: number, feed: FeedBack): void {
    for (const series of this.#inOrder) {
      const { record } = series;
      for (const pane of series.advance(reachMs)) {
        const sample = this.#shared.desk.tell(record, this.#origin, this.#id, pane);
        if (sample) feed(pane.startMs, pane.endMs, sample);
      }
    }
    this.#dueMs = Number.POSITIVE_INFINITY;
    for (const series of this.#inOrder) this.#dueMs = Math.min(this.#dueMs, series.dueMs);
  }

  /** The device is gone. */
  finish(): void {
    for (const series of this.#inOrder)
      for (const pane of series.finish())
        this.#shared.desk.tell(series.record, this.#origin, this.#id, pane);
  }

  toState(): readonly RecordState[] {
    return Array.from(this.#own.values(), (series) => series.toState());
  }
}
