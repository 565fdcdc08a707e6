/** What changes of all devices, for those who look: begun when somebody does, ended when nobody does. */
import type { Topic } from "../../api/live/topic.ts";
import type { DeviceRow } from "../../api/shapes/device.ts";
import type { Clock } from "../../core/clock.ts";
import type { HubDevices } from "./hub-devices.ts";
import { lookedAtTopic } from "./looked-at-topic.ts";

const tellEveryMs = 500;
/** Devices that are told of at once; those that waited longest go first. */
const mostAtOnce = 500;
const statesEveryMs = 2_000;

/** Calls back with the key of each device that said something; gives its end. */
export type ListenToDevices = (listener: (key: string) => void) => () => void;

export function hubDevicesTopic(devices: HubDevices, listen: ListenToDevices, clock: Clock): Topic {
  const changed = new Set<string>();
  let looks = looksOf(devices);
  const tell = (touch: (key: string) => void): void => {
    let count = 0;
    for (const key of changed) {
      if (count === mostAtOnce) break;
      count += 1;
      changed.delete(key);
      touch(key);
    }
  };
  /** Who falls silent says nothing, nor does who is removed with its gateway. */
  const lookAtAll = (): void => {
    const now = looksOf(devices);
    for (const [key, look] of now) if (looks.get(key) !== look) changed.add(key);
    for (const key of looks.keys()) if (!now.has(key)) changed.add(key);
    looks = now;
  };
  const end = listen((key) => changed.add(key));
  const beats = [
    { everyMs: tellEveryMs, run: tell },
    { everyMs: statesEveryMs, run: lookAtAll },
  ];
  return lookedAtTopic("devices", () => devices.rows(), clock, beats, end);
}

function looksOf(devices: HubDevices): Map<string, string> {
  return new Map(Array.from(devices.rows(), ([key, row]) => [key, lookOf(row)]));
}

/** What changes of a row while its device says nothing. */
function lookOf({ alerts: { critical, info, warning }, state }: DeviceRow): string {
  return `${state} ${critical} ${warning} ${info}`;
}
