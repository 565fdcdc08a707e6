/**
 * The rules that come with the program, for one gateway: all that are judged by what it says itself.
 * They see each event once, in the order of its log, and gateway time only.
 */
import type { EventOf, Origin, StoredEvent } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import { toDeviceId } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import type { Outbox } from "../words/outbox.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { BoxAlarms, type BoxAlarmsState } from "./box-alarms.ts";
import { BufferFilling, type BufferFillingState } from "./buffer-filling.ts";
import { ClockSuspect } from "./clock-suspect.ts";
import { DataLost, type DataLostState } from "./data-lost.ts";
import { DeviceAlarms, type DeviceAlarmsState } from "./device-alarms.ts";
import type { OwnAlarmState } from "./own-alarm.ts";
import { QualityBad, type QualityBadState } from "./quality-bad.ts";
import {
  bufferRuleId,
  clockRuleId,
  lossRuleId,
  qualityRuleId,
  type ReservedRules,
  shippedRules,
} from "./reserved-rules.ts";

/** Plain JSON; what is absent has nothing to remember. */
export interface OwnWatchState {
  readonly buffer?: BufferFillingState;
  readonly lost?: DataLostState;
  readonly clocks?: DeviceAlarmsState<OwnAlarmState>;
  readonly qualities?: DeviceAlarmsState<QualityBadState>;
  readonly box?: BoxAlarmsState;
}

export class OwnWatch {
  readonly #rules: ReservedRules;
  readonly #buffer: BufferFilling;
  readonly #lost: DataLost;
  readonly #clocks: DeviceAlarms<OwnAlarmState, ClockSuspect>;
  readonly #box: BoxAlarms;
  readonly #qualities: DeviceAlarms<QualityBadState, QualityBad>;
  /** What fires by a rule that is switched off now. */
  #hasRemoved: boolean;

