/** What is known about one device, and the rules that watch it for that. */
import type { DeviceRecord } from "../core/device.ts";
import type { EventOf, Origin } from "../core/event.ts";
import type { DeviceId } from "../core/ids.ts";
import type { AbsenceWatch } from "./absence-watch.ts";
import { never } from "./alarm.ts";
import type { DeviceSnapshot } from "./engine-snapshot.ts";
import type { RuleDesk } from "./rule-desk.ts";
import { deviceOfRecord, type RuleDevice, untoldDevice } from "./rule-device.ts";
import { selectsDevice } from "./select.ts";
import type { ThresholdWatch } from "./threshold-watch.ts";
import { type MissedFrom, openWatch, restoreWatch, saveWatch, type Watch } from "./watch.ts";

/** One metric that rules ask for. */
export interface MetricLine {
  /** Time of the newest sample. */
  lastMs: number;
  readonly watches: readonly ThresholdWatch[];
}

export class DeviceWatches {
  readonly #origin: Origin;
  readonly #id: DeviceId;
  readonly #desk: RuleDesk;
  readonly #watches = new Map<string, Watch>();
  readonly #sent: Set<string>;
  #metrics: ReadonlyMap<string, MetricLine> = new Map();
  #thresholds: readonly ThresholdWatch[] = [];
  #absences: readonly AbsenceWatch[] = [];
  #device: RuleDevice;
  #record: DeviceRecord | undefined;
  #profile: string;

  constructor(origin: Origin, desk: RuleDesk, saved: DeviceSnapshot, from: MissedFrom) {
    this.#origin = origin;
    this.#id = saved.device;
    this.#desk = desk;
    this.#sent = new Set(saved.sent);
    this.#record = saved.record;
    this.#profile = saved.profile ?? "";
    this.#device = this.#describe();
    for (const watch of saved.watches ?? []) {
      const rule = desk.rules.find(({ id }) => id === watch.rule);
      if (rule && desk.admit(rule.id))
        this.#watches.set(rule.id, restoreWatch(rule, this.#device, desk.outbox, watch, from));
      else desk.dismiss(watch.rule, watch.state.last);
    }
    this.#arrange();
    for (const [metric, lastMs] of Object.entries(saved.newest ?? {})) {
      const line = this.#metrics.get(metric);
      if (line) line.lastMs = lastMs;
    }
  }

  get all(): Iterable<Watch> {
    return this.#watches.values();
  }

  get thresholds(): readonly ThresholdWatch[] {
    return this.#thresholds;
  }

  get absences(): readonly AbsenceWatch[] {
    return this.#absences;
  }

  /** How often the device reports; undefined where nobody knows. */
  get intervalMs(): number | undefined {
    return this.#device.intervalMs;
  }

  get metrics(): Iterable<MetricLine> {
    return this.#metrics.values();
  }

  /** Undefined for a metric that no rule asks for. */
  metric(name: string): MetricLine | undefined {
    return this.#metrics.get(name);
  }

  /** Notes the device's record; true when it says something new, so that rules must be resolved. */
  learn(record: DeviceRecord): boolean {
    if (this.#record && JSON.stringify(this.#record) === JSON.stringify(record)) return false;
    this.#record = record;
    return true;
  }

  /** The same for what an event says beside its values: a profile, and metrics the device has. */
  meet(event: EventOf<"measurement">): boolean {
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
    return isNews;
  }

  /** Finds out which rules select the device. `from`: since when new watches miss something. */
  resolve(from: MissedFrom): void {
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
      this.#watches.set(rule.id, openWatch(rule, this.#device, this.#desk.outbox, from));
    }
    this.#arrange();
  }

  toSnapshot(): Pick<DeviceSnapshot, "record" | "profile" | "newest" | "sent" | "watches"> {
    const newest = [...this.#metrics].filter(([, { lastMs }]) => lastMs !== never);
    return {
      ...(this.#record && { record: this.#record }),
      ...(this.#profile !== "" && { profile: this.#profile }),
      newest: Object.fromEntries(newest.map(([metric, { lastMs }]) => [metric, lastMs])),
      sent: [...this.#sent],
      watches: Array.from(this.#watches.values(), saveWatch),
    };
  }

  #describe(): RuleDevice {
    return this.#record
      ? deviceOfRecord(this.#origin, this.#record, this.#sent)
      : untoldDevice(this.#origin, this.#id, this.#profile, this.#sent);
  }

  /** Puts the watches where samples find them. */
  #arrange(): void {
    const watches = [...this.#watches.values()];
    const thresholds = watches.filter((watch) => watch.kind === "threshold");
    this.#thresholds = thresholds;
    this.#absences = watches.filter((watch) => watch.kind === "absent");
    const known = [...this.#device.metrics].filter((metric) => this.#desk.metrics.has(metric));
    this.#metrics = new Map(
      known.map((metric) => [
        metric,
        {
          lastMs: this.#metrics.get(metric)?.lastMs ?? never,
          watches: thresholds.filter((watch) => watch.metric === metric),
        },
      ]),
    );
  }
}
