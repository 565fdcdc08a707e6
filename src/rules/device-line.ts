/**
 * One device on its own line of event time.
 *
 * The line moves to the time of each sample; between samples it follows the watermark at the
 * distance of the device's lag. So a slow clock, a radio that delivers late and a logger that
 * uploads two hours at once are one case, with true times.
 *
 * Samples wait for the watermark and are judged in order of their time. What a watermark would
 * change on the line of a device that sends nothing is known beforehand, so that such a device costs
 * one comparison.
 */
import type { DeviceRecord } from "../core/device.ts";
import type { EventOf, Origin } from "../core/event.ts";
import type { DeviceId } from "../core/ids.ts";
import type { Measurement } from "../core/measurement.ts";
import type { AbsenceWatch } from "./absence-watch.ts";
import { never } from "./alarm.ts";
import type { DeviceSnapshot, PendingSample } from "./engine-snapshot.ts";
import { LagMemory } from "./lag-memory.ts";
import type { RuleDesk } from "./rule-desk.ts";
import { deviceOfRecord, type RuleDevice, untoldDevice } from "./rule-device.ts";
import { selectsDevice } from "./select.ts";
import type { ThresholdWatch } from "./threshold-watch.ts";
import {
  type MissedFrom,
  openWatch,
  restoreWatch,
  type SavedWatch,
  saveWatch,
  type Watch,
} from "./watch.ts";

/** One metric that rules ask for. */
interface MetricLine {
  /** Time of the newest sample. */
  lastMs: number;
  readonly watches: readonly ThresholdWatch[];
}

export class DeviceLine {
  readonly #id: DeviceId;
  readonly #origin: Origin;
  readonly #desk: RuleDesk;
  #lag: LagMemory;
  readonly #watches = new Map<string, Watch>();
  readonly #metrics = new Map<string, MetricLine>();
  #thresholds: ThresholdWatch[] = [];
  #absences: AbsenceWatch[] = [];
  readonly #sent: Set<string>;
  #device: RuleDevice;
  #record: DeviceRecord | undefined;
  #profile: string;
  #firstMs: number;
  #aliveMs: number;
  #lastMs: number;
  #pending: PendingSample[];
  /** No watch changes before the line reaches this, or the watermark that, without a sample. */
  #dueMs = never;
  #silenceDueMs = never;

  /** A device that is new has nothing in its snapshot but its name and when it was met. */
  constructor(origin: Origin, desk: RuleDesk, saved: DeviceSnapshot) {
    this.#origin = origin;
    this.#desk = desk;
    this.#lag = new LagMemory(saved.lags);
    this.#sent = new Set(saved.sent);
    this.#id = saved.device;
    this.#record = saved.record;
    this.#profile = saved.profile ?? "";
    this.#firstMs = saved.first;
    this.#aliveMs = saved.alive ?? never;
    this.#lastMs = saved.last ?? never;
    this.#pending = [...(saved.pending ?? [])];
    this.#device = this.#describe();
    for (const watch of saved.watches ?? []) this.#restore(watch);
    this.#arrange();
    for (const [metric, lastMs] of Object.entries(saved.newest ?? {})) {
      const line = this.#metrics.get(metric);
      if (line) line.lastMs = lastMs;
    }
  }

  get id(): DeviceId {
    return this.#id;
  }

  get watches(): Iterable<Watch> {
    return this.#watches.values();
  }

  /** Samples that wait for the watermark. */
  get pendingCount(): number {
    return this.#pending.length;
  }