  constructor(origin: Origin, rules: ReservedRules, outbox: Outbox, state: OwnWatchState = {}) {
    this.#rules = rules;
    const shipped = shippedRules;
    this.#buffer = new BufferFilling(
      origin,
      rules.bufferFilling ?? shipped.bufferFilling,
      outbox,
      state.buffer,
    );
    this.#lost = new DataLost(origin, rules.dataLost ?? shipped.dataLost, outbox, state.lost);
    this.#clocks = new DeviceAlarms(
      (device, saved?: OwnAlarmState) =>
        new ClockSuspect(origin, device, rules.clockSuspect ?? shipped.clockSuspect, outbox, saved),
      state.clocks,
    );
    this.#qualities = new DeviceAlarms(
      (device, saved?: QualityBadState) =>
        new QualityBad(origin, device, rules.qualityBad ?? shipped.qualityBad, outbox, saved),
      state.qualities,
    );
    this.#box = new BoxAlarms(origin, rules, outbox, state.box);
    this.#hasRemoved = true;
  }

  /** Behind it all later episodes of this gateway and its devices begin. */
  get startedBeforeMs(): number {
    return Math.max(
      this.#buffer.alarm.previousStartMs,
      this.#lost.alarm.previousStartMs,
      this.#clocks.startedBeforeMs,
      this.#qualities.startedBeforeMs,
      this.#box.startedBeforeMs,
    );
  }

  /** A word of the gateway about itself; `tMs` is its last watermark. */
  hear(event: StoredEvent, tMs: number): void {
    const atMs = event.clock === "unsynced" ? tMs : event.receivedMs;
    if (atMs === never) return;
    if (event.kind === "gap") {
      if (this.#rules.dataLost) this.#lost.hear(event.data, atMs);
    } else if (event.kind === "status" && event.device === null) {
      if (this.#rules.bufferFilling) this.#buffer.hear(event.data, atMs);
      this.#box.hear(event.data, atMs);
    }
  }

  /** A message of a device; `isSuspect`: its samples are not judged by its own time. */
  take(event: EventOf<"measurement">, device: DeviceId, isSuspect: boolean): void {
    const { data, receivedMs } = event;
    const isUnbelieved = isSuspect || event.deviceTimeMs !== undefined;
    if ((isUnbelieved && this.#rules.clockSuspect) || this.#clocks.get(device)) {
      const clock = this.#clocks.of(device);
      clock.judge(isUnbelieved, receivedMs);
      this.#clocks.tidy(device, clock);
    }
    const isBad = this.#rules.qualityBad && hasBad(data);
    if (isBad || this.#qualities.get(device)) {
      const quality = this.#qualities.of(device);
      quality.judge(data, receivedMs);
      this.#qualities.tidy(device, quality);
    }
  }

  /** A watermark. */
  pass(tMs: number): void {
    if (this.#hasRemoved) this.#endRemoved(tMs);
    this.#buffer.pass(tMs);
    this.#lost.pass(tMs);
    this.#box.pass(tMs);
  }

  /** The clock of the gateway was set. */
  leaveLine(): void {
    this.#buffer.alarm.leaveLine();
    this.#lost.alarm.leaveLine();
    this.#clocks.leaveLine();
    this.#qualities.leaveLine();
    this.#box.leaveLine();
  }

  /** A device is gone. */
  forget(device: DeviceId, atMs: number): void {
    this.#clocks.end(device, "device_removed", atMs);
    this.#qualities.end(device, "device_removed", atMs);
  }

  /** The gateway is gone. */
  leave(atMs: number): void {
    this.#buffer.alarm.end("gateway_removed", atMs);
    this.#lost.alarm.end("gateway_removed", atMs);
    this.#clocks.endAll("gateway_removed", atMs);
    this.#qualities.endAll("gateway_removed", atMs);
    this.#box.endAll("gateway_removed", atMs);
  }

  /** The last transitions of all episodes that are open. */
  *open(): Iterable<TransitionDraft> {
    for (const { alarm } of [this.#buffer, this.#lost]) if (alarm.last) yield alarm.last;
    yield* this.#clocks.open();
    yield* this.#qualities.open();
    yield* this.#box.open();
  }

  /**
   * What led to `stored` can never be read. Undefined where it is no alert of ours; else true when the
   * open episode is that one.
   */
  goOnBehind(stored: TransitionDraft): boolean | undefined {
    const device = toDeviceId(stored.labels["device"] ?? "");
    switch (stored.rule) {
      case bufferRuleId:
        return this.#buffer.alarm.goOnBehind(stored);
      case lossRuleId:
        return this.#lost.alarm.goOnBehind(stored);
      case clockRuleId:
        return this.#clocks.goOnBehind(device, stored);
      case qualityRuleId:
        return this.#qualities.goOnBehind(device, stored);
      default:
        return this.#box.goOnBehind(stored);
    }
  }

  toState(): OwnWatchState | undefined {
    const clocks = this.#clocks.toState();
    const qualities = this.#qualities.toState();
    const buffer = this.#buffer.alarm.isFresh ? undefined : this.#buffer.toState();
    const lost = this.#lost.alarm.isFresh ? undefined : this.#lost.toState();
    const box = this.#box.toState();
    if (!buffer && !lost && !clocks && !qualities && !box) return undefined;
    return {
      ...(buffer && { buffer }),
      ...(lost && { lost }),
      ...(clocks && { clocks }),
      ...(qualities && { qualities }),
      ...(box && { box }),
    };
  }

  #endRemoved(tMs: number): void {
    this.#hasRemoved = false;
    if (!this.#rules.bufferFilling) this.#buffer.alarm.end("rule_removed", tMs);
    if (!this.#rules.dataLost) this.#lost.alarm.end("rule_removed", tMs);
    if (!this.#rules.clockSuspect) this.#clocks.endAll("rule_removed", tMs);
    if (!this.#rules.qualityBad) this.#qualities.endAll("rule_removed", tMs);
    this.#box.endRemoved(tMs);
  }
}

function hasBad(data: readonly Measurement[]): boolean {
  for (const { quality } of data) if (quality === "bad") return true;
  return false;
}
