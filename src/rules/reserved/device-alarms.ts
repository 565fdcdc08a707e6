/**
 * One of our own alerts for each device of a gateway. What is well takes no room: an alarm is there
 * while something is open or about to be.
 */
import type { DeviceId } from "../../core/ids.ts";
import { never } from "../alarms/alarm.ts";
import type { TransitionDraft } from "../words/transition.ts";
import type { OwnAlarm, OwnAlarmState, OwnEnd } from "./own-alarm.ts";

/** Plain JSON. */
export interface DeviceAlarmsState<S extends OwnAlarmState> {
  readonly devices: readonly (readonly [DeviceId, S])[];
  /** When the latest episode of any device began. */
  readonly before?: number;
}

/** The alarm of one device, with what it is judged by. */
export interface DeviceAlarm<S extends OwnAlarmState> {
  readonly alarm: OwnAlarm;
  toState(): S;
}

export class DeviceAlarms<S extends OwnAlarmState, A extends DeviceAlarm<S>> {
  readonly #open: (device: DeviceId, state?: S) => A;
  readonly #devices = new Map<DeviceId, A>();
  #startedBeforeMs: number;

  constructor(open: (device: DeviceId, state?: S) => A, state?: DeviceAlarmsState<S>) {
    this.#open = open;
    this.#startedBeforeMs = state?.before ?? never;
    for (const [device, saved] of state?.devices ?? [])
      this.#devices.set(device, open(device, saved));
  }

  get size(): number {
    return this.#devices.size;
  }

  get startedBeforeMs(): number {
    return this.#startedBeforeMs;
  }

  get(device: DeviceId): A | undefined {
    return this.#devices.get(device);
  }

  /** The device's, made where there is none; its next episode begins behind all that were given up. */
  of(device: DeviceId): A {
    const known = this.#devices.get(device);
    if (known) return known;
    const made = this.#open(device);
    made.alarm.startBehind(this.#startedBeforeMs);
    this.#devices.set(device, made);
    return made;
  }

  /** To be called when the device's alarm was turned: what is well is given up. */
  tidy(device: DeviceId, { alarm }: A): void {
    this.#startedBeforeMs = Math.max(this.#startedBeforeMs, alarm.previousStartMs);
    if (alarm.isIdle) this.#devices.delete(device);
  }

  end(device: DeviceId, reason: OwnEnd, atMs: number): void {
    this.#devices.get(device)?.alarm.end(reason, atMs);
    this.#devices.delete(device);
  }

  endAll(reason: OwnEnd, atMs: number): void {
    for (const device of [...this.#devices.keys()]) this.end(device, reason, atMs);
  }

  leaveLine(): void {
    for (const { alarm } of this.#devices.values()) alarm.leaveLine();
  }

  *open(): Iterable<TransitionDraft> {
    for (const { alarm } of this.#devices.values()) if (alarm.last) yield alarm.last;
  }

  /** As of one alarm; where the device has none, its next episode begins behind the stored one. */
  goOnBehind(device: DeviceId, stored: TransitionDraft): boolean {
    const known = this.#devices.get(device);
    this.#startedBeforeMs = Math.max(this.#startedBeforeMs, Date.parse(stored.started_at));
    if (!known) return false;
    const isSame = known.alarm.goOnBehind(stored);
    if (!isSame) this.#devices.delete(device);
    return isSame;
  }

  toState(): DeviceAlarmsState<S> | undefined {
    if (this.#devices.size === 0 && this.#startedBeforeMs === never) return undefined;
    return {
      devices: Array.from(this.#devices, ([device, each]) => [device, each.toState()] as const),
      ...(this.#startedBeforeMs !== never && { before: this.#startedBeforeMs }),
    };
  }
}
