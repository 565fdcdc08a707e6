/**
 * One device on its own line of event time.
 *
 * The line moves to the time of each sample; between samples it follows the watermark at the
 * distance of the device's lag. So a slow clock, a radio that delivers late and a logger that
 * uploads two hours at once are one case, with true times. Samples wait for the watermark and are
 * judged in order of their time.
 */
import type { DeviceRecord } from "../../core/device.ts";
import type { EventOf, Origin } from "../../core/event.ts";
import { provesNoLife } from "../../core/extensions.ts";
import type { DeviceId } from "../../core/ids.ts";
import type { Measurement } from "../../core/measurement.ts";
import { never } from "../alarms/alarm.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import type { Departure, RuleDesk } from "../rule-desk.ts";
import type { RuleDevice } from "../rule-device.ts";
import { type MissedFrom, tellsOf, type Watch } from "../watches/watch.ts";
import type { TransitionDraft } from "../words/transition.ts";
import { type DeviceTrouble, troubleOf } from "./device-trouble.ts";
import { DeviceWatches } from "./device-watches.ts";
import { LifeSigns } from "./life-signs.ts";
import { Presence } from "./presence.ts";
import { ValueWatches } from "./value-watches.ts";
import { WaitingSamples } from "./waiting-samples.ts";

export class DeviceLine {
  readonly id: DeviceId;
  /** Something is not as it was when it was last saved; whoever saves it sets this back. */
  isChanged = true;
  readonly #desk: RuleDesk;
  readonly #watches: DeviceWatches;
  readonly #values: ValueWatches;
  readonly #samples: WaitingSamples;
  readonly #life: LifeSigns;
  readonly #presence: Presence;

  /** A device that is new has nothing in its snapshot but its name and when it was met. */
  constructor(origin: Origin, desk: RuleDesk, saved: DeviceSnapshot) {
    this.id = saved.device;
    this.#desk = desk;
    this.#watches = new DeviceWatches(origin, desk, saved);
    this.#values = new ValueWatches(this.#watches);
    this.#presence = new Presence(this.#values, saved);
    this.#samples = new WaitingSamples(desk.counts, this.#watches, saved);
    this.#life = new LifeSigns(this.#watches, saved);
  }

  get watches(): Iterable<Watch> {
    return this.#watches.all;
  }

  /** The device as rules see it. */
  get described(): RuleDevice {
    return this.#watches.device;
  }

  /** When it was last heard; before its first word, when it was met. */
  get heardMs(): number {
    return this.#life.heardMs;
  }

