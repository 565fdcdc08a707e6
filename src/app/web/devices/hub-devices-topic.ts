/** What changes of all devices, for those who look: begun when somebody does, ended when nobody does. */
import type { Topic } from "../../../api/live/topic.ts";
import type { Clock } from "../../../core/clock.ts";
import { lookedAtTopic } from "../looked-at-topic.ts";
import type { HubDevices } from "./hub-devices.ts";

const tellEveryMs = 500;
/** Devices that are told of at once; those that waited longest go first. */
const mostAtOnce = 500;
const statesEveryMs = 5_000;

/** Calls back with the key of each device that said something; gives its end. */
export type ListenToDevices = (listener: (key: string) => void) => () => void;

export function hubDevicesTopic(devices: HubDevices, listen: ListenToDevices, clock: Clock): Topic {
  const changed = new Set<string>();
  const look = devices.looks();
  look();
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
    for (const key of look()) changed.add(key);
  };
  const end = listen((key) => changed.add(key));
  const beats = [
    { everyMs: tellEveryMs, run: tell },
    { everyMs: statesEveryMs, run: lookAtAll },
  ];
  return lookedAtTopic("devices", () => devices.rows(), clock, beats, end);
}
