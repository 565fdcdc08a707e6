import { type ReservedRules, shippedRules } from "./reserved-rules.ts";

/** The rules that come with the program, by the names that people know. */
export const reservedNames = [
  "GatewayOffline",
  "DeviceSilent",
  "BufferFilling",
  "DataLost",
  "ClockSuspect",
  "QualityBad",
  "SpaceLow",
  "DiskSlow",
  "ClockStepped",
] as const;

/** Those of them with these names, as they are shipped; the others are off. */
export function chosenRules(names: readonly string[]): ReservedRules {
  const isOn = (name: (typeof reservedNames)[number]): boolean => names.includes(name);
  return {
    gatewayOffline: isOn("GatewayOffline") ? shippedRules.gatewayOffline : undefined,
    deviceSilent: isOn("DeviceSilent") ? shippedRules.deviceSilent : undefined,
    bufferFilling: isOn("BufferFilling") ? shippedRules.bufferFilling : undefined,
    dataLost: isOn("DataLost") ? shippedRules.dataLost : undefined,
    clockSuspect: isOn("ClockSuspect") ? shippedRules.clockSuspect : undefined,
    qualityBad: isOn("QualityBad") ? shippedRules.qualityBad : undefined,
    spaceLow: isOn("SpaceLow") ? shippedRules.spaceLow : undefined,
    diskSlow: isOn("DiskSlow") ? shippedRules.diskSlow : undefined,
    clockStepped: isOn("ClockStepped") ? shippedRules.clockStepped : undefined,
  };
}
