/**
 * A device that nothing happened to is not saved again, however long that lasts. When it is taken up
 * its rules are brought to the present watermark first, as they were when it was saved: rules that
 * are others now change nothing before it.
 *
 * What is done here is what `DeviceLine` does at watermarks for which nothing is due.
 */
import { Alarm, never } from "../alarms/alarm.ts";
import type { AlarmState } from "../alarms/alarm-state.ts";
import { HeldValue } from "../alarms/held-value.ts";
import { passTime } from "../alarms/value-time.ts";
import { DeviceClock } from "../clocks/device-clock.ts";
import type { DeviceSnapshot } from "../engine-snapshot.ts";
import type { ExprState } from "../watches/expr-state.ts";
import type { ThresholdState } from "../watches/threshold-watch.ts";
import type { SavedWatch } from "../watches/watch.ts";

/** A device as it is at the gateway's watermark `tMs`, since nothing happened to it. */
export function passQuietTime(saved: DeviceSnapshot, tMs: number): DeviceSnapshot {
  if (tMs === never) return saved;
  const clock = new DeviceClock(saved.clock, saved.last, saved.lags);
  clock.forgetBefore(tMs);
  const clockState = clock.toState();
  const reachMs = clock.reachMs(tMs);
  return {
    ...saved,
    ...(clockState && { clock: clockState }),
    ...(saved.watches && { watches: saved.watches.map((each) => bring(each, reachMs, tMs)) }),
  };
}

function bring(watch: SavedWatch, reachMs: number, tMs: number): SavedWatch {
  const { due } = watch;
  // Something was about to change, or the first version wrote it, which brought it here itself.
  if (due === undefined) return watch;
  if ((watch.kind === "absent" ? tMs : reachMs) >= (due ?? Number.POSITIVE_INFINITY)) return watch;
  if (watch.kind === "expr") return { ...watch, state: passOverAnswer(watch.state, reachMs) };
  if (watch.kind !== "absent") return passOverValue(watch, reachMs);
  const alarm = endlessAlarm(watch.state.alarm);
  alarm.run(tMs);
  return { ...watch, state: { ...watch.state, alarm: savedBehind(alarm, watch.state.alarm) } };
}

function passOverValue<W extends { readonly state: ThresholdState }>(saved: W, reachMs: number): W {
  const { state } = saved;
  const alarm = endlessAlarm(state.alarm);
  const held = new HeldValue(state);
  held.holdMs = state.hold ?? Number.POSITIVE_INFINITY;
  const missing = {
    get isBreach() {
      return held.missing && state.onMissing === "fire";
    },
    notice: () => held.miss(),
  };
  passTime({ alarm, held, missing }, reachMs, Number.POSITIVE_INFINITY);
  return {
    ...saved,
    state: { ...state, alarm: savedBehind(alarm, state.alarm), ...held.toState() },
  };
}

function passOverAnswer(state: ExprState, reachMs: number): ExprState {
  const alarm = endlessAlarm(state.alarm);
  const toMs = Math.min(reachMs, state.reach ?? Number.POSITIVE_INFINITY);
  if (state.counts) alarm.run(toMs);
  else alarm.skip(toMs);
  return { ...state, alarm: savedBehind(alarm, state.alarm) };
}

/** What an alarm with a schedule was asked for stays until something is due. */
function savedBehind(alarm: Alarm, { asked }: AlarmState): AlarmState {
  return { ...alarm.toState(), ...(asked !== undefined && { asked }) };
}

/** It counts time, and nothing falls due. */
function endlessAlarm(state: AlarmState): Alarm {
  const keepMs = Number.POSITIVE_INFINITY;
  const samples = state.samples && Number.POSITIVE_INFINITY;
  const forMs = state.timers.map(() => Number.POSITIVE_INFINITY);
  return new Alarm({ forMs, keepMs, samples }, { report() {} }, state);
}
