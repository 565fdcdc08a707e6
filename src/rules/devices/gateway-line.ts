/** One gateway: its watermark, and the lines of its devices. */
import type { EventOf, Origin, StoredEvent } from "../../core/event.ts";
import { provesNoLife } from "../../core/extensions.ts";
import { type DeviceId, toDeviceId } from "../../core/ids.ts";
import { never } from "../alarms/alarm.ts";
import type { GatewayHead, GatewaySnapshot, MemoryPart } from "../engine-snapshot.ts";
import { GatewayAlarms } from "../reserved/gateway-alarms.ts";
import type { GatewaySighting } from "../reserved/gateway-offline.ts";
import type { ReservedRules } from "../reserved/reserved-rules.ts";
import type { RuleDesk } from "../rule-desk.ts";
import type { Watch } from "../watches/watch.ts";
import { endUnjudged, type TransitionDraft } from "../words/transition.ts";
import type { DeviceLine } from "./device-line.ts";
import { DeviceRegister } from "./device-register.ts";
import { Listening } from "./listening.ts";
import { passQuietTime } from "./quiet-time.ts";

/** More samples than this between two watermarks are judged before the watermark comes. */
const maxPending = 50_000;

export class GatewayLine {
  readonly origin: Origin;
  readonly #desk: RuleDesk;
  readonly #devices: DeviceRegister;
  /** Samples that wait for the watermark. */
  #pending = 0;
  readonly #listening: Listening;
  readonly #alarms: GatewayAlarms;
  #isStopped: boolean;
  #tMs: number;