  /** The gateway tells of the device; most often what it told before. */
  learn(record: DeviceRecord, tMs: number): void {
    if (this.#record && JSON.stringify(this.#record) === JSON.stringify(record)) return;
    this.#record = record;
    this.resolve(tMs);
  }

  /** Finds out which rules select the device. `tMs` is the last watermark. */
  resolve(tMs: number): void {
    this.#settle(tMs);
    this.#device = this.#describe();
    for (const [id, watch] of this.#watches) {
      if (selectsDevice(watch.rule, this.#device)) {
        watch.setDevice(this.#device);
      } else {
        this.#watches.delete(id);
        this.#desk.dismiss(id, watch.last);
      }
    }
    for (const rule of this.#desk.rules) {
      if (this.#watches.has(rule.id) || !selectsDevice(rule, this.#device)) continue;
      if (!this.#desk.admit(rule.id)) continue;
      const from = this.#missedFrom(tMs);
      this.#watches.set(rule.id, openWatch(rule, this.#device, this.#desk.outbox, from));
    }
    this.#arrange();
  }

  /** A sample was received: it proves life now, and is judged at the next watermark. */
  take(event: EventOf<"measurement">, tMs: number): void {
    this.#meet(event, tMs);
    this.#hear(event.receivedMs, event.data);
    this.#pending.push(event);
  }

  /** A sample from before the gateway knew the time proves life as of the last watermark. */
  takeUnsynced(event: EventOf<"measurement">, tMs: number): void {
    this.#meet(event, tMs);
    if (tMs !== never) this.#hear(tMs, event.data);
  }

  /** Judges the samples that wait. `tMs` is the last watermark before them. */
  release(tMs: number): void {
    if (this.#pending.length === 0) return;
    const lagMs = this.#lag.lagMs;
    const reachMs = this.#reachMs(tMs);
    for (const { receivedMs, timeMs } of this.#pending)
      this.#lag.record(receivedMs, receivedMs - timeMs);
    // With a larger lag the line falls back: where it stood must be noted first.
    const fallsBack = this.#lag.lagMs > lagMs || this.#lastMs === never;
    if (fallsBack) for (const watch of this.#thresholds) watch.advance(reachMs);
    sortByTime(this.#pending);
    for (const sample of this.#pending) this.#judge(sample, fallsBack ? never : reachMs);
    this.#pending.length = 0;
  }

  /** Everything received up to gateway time `tMs` was taken and released. */
  advance(tMs: number): void {
    const reachMs = this.#reachMs(tMs);
    if (reachMs >= this.#dueMs) {
      this.#dueMs = Number.POSITIVE_INFINITY;
      for (const watch of this.#thresholds) {
        watch.advance(reachMs);
        this.#dueMs = Math.min(this.#dueMs, watch.dueMs);
      }
    }
    if (tMs >= this.#silenceDueMs) {
      this.#silenceDueMs = Number.POSITIVE_INFINITY;
      for (const watch of this.#absences) {
        watch.advance(tMs);
        this.#silenceDueMs = Math.min(this.#silenceDueMs, watch.dueMs);
      }
    }
  }

  /** Forgets lags that are older than a day at gateway time `tMs`. */
  forgetLags(tMs: number): void {
    this.#lag.forgetBefore(tMs);
  }

  /** The gateway's clock was set from `beforeMs` to `tMs`: the line begins at the next sample. */
  reset(tMs: number, beforeMs: number): void {
    this.#settle(beforeMs);
    this.#lag = new LagMemory();
    this.#lastMs = never;
    this.#firstMs = tMs;
    this.#aliveMs = tMs;
    for (const line of this.#metrics.values()) line.lastMs = never;
    for (const watch of this.#watches.values()) watch.reset(tMs);
    this.#dueMs = never;
    this.#silenceDueMs = never;
  }

  toSnapshot(): DeviceSnapshot {
    const newest = [...this.#metrics].filter(([, { lastMs }]) => lastMs !== never);
    return {
      device: this.#id,
      ...(this.#record && { record: this.#record }),
      ...(this.#profile !== "" && { profile: this.#profile }),
      first: this.#firstMs,
      ...(this.#aliveMs !== never && { alive: this.#aliveMs }),
      ...(this.#lastMs !== never && { last: this.#lastMs }),
      lags: this.#lag.entries,
      newest: Object.fromEntries(newest.map(([metric, { lastMs }]) => [metric, lastMs])),
      sent: [...this.#sent],
      pending: this.#pending.map(({ timeMs, receivedMs, data }) => ({ timeMs, receivedMs, data })),
      watches: Array.from(this.#watches.values(), saveWatch),
    };
  }

  #describe(): RuleDevice {
    return this.#record
      ? deviceOfRecord(this.#origin, this.#record, this.#sent)
      : untoldDevice(this.#origin, this.#id, this.#profile, this.#sent);
  }

  #restore(saved: SavedWatch): void {
    const rule = this.#desk.rules.find(({ id }) => id === saved.rule);
    if (!rule || !this.#desk.admit(rule.id)) {
      this.#desk.dismiss(saved.rule, saved.state.last);
      return;
    }
    const from = this.#missedFrom(never);
    const watch = restoreWatch(rule, this.#device, this.#desk.outbox, saved, from);
    this.#watches.set(rule.id, watch);
  }

  /** Puts the watches where samples find them. */
  #arrange(): void {
    const watches = [...this.#watches.values()];
    this.#thresholds = watches.filter((watch) => watch.kind === "threshold");
    this.#absences = watches.filter((watch) => watch.kind === "absent");
    for (const metric of this.#device.metrics) {
      if (!this.#desk.metrics.has(metric)) continue;
      this.#metrics.set(metric, {
        lastMs: this.#metrics.get(metric)?.lastMs ?? never,
        watches: this.#thresholds.filter((watch) => watch.metric === metric),
      });
    }
    this.#dueMs = never;
    this.#silenceDueMs = never;
  }

  /** What an event says about its device beside the values: its profile, and metrics it has. */
  #meet(event: EventOf<"measurement">, tMs: number): void {
    let isNews = false;
    if (!this.#record && event.profile !== undefined && event.profile !== this.#profile) {
      this.#profile = event.profile;
      isNews = true;
    }
    for (const { name } of event.data) {
      if (this.#metrics.has(name) || !this.#desk.metrics.has(name)) continue;
      this.#sent.add(name);
      isNews = true;
    }
    if (isNews) this.resolve(tMs);
  }

  #hear(receivedMs: number, data: readonly Measurement[]): void {
    this.#aliveMs = Math.max(this.#aliveMs, receivedMs);
    if (this.#absences.length === 0) return;
    for (const watch of this.#absences) {
      if (watch.of !== undefined && !data.some(({ name }) => name === watch.of)) continue;
      if (watch.alarm.breach >= 0) this.#silenceDueMs = never;
      watch.hear(receivedMs);
    }
  }

  #judge({ timeMs, data }: PendingSample, reachMs: number): void {
    this.#desk.counts.samples += 1;
    for (const measurement of data) {
      const line = this.#metrics.get(measurement.name);
      if (!line) continue;
      if (timeMs <= line.lastMs) {
        this.#desk.counts.outOfOrder += 1;
        continue;
      }
      line.lastMs = timeMs;
      for (const watch of line.watches) {
        watch.judge(timeMs, measurement, Math.max(reachMs, this.#lastMs));
        this.#dueMs = Math.min(this.#dueMs, watch.dueMs);
      }
    }
    if (timeMs > this.#lastMs) this.#lastMs = timeMs;
  }

  /** Brings every watch to where the line stands; those that nothing is due for are behind it. */
  #settle(tMs: number): void {
    for (const watch of this.#thresholds) watch.advance(this.#reachMs(tMs));
    for (const watch of this.#absences) watch.advance(tMs);
  }

  /** How far the line is known at watermark `tMs`; each watch stops at its own `hold`. */
  #reachMs(tMs: number): number {
    return Math.max(this.#lastMs, tMs - this.#lag.lagMs);
  }

  /** Before its first sample a device is missed since it was met. */
  #missedFrom(tMs: number): MissedFrom {
    return {
      valueMs: this.#lastMs === never ? Math.max(this.#firstMs, tMs) : this.#reachMs(tMs),
      aliveMs: Math.max(this.#firstMs, this.#aliveMs),
    };
  }
}

/** Almost always nothing is to be done. */
function sortByTime(samples: PendingSample[]): void {
  let newestMs = never;
  for (const { timeMs } of samples) {
    if (timeMs < newestMs) {
      samples.sort((a, b) => a.timeMs - b.timeMs);
      return;
    }
    newestMs = timeMs;
  }
}
