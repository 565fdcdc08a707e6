/** Rules that come with the program; each can be tuned or switched off by the configuration. */
import type { Severity } from "../../core/alert.ts";

/** The group they are in; no rule file may have one of this name. */
export const reservedGroup = "sluicegate";

export const offlineRuleId = `${reservedGroup}/GatewayOffline`;
export const bufferRuleId = `${reservedGroup}/BufferFilling`;
export const lossRuleId = `${reservedGroup}/DataLost`;
export const clockRuleId = `${reservedGroup}/ClockSuspect`;
export const qualityRuleId = `${reservedGroup}/QualityBad`;
export const spaceRuleId = `${reservedGroup}/SpaceLow`;
export const diskRuleId = `${reservedGroup}/DiskSlow`;
export const stepRuleId = `${reservedGroup}/ClockStepped`;
export const brokenRuleId = `${reservedGroup}/RulesBroken`;

/** All of them. */
export const ownRuleIds: readonly string[] = [
  offlineRuleId,
  `${reservedGroup}/DeviceSilent`,
  bufferRuleId,
  lossRuleId,
  clockRuleId,
  qualityRuleId,
  spaceRuleId,
  diskRuleId,
  stepRuleId,
  brokenRuleId,
];

/** A gateway says nothing at all, and has not stopped on purpose. */
export interface OfflineRule {
  readonly afterMs: number;
  readonly severity: Severity;
}

/** A device says nothing for so many of the intervals that its profile names. */
export interface SilentRule {
  readonly intervals: number;
  readonly severity: Severity;
}

/** What waits fills the buffer of a gateway: filling, and nearly full or stopped. */
export interface BufferRule {
  readonly severities: readonly [Severity, Severity];
}

/** Records are gone for good. It ends when nothing was lost for `calmMs`. */
export interface LossRule {
  readonly calmMs: number;
  readonly severity: Severity;
}

/** Something about a device is wrong in all that it sends, for `forMs`. */
export interface SuspectRule {
  readonly forMs: number;
  readonly severity: Severity;
}

/** Something of the machine under a gateway is wrong, for `forMs`. */
export interface BoxRule {
  readonly forMs: number;
  readonly severity: Severity;
}

/** The clock of a gateway was set. It ends when it was not set again for `calmMs`. */
export interface StepRule {
  readonly calmMs: number;
  readonly severity: Severity;
}

/** Undefined is one that is switched off. */
export interface ReservedRules {
  readonly gatewayOffline: OfflineRule | undefined;
  readonly deviceSilent: SilentRule | undefined;
  readonly bufferFilling: BufferRule | undefined;
  readonly dataLost: LossRule | undefined;
  readonly clockSuspect: SuspectRule | undefined;
  readonly qualityBad: SuspectRule | undefined;
  readonly spaceLow: BoxRule | undefined;
  readonly diskSlow: BoxRule | undefined;
  readonly clockStepped: StepRule | undefined;
}

/** As they are where the configuration says nothing. */
export const shippedRules = {
  gatewayOffline: { afterMs: 60_000, severity: "critical" },
  deviceSilent: { intervals: 3, severity: "warning" },
  bufferFilling: { severities: ["warning", "critical"] },
  dataLost: { calmMs: 3_600_000, severity: "critical" },
  clockSuspect: { forMs: 300_000, severity: "warning" },
  qualityBad: { forMs: 600_000, severity: "warning" },
  spaceLow: { forMs: 0, severity: "warning" },
  diskSlow: { forMs: 300_000, severity: "warning" },
  clockStepped: { calmMs: 3_600_000, severity: "warning" },
} as const satisfies ReservedRules;

/** None of them. */
export const noReservedRules: ReservedRules = {
  gatewayOffline: undefined,
  deviceSilent: undefined,
  bufferFilling: undefined,
  dataLost: undefined,
  clockSuspect: undefined,
  qualityBad: undefined,
  spaceLow: undefined,
  diskSlow: undefined,
  clockStepped: undefined,
};
