/** What is known about one device, and the rules that watch it for that. */
import type { EventOf, Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import type { Dismissal, RuleDesk } from "../rule-desk.ts";
import type { RuleDevice } from "../rule-device.ts";
import { selectsDevice } from "../select.ts";
import { DeviceRecords } from "../series/device-records.ts";
import { DeviceGroups } from "../together/device-groups.ts";
import type { AbsenceWatch } from "../watches/absence-watch.ts";
import {
  type MissedFrom,
  openWatch,
  restoreWatch,
  type SavedWatch,
  saveWatch,
  type ValueWatch,
  type Watch,
} from "../watches/watch.ts";
import { MetricLine } from "./metric-line.ts";
import { ruleOfSaved, rulesFor, watchKeyOf } from "./rules-for-device.ts";
import { ToldDevice } from "./told-device.ts";

/** The values of so many metrics of a device are remembered for rules to come. */
const maxMetrics = 64;

export class DeviceWatches {
  readonly #id: DeviceId;
  /** What its gateway and its events say of it. */
  readonly told: ToldDevice;
  readonly #desk: RuleDesk;
  readonly #watches = new Map<string, Watch>();
  /** The series that its samples go into. */
  readonly records: DeviceRecords;
  /** The rules about many devices that it is one of. */
  readonly groups: DeviceGroups;
  readonly #metrics = new Map<string, MetricLine>();
  #ofValues: readonly ValueWatch[] = [];
  #absences: readonly AbsenceWatch[] = [];
  #device: RuleDevice;
  /** The latest start of an episode of a watch that is gone: one that comes again begins later. */
  #startedBeforeMs: number;

  constructor(origin: Origin, desk: RuleDesk, saved: DeviceSnapshot) {
    this.#id = saved.device;
    this.#desk = desk;
    this.records = new DeviceRecords(origin, saved.device, desk.records, saved.records);
    this.groups = new DeviceGroups(desk.groups, saved.groups);
    this.told = new ToldDevice(origin, saved);
    this.#device = this.told.describe();
    this.groups.declare(this.#device.intervalMs);
    this.#startedBeforeMs = saved.startedBefore ?? never;
    for (const each of saved.watches ?? []) {
      const rule = ruleOfSaved(each, desk.rules);
      const watch = rule && desk.admit(rule) && restoreWatch(rule, this.#device, desk.outbox, each);
      if (watch) this.#watches.set(watchKeyOf(watch.rule), watch);
      else this.#dismiss(each.rule, each.state, rule ? "rule_changed" : "rule_removed");
    }
    for (const [metric, lastMs] of Object.entries(saved.newest ?? {}))
      this.#metrics.set(metric, new MetricLine({ last: lastMs }));
    for (const [metric, state] of Object.entries(saved.metrics ?? {}))
      this.#metrics.set(metric, new MetricLine(state));
    this.#arrange();
  }

  /** The latest start of an episode of any watch there was; `never` before the first. */
  get startedBeforeMs(): number {
    const starts = Array.from(this.#watches.values(), ({ alarm }) => alarm.previousStartMs);
    return Math.max(this.#startedBeforeMs, ...starts);
  }

  /** The device as rules see it. */
  get device(): RuleDevice {
    return this.#device;
  }

  get all(): Iterable<Watch> {
    this.#rouse();
    return this.#watches.values();
  }

  /** Those that judge values, on the device's line. */
  get ofValues(): readonly ValueWatch[] {
    this.#rouse();
    return this.#ofValues;
  }

  get absences(): readonly AbsenceWatch[] {
    return this.#absences;
  }

  /** How often its profile says that the device reports; undefined where it does not. */
  get declaredMs(): number | undefined {
    return this.#device.intervalMs;
  }

  /** How often the device reports; undefined where nobody knows. */
  get intervalMs(): number | undefined {
    if (this.#device.intervalMs !== undefined) return this.#device.intervalMs;
    const known = [...this.#metrics.values()].flatMap(({ intervalMs }) => intervalMs ?? []);
    return known.length === 0 ? undefined : Math.max(...known);
  }

  get metrics(): Iterable<MetricLine> {
    return this.#metrics.values();
  }

  /** Undefined for a metric beyond the bound. */
  metric(name: string): MetricLine | undefined {
    const hasRoom = this.#metrics.size < maxMetrics;
    return this.#metrics.get(name) ?? (hasRoom ? this.#add(name) : undefined);
  }

  /** True when an event says something new beside its values: a profile, or a metric that is asked. */
  meet(event: EventOf<"measurement">): boolean {
    let isNews = this.told.meet(event.profile);
    for (const { name } of event.data) {
      if (this.#metrics.get(name)?.isAsked || !this.#desk.rules.asks(name)) continue;
      this.told.sends(name);
      isNews = true;
    }
    return isNews;
  }

  /** The same for a metric that a rule makes. */
  meetDerived(metric: string): boolean {
    if (this.#metrics.get(metric)?.isAsked || !this.#desk.rules.asks(metric)) return false;
    this.told.sends(metric);
    return true;
  }

  /**
   * A value of a series counts from the end of its pane on, and in panes that this one is part of.
   * Gives where on the line something may change by it.
   */
  takeDerived(startMs: number, endMs: number, sample: Measurement): number {
    const line = this.metric(sample.name);
    line?.record(startMs, sample, false);
    if (!line || endMs < line.lastMs) return Number.POSITIVE_INFINITY;
    line.take(endMs, sample, true);
    return line.watches.judge(endMs, sample, endMs, true);
  }

  /** Finds out which rules select the device. `from`: since when new watches miss something. */
  resolve(from: MissedFrom): void {
    this.#device = this.told.describe();
    this.#rouse();
    for (const [key, watch] of this.#watches) {
      if (selectsDevice(watch.rule, this.#device)) {
        watch.setDevice(this.#device);
        if (watch.kind === "expr") this.#recall(watch, watch.takeUnread(), from);
      } else {
        this.#watches.delete(key);
        this.#dismiss(watch.rule.id, watch.toState(), "rule_removed");
      }
    }
    const { own, together } = rulesFor(this.#device, this.#desk.rules);
    this.groups.resolve(together, this.#device, from.aliveMs);
    for (const rule of own) {
      const key = watchKeyOf(rule);
      if (this.#watches.has(key) || !this.#desk.admit(rule)) continue;
      const isAboutLife = rule.condition.kind === "absent";
      this.#desk.endBefore(rule.id, this.#id, isAboutLife ? from.aliveMs : from.valueMs);
      const watch = openWatch(rule, this.#device, this.#desk.outbox, from);
      watch.alarm.forget(this.#startedBeforeMs);
      this.#watches.set(key, watch);
      if (watch.kind !== "absent") this.#recall(watch, this.#metrics.keys(), from);
    }
    this.#arrange();
  }

  toSnapshot(): Pick<
    DeviceSnapshot,
    "record" | "profile" | "metrics" | "sent" | "startedBefore" | "watches" | "records" | "groups"
  > {
    for (const { watches } of this.#metrics.values()) watches.catchUp();
    const records = this.records.toState();
    const groups = this.groups.toState();
    return {
      ...this.told.toSnapshot(),
      metrics: Object.fromEntries(
        Array.from(this.#metrics, ([metric, line]) => [metric, line.toState()]),
      ),
      ...(this.#startedBeforeMs !== never && { startedBefore: this.#startedBeforeMs }),
      watches: Array.from(this.#watches.values(), saveWatch),
      ...(records.length > 0 && { records }),
      ...(groups.length > 0 && { groups }),
    };
  }

  #rouse(): void {
    for (const { watches } of this.#metrics.values()) watches.rouse();
  }

  /** Gives a watch the values of metrics that still hold. */
  #recall(watch: ValueWatch, metrics: Iterable<string>, from: MissedFrom): void {
    for (const metric of metrics)
      if (watch.reads(metric)) this.#metrics.get(metric)?.recall(watch, from.valueMs);
  }

  #dismiss(rule: string, { alarm, last }: SavedWatch["state"], reason: Dismissal): void {
    this.#startedBeforeMs = Math.max(this.#startedBeforeMs, alarm.previous ?? never);
    this.#desk.dismiss(rule, last, reason);
  }

  /** Puts the watches where samples find them. */
  #arrange(): void {
    const watches = [...this.#watches.values()];
    const ofValues = watches.filter((watch) => watch.kind !== "absent");
    this.#ofValues = ofValues;
    this.#absences = watches.filter((watch) => watch.kind === "absent");
    const { rules } = this.#desk;
    const asked = [...this.#device.metrics].filter((metric) => rules.asks(metric));
    for (const line of this.#metrics.values()) line.watchBy([], false);
    for (const metric of asked)
      (this.#metrics.get(metric) ?? this.#add(metric)).watchBy(
        ofValues.filter((watch) => watch.reads(metric)),
        true,
      );
    this.records.resolve(this.#device);
    for (const [metric, line] of this.#metrics)
      line.recordInto([...this.records.tapsOf(metric), ...this.groups.tapsOf(metric)]);
  }

  #add(metric: string): MetricLine {
    const line = new MetricLine();
    this.#metrics.set(metric, line);
    return line;
  }
}