  /** What its owner should know of its samples and its clock; undefined where all is well. */
  get trouble(): DeviceTrouble | undefined {
    return troubleOf(this.id, this.#samples);
  }

  /** The latest start of an episode of the device: those of its name that come later begin later. */
  get startedBeforeMs(): number {
    return this.#watches.startedBeforeMs;
  }

  /** How late what it sends may be, as far as it is there. */
  get lagMs(): number {
    return this.#presence.isGone ? 0 : this.#samples.clock.lagMs;
  }

  /** Samples that wait for the watermark. */
  get pendingCount(): number {
    return this.#samples.count;
  }

  /** The gateway tells of the device; most often what it told before. */
  learn(record: DeviceRecord, tMs: number): void {
    const isAnother = this.#watches.told.isAnother(record);
    if (!this.#watches.told.learn(record)) return;
    if (isAnother) this.#presence.settle();
    this.resolve(tMs);
    if (!isAnother) return;
    for (const line of this.#watches.metrics) line.forget();
    this.#values.replace(this.#reachMs(tMs));
  }

  /** The device is gone since gateway time `atMs`: what it does not report again counts no more. */
  depart(atMs: number): void {
    if (this.#presence.isGone) return;
    this.isChanged = true;
    const { lagMs, lastMs } = this.#samples.clock;
    const goneMs = Math.max(lastMs, atMs - lagMs);
    this.#presence.leave(goneMs);
    this.#watches.groups.leave(goneMs);
  }

  /** Finds out which rules select the device. `tMs` is the last watermark. */
  resolve(tMs: number): void {
    this.isChanged = true;
    this.#settle(tMs);
    this.#watches.resolve(this.#missedFrom(tMs));
    if (this.#presence.isGone) this.#values.leave(this.#reachMs(tMs));
    this.#values.lookAnew();
    this.#life.lookAnew();
  }

  /** A sample was received, to be judged at the next watermark; unless it was kept, it proves life. */
  take(event: EventOf<"measurement">, tMs: number): void {
    if (this.#watches.meet(event)) this.resolve(tMs);
    if (!provesNoLife(event)) this.hear(event.receivedMs, tMs, event.data);
    if (this.#presence.isGone) return;
    this.isChanged = true;
    if (event.timeMs > this.#samples.clock.lastMs) this.#presence.wasThereAt(event.timeMs);
    this.#samples.push(event);
  }

  /** A sample from before the gateway knew the time proves life as of the last watermark. */
  takeUnsynced(event: EventOf<"measurement">, tMs: number): void {
    if (this.#watches.meet(event)) this.resolve(tMs);
    if (tMs === never || provesNoLife(event)) return;
    this.isChanged = true;
    this.#life.hear(tMs, event.data);
    this.#presence.hearUntimed(this.#reachMs(tMs), event.data);
  }

  /** A word was received, with these values: it proves life. */
  hear(receivedMs: number, tMs: number, data: readonly Measurement[] = []): void {
    this.isChanged = true;
    this.#life.hear(receivedMs, data);
    this.#presence.hear(this.#reachMs(Math.max(receivedMs, tMs)));
  }

  /** The gateway did not listen for `deafMs` since watermark `beforeMs`; `tMs` is the present one. */
  miss(deafMs: number, beforeMs: number, tMs: number): void {
    this.isChanged = true;
    this.#values.miss(deafMs, this.#reachMs(beforeMs));
    this.#life.miss(deafMs, beforeMs, tMs);
  }

  /** The gateway listens again from gateway time `fromMs` on: silence counts anew. */
  listenFrom(fromMs: number): void {
    this.isChanged = true;
    this.#values.listenFrom(fromMs);
    this.#life.listenFrom(fromMs);
  }

  /** Judges the samples that wait. `tMs` is the last watermark before them. */
  release(tMs: number): void {
    const { isBack } = this.#presence;
    if (this.pendingCount === 0 && !isBack) return;
    this.isChanged = true;
    if (isBack) this.#values.settle(this.#reachMs(tMs));
    this.#presence.settle();
    this.#values.dueBy(this.#samples.release(tMs, isBack));
    this.#watches.records.lookAnew();
    // Older ones stay until there is another: `passQuietTime` does not know since when there is.
    this.forgetLags(tMs);
  }

  /** Everything received up to gateway time `tMs` was taken and released. */
  advance(tMs: number): void {
    if (this.#life.isDue(tMs)) {
      this.isChanged = true;
      const silentMs = this.#life.advance(tMs);
      if (silentMs !== undefined) this.depart(silentMs);
    }
    const reachMs = this.#reachMs(tMs);
    if (reachMs >= this.#watches.records.dueMs) this.#tellSeries(reachMs, tMs);
    if (this.#values.advance(reachMs)) this.isChanged = true;
  }

  /** Forgets lags that are older than a day at gateway time `tMs`. */
  forgetLags(tMs: number): void {
    this.#samples.clock.forgetBefore(tMs);
  }

  /**
   * The gateway's clock was set from `beforeMs` to `tMs`, or nothing is known of the time between:
   * the line begins at the next sample. What was known then is unknown since `sinceMs`.
   */
  reset(tMs: number, beforeMs: number, sinceMs: number): void {
    this.isChanged = true;
    this.#settle(beforeMs);
    this.#presence.forgetReturn();
    this.#samples.startAnew();
    this.#life.reset(tMs);
    for (const line of this.#watches.metrics) line.forget();
    this.#values.reset(tMs, sinceMs);
    this.#watches.groups.reset();
  }

  /** The device is gone, at gateway time `tMs`: what was received is judged, what is open ends. */
  leave(tMs: number, atMs: number, reason: Departure): void {
    this.release(tMs);
    this.#watches.records.finish();
    this.#watches.groups.finish(atMs, reason);
    for (const watch of this.#watches.all) this.#desk.end(watch.rule.id, watch.last, reason, atMs);
  }

  /** Lets an alert go on behind `stored`; true when the open episode is that one and goes on. */
  goOnBehind(stored: TransitionDraft): boolean {
    this.isChanged = true;
    this.#values.lookAnew();
    this.#life.lookAnew();
    const own = Array.from(this.#watches.all).find((watch) => tellsOf(watch, stored));
    return own?.goOnBehind(stored) ?? false;
  }

  toSnapshot(): DeviceSnapshot {
    return {
      device: this.id,
      ...this.#life.toSnapshot(),
      ...this.#presence.toSnapshot(),
      ...this.#samples.toSnapshot(),
      ...this.#watches.toSnapshot(),
    };
  }

  #tellSeries(reachMs: number, tMs: number): void {
    this.isChanged = true;
    this.#watches.records.advance(reachMs, (startMs, endMs, sample) => {
      if (this.#watches.meetDerived(sample.name)) this.resolve(tMs);
      this.#values.dueBy(this.#watches.takeDerived(startMs, endMs, sample));
    });
  }

  #settle(tMs: number): void {
    this.#values.settle(this.#reachMs(tMs));
    this.#life.settle(tMs);
  }

  /** How far the line is known at watermark `tMs`; each watch stops at its own `hold`. */
  #reachMs(tMs: number): number {
    return this.#samples.clock.reachMs(tMs);
  }

  /** Before its first sample a device is missed since it was met. */
  #missedFrom(tMs: number): MissedFrom {
    const isUnheard = this.#samples.clock.lastMs === never;
    const valueMs = isUnheard ? Math.max(this.#life.firstMs, tMs) : this.#reachMs(tMs);
    return { valueMs, aliveMs: this.#life.missedFromMs };
  }
}
