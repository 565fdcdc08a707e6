/** Everything that is known of one device, as plain values. */
import type { DeviceRecord } from "../../core/device.ts";
import { type DeviceId, isId, toDeviceId } from "../../core/ids.ts";
import { suggest } from "../../core/suggest.ts";
import type { Finding } from "../../normalize/walk/findings.ts";
import { type DeviceSources, deviceOf, devicesOf, rowOf } from "./device-rows.ts";

/** Comparing takes a while. */
const mostCompared = 4_096;

export interface DeviceFacts extends DeviceSources {
  readonly recordOf: (device: DeviceId) => DeviceRecord | undefined;
  /** What it said of itself, if it does. */
  readonly descriptionOf: (device: DeviceId) => object | undefined;
  /** Of all profiles. */
  readonly unread: () => readonly Finding[];
}

/** `{device}`, or what `noDevice` says. */
export function showDevice(facts: DeviceFacts, name: string): object {
  const known = isId(name) ? deviceOf(facts, toDeviceId(name)) : undefined;
  if (known === undefined) return noDevice(facts, name);
  const [outline, entry] = known;
  const record = facts.recordOf(outline.device);
  const row = rowOf(outline, entry, facts.running());
  const { link, misfits = [], topic, values = new Map() } = entry ?? {};
  return {
    device: {
      ...row,
      topic,
      cause: link?.cause,
      tags: record?.tags ?? {},
      attrs: record?.attrs ?? {},
      values: [...values].map(([metric, value]) => ({ name: metric, ...value })),
      misfits,
      unread: facts.unread().filter(({ profile }) => profile === row.profile),
      description: facts.descriptionOf(outline.device),
    },
  };
}

/** `{problem, missing, meant?}`: nobody is called so, but perhaps almost so. */
export function noDevice(sources: DeviceSources, name: string): object {
  const names: string[] = [];
  for (const [{ device }] of devicesOf(sources)) {
    if (names.length === mostCompared) break;
    names.push(device);
  }
  // Topics and makers call it so; a discovered device has its family in front.
  const meant = names.find((one) => one.endsWith(`-${name}`)) ?? suggest(name, names);
  return {
    problem: meant
      ? `there is no device ${name}`
      : `there is no device ${name}; sluicegate devices ls lists them`,
    missing: true,
    meant,
  };
}
