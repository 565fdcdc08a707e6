/** Rules that come with the program; each can be tuned or switched off by the configuration. */
import type { Severity } from "../core/alert.ts";

/** The group they are in; no rule file may have one of this name. */
export const reservedGroup = "sluicegate";

export const offlineRuleId = `${reservedGroup}/GatewayOffline`;

/** A gateway says nothing at all, and has not stopped on purpose. */
export interface OfflineRule {
  readonly afterMs: number;
  readonly severity: Severity;
}

/** Undefined is one that is switched off. */
export interface ReservedRules {
  readonly gatewayOffline: OfflineRule | undefined;
}

/** As they are where the configuration says nothing. */
export const shippedRules: ReservedRules = {
  gatewayOffline: { afterMs: 60_000, severity: "critical" },
};
