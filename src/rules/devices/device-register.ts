/** The devices of one gateway. Their number is bounded: who was silent for long gives up its place. */
import type { Origin } from "../../core/event.ts";
import type { DeviceId } from "../../core/ids.ts";
import { escapeToken } from "../../core/token.ts";
import { never } from "../alarms/alarm.ts";
import type { DeviceSnapshot, MemoryPart } from "../engine-snapshot.ts";
import type { Departure, RuleDesk } from "../rule-desk.ts";
import { DepartedNames, type DepartedState } from "./departed-names.ts";
import { DeviceLine } from "./device-line.ts";
import { DeviceParts } from "./device-parts.ts";
import { LongSilent } from "./long-silent.ts";

/** For one more than this, one that was silent for long gives up its place, or it is left out. */
const maxDevices = 20_000;
/** One device must not hold up all. */
const longestLagMs = 60_000;
const hourMs = 3_600_000;
/** So few that a step is short also where each of them has much to judge. */
const devicesPerStep = 8;

/** How a watermark moves the time of a gateway. */
interface Passage {
  readonly beforeMs: number;
  readonly tMs: number;
  /** For how long of that the gateway did not listen. */
  readonly deafMs: number;
  /** Its clock was set. */
  readonly reset: boolean;
}

export class DeviceRegister {
  readonly #origin: Origin;
  readonly #desk: RuleDesk;
  readonly #onDismiss: (line: DeviceLine) => void;
  readonly #lines = new Map<DeviceId, DeviceLine>();
  readonly #parts: DeviceParts;
  readonly #departed: DepartedNames<DeviceId>;
  #longSilent = new LongSilent<DeviceId>();

  /** `onDismiss` is called with a device that goes, before it does. */
  constructor(
    origin: Origin,
    desk: RuleDesk,
    departed: DepartedState<DeviceId> | undefined,
    onDismiss: (line: DeviceLine) => void,
  ) {
    this.#origin = origin;
    this.#desk = desk;
    this.#parts = new DeviceParts(escapeToken(origin.gateway));
    this.#departed = new DepartedNames(departed);
    this.#onDismiss = onDismiss;
  }

  /** The devices that are gone, plain JSON; undefined for none. */
  get departed(): DepartedState<DeviceId> | undefined {
    return this.#departed.toState();
  }

  /** The latest start of an episode of any device, also of those that are gone. */
  get startedBeforeMs(): number {
    let latestMs = this.#departed.latestMs;
    for (const line of this.#lines.values()) latestMs = Math.max(latestMs, line.startedBeforeMs);
    return latestMs;
  }

  /** In the order in which they were met. */
  get all(): Iterable<DeviceLine> {
    return this.#lines.values();
  }

  get(id: DeviceId): DeviceLine | undefined {
    return this.#lines.get(id);
  }

  restore(saved: DeviceSnapshot): DeviceLine {
    const line = new DeviceLine(this.#origin, this.#desk, saved);
    this.#lines.set(line.id, line);
    this.#parts.add(line);
    return line;
  }

  /** All devices, as they are saved. */
  parts(): Iterable<MemoryPart> {
    return this.#parts.all();
  }

  /** The device, met at `receivedMs` where it is new; undefined where there is no room for it. */
  find(id: DeviceId, receivedMs: number, tMs: number): DeviceLine | undefined {
    const known = this.#lines.get(id);
    if (known) return known;
    if (this.#lines.size >= maxDevices && !this.#displaceFor(id, tMs)) {
      this.#desk.counts.leftOut += 1;
      return undefined;
    }
    const startedBefore = this.#departed.comeBack(id);
    const line = this.restore({
      device: id,
      first: Math.max(receivedMs, tMs),
      ...(startedBefore !== never && { startedBefore }),
    });
    line.resolve(tMs);
    this.makeRoomFor(line, tMs);
    return line;
  }

  /**
   * To be called after rules were found for the device: where one of them had no room for it, others
   * that were silent for long give up theirs.
   */
  makeRoomFor(line: DeviceLine, tMs: number): void {
    for (let rule = this.#desk.takeShortage(); rule !== undefined; rule = this.#desk.takeShortage())
      if (this.#displaceFor(line.id, tMs)) line.resolve(tMs);
      else this.#desk.leaveOut(rule);
  }

  /** What is open of the device ends at `atMs`, and it is forgotten. `tMs` is the last watermark. */
  dismiss(id: DeviceId, tMs: number, atMs: number, reason: Departure): void {
    const line = this.#lines.get(id);
    if (!line) return;
    this.#onDismiss(line);
    line.leave(tMs, atMs, reason);
    this.#departed.leave(id, line.startedBeforeMs);
    this.#parts.remove(line);
    this.#lines.delete(id);
  }

  dismissAll(tMs: number, reason: Departure): void {
    for (const id of [...this.#lines.keys()]) this.dismiss(id, tMs, tMs, reason);
    this.#desk.records.finish();
  }

  /** All devices together: their line is as late as the latest of them, at most a minute. */
  advanceTogether(tMs: number): void {
    const { groups, records } = this.#desk;
    if (!records.isAsked && !groups.isAsked) return;
    let lagMs = 0;
    for (const line of this.#lines.values()) lagMs = Math.max(lagMs, line.lagMs);
    const reachMs = tMs - Math.min(longestLagMs, lagMs);
    records.advance(reachMs);
    groups.advance(reachMs, tMs);
  }

  /** A watermark: time goes on for each of them, a few in each step. */
  *pass({ beforeMs, deafMs, reset, tMs }: Passage): Generator<void, void> {
    if (reset) this.#longSilent = new LongSilent();
    const isNewHour = Math.floor(beforeMs / hourMs) !== Math.floor(tMs / hourMs);
    let count = 0;
    for (const line of this.#lines.values()) {
      line.release(beforeMs);
      if (reset) line.reset(tMs, beforeMs, tMs);
      if (deafMs > 0) line.miss(deafMs, beforeMs, tMs);
      if (isNewHour) line.forgetLags(tMs);
      if (tMs !== never) line.advance(tMs);
      count += 1;
      if (count % devicesPerStep === 0) yield;
    }
  }

  /** What was received before gateway time `tMs` was not seen, behind watermark `beforeMs`. */
  forget(tMs: number, beforeMs: number): void {
    this.#longSilent = new LongSilent();
    for (const line of this.#lines.values()) {
      line.release(beforeMs);
      line.reset(tMs, beforeMs, beforeMs);
    }
  }

  /** Gives up the device that was heard longest ago; false when all were heard lately. */
  #displaceFor(newcomer: DeviceId, tMs: number): boolean {
    const id = this.#longSilent.choose(this.#lines, tMs, newcomer);
    if (id === undefined) return false;
    this.#desk.counts.displaced += 1;
    this.dismiss(id, tMs, tMs, "device_removed");
    return true;
  }
}