  constructor(saved: GatewayHead, desk: RuleDesk, rules: ReservedRules) {
    this.origin = { site: saved.site, gateway: saved.gateway };
    this.#desk = desk;
    this.#tMs = saved.t ?? never;
    this.#listening = new Listening(saved.listening);
    this.#alarms = new GatewayAlarms(this.origin, rules, desk.outbox, saved);
    this.#isStopped = saved.stopped ?? false;
    this.#devices = new DeviceRegister(this.origin, desk, saved.departed, ({ pendingCount }) => {
      this.#pending -= pendingCount;
    });
  }

  /** A step for each device; `isOtherSet`: these rules are not those of the snapshot. */
  *restore(devices: GatewaySnapshot["devices"], isOtherSet: boolean): Generator<void> {
    for (const device of devices) {
      const line = this.#devices.restore(passQuietTime(device, this.#tMs));
      if (isOtherSet) line.resolve(this.#tMs);
      this.#pending += line.pendingCount;
      yield;
    }
    const short = this.#desk.takeShortage();
    if (short !== undefined) this.#desk.leaveOut(short);
  }

  /** The last watermark; undefined before the first. */
  get watermarkMs(): number | undefined {
    return this.#tMs === never ? undefined : this.#tMs;
  }

  /** The latest start of an episode of its own or of a device, also of those that are gone. */
  get startedBeforeMs(): number {
    return Math.max(this.#devices.startedBeforeMs, this.#alarms.startedBeforeMs);
  }

  get devices(): Iterable<DeviceLine> {
    return this.#devices.all;
  }

  /** What watches many of its devices together. */
  get together(): Iterable<Watch> {
    return this.#desk.groups.watches;
  }

  /** To be called with every event, before what it says is looked at. */
  meet(event: StoredEvent): void {
    const isStopped = says(event, "gateway-stopped");
    if (isStopped !== this.#isStopped) this.#desk.groups.rest(isStopped);
    this.#isStopped = isStopped;
    const isAnotherRun = this.#listening.meet(event.position);
    if (isAnotherRun || says(event, "gateway-started")) this.#begin(event);
    if (event.device === null) this.#alarms.own.hear(event, this.#tMs);
  }

  /** What the hub sees of its stream; all that is in it was fed. */
  see(sighting: GatewaySighting): void {
    this.#alarms.see(sighting, this.#isStopped);
  }

  learn(event: EventOf<"device">): void {
    const id = event.device ?? event.data.device;
    const line = this.#devices.find(id, event.receivedMs, this.#tMs);
    if (!line) return;
    line.learn(event.data, this.#tMs);
    this.#devices.makeRoomFor(line, this.#tMs);
  }

  take(event: EventOf<"measurement">): void {
    if (event.device === null) return;
    const line = this.#devices.find(event.device, event.receivedMs, this.#tMs);
    if (!line) return;
    if (event.clock === "unsynced") {
      this.#desk.counts.unsynced += 1;
      line.takeUnsynced(event, this.#tMs);
      this.#devices.makeRoomFor(line, this.#tMs);
      return;
    }
    line.take(event, this.#tMs);
    this.#alarms.own.take(event, event.device, line.trouble?.clock === "suspect");
    this.#devices.makeRoomFor(line, this.#tMs);
    this.#pending += 1;
    if (this.#pending < maxPending) return;
    this.#desk.counts.overflows += 1;
    if (this.#tMs !== never) this.#desk.endRemoved(this.#tMs);
    for (const each of this.#devices.all) each.release(this.#tMs);
    this.#pending = 0;
  }

  /** A word of a device that is no sample: it lives. */
  hear(event: EventOf<"status" | "rejection">): void {
    if (provesNoLife(event)) return;
    const { clock, device, receivedMs } = event;
    const line = device === null ? undefined : this.#devices.get(device);
    const heardMs = clock === "unsynced" ? this.#tMs : receivedMs;
    if (heardMs !== never) line?.hear(heardMs, this.#tMs);
  }

  /** A device was said to be gone: by its will, or by its own word. */
  depart({ clock, device, receivedMs }: EventOf<"status">): void {
    const line = device === null ? undefined : this.#devices.get(device);
    if (clock !== "unsynced") line?.depart(receivedMs);
  }

  /** A watermark, some devices in each step. Without a clock it only closes the batch. */
  *pass(event: EventOf<"watermark">): Generator<void, void> {
    const { t, reset = false } = event.data;
    const beforeMs = this.#tMs;
    if (reset) this.#tMs = t;
    else if (event.clock !== "unsynced") this.#tMs = Math.max(beforeMs, t);
    if (reset) this.#alarms.own.leaveLine();
    if (this.#tMs !== never) this.#desk.endRemoved(this.#tMs);
    const deafMs = this.#listening.pass(event.data, beforeMs);
    yield* this.#devices.pass({ beforeMs, tMs: this.#tMs, deafMs, reset });
    this.#pending = 0;
    if (reset) this.#desk.groups.reset(t, t);
    if (deafMs > 0) this.#desk.groups.miss(deafMs, beforeMs, this.#tMs);
    if (this.#tMs !== never) {
      this.#alarms.own.pass(this.#tMs);
      this.#devices.advanceTogether(this.#tMs);
      this.#desk.endRemoved(this.#tMs);
    }
    if (event.clock === "unsynced") this.#desk.groups.waive();
  }

  /** What the gateway wrote before gateway time `atMs` was not seen, nobody knows how much. */
  forget(atMs: number): void {
    const beforeMs = this.#tMs;
    this.#devices.forget(Math.max(atMs, beforeMs), beforeMs);
    this.#desk.groups.reset(Math.max(atMs, beforeMs), beforeMs);
    this.#pending = 0;
  }

  /** A device is gone: its alerts end now, and what is known of it is forgotten. */
  remove(id: DeviceId, receivedMs: number): void {
    const atMs = Math.max(receivedMs, this.#tMs);
    this.#devices.dismiss(id, this.#tMs, atMs, "device_removed");
    this.#alarms.own.forget(id, atMs);
  }

  /** The gateway is gone, with all its devices. */
  leave(): void {
    this.#devices.dismissAll(this.#tMs, "gateway_removed");
    this.#desk.endRemoved(this.#tMs);
    this.#alarms.leave(this.#tMs);
  }

  /** The last transitions of all episodes that are open. */
  *open(): Iterable<TransitionDraft> {
    for (const device of this.#devices.all)
      for (const { last } of device.watches) if (last) yield last;
    for (const { last } of this.#desk.groups.watches) if (last) yield last;
    for (const { last } of this.#desk.removed) yield last;
    yield* this.#alarms.open();
  }

  /**
   * Goes on behind a stored transition of one of its devices: what led to it can never be read.
   * Gives the end of the stored episode where that fires and the rules do not know of it.
   */
  goOnBehind(stored: TransitionDraft): TransitionDraft | undefined {
    const own = this.#alarms.goOnBehind(stored);
    if (own !== undefined)
      return own || stored.state === "ended"
        ? undefined
        : endUnjudged(stored, "data_lost", this.#tMs);
    const { device } = stored.labels;
    const line = device === undefined ? this.#desk.groups : this.#devices.get(toDeviceId(device));
    if (line?.goOnBehind(stored) || stored.state === "ended") return undefined;
    const { rule, rule_rev } = stored;
    const isSame = this.#desk.rules.get(rule)?.rev === rule_rev;
    return endUnjudged(stored, isSame ? "data_lost" : "rule_changed", this.#tMs);
  }

  toSnapshot(): GatewaySnapshot {
    const devices = Array.from(this.#devices.all, (line) => line.toSnapshot());
    return { ...this.toHead(), devices };
  }

  /** All devices, as they are saved. */
  parts(): Iterable<MemoryPart> {
    return this.#devices.parts();
  }

  /** All but the devices. */
  toHead(): GatewayHead {
    const listening = this.#listening.toState();
    const { gateway } = this.origin;
    const { departed } = this.#devices;
    const records = this.#desk.records.toState();
    const groups = this.#desk.groups.toState();
    const found = this.#desk.outbox.drafts.filter(({ labels }) => labels["gateway"] === gateway);
    return {
      ...this.origin,
      ...(this.#tMs !== never && { t: this.#tMs }),
      ...(listening && { listening }),
      ...(this.#isStopped && { stopped: true }),
      ...this.#alarms.toState(),
      ...(departed && { departed }),
      ...(records && { records }),
      ...(groups && { groups }),
      removed: [...this.#desk.removed],
      ...(found.length > 0 && { found }),
    };
  }

  /** The gateway was away until now: each device has all the time again that it may take to speak. */
  #begin({ clock, receivedMs }: StoredEvent): void {
    const fromMs = clock === "unsynced" ? this.#tMs : Math.max(receivedMs, this.#tMs);
    if (fromMs === never) return;
    this.#listening.begin(fromMs);
    for (const line of this.#devices.all) line.listenFrom(fromMs);
    this.#desk.groups.listenFrom(fromMs);
  }
}

function says(event: StoredEvent, cause: string): boolean {
  return event.kind === "status" && event.data.cause === cause;
}
