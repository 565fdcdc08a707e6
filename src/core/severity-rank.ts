import type { Severity } from "./alert.ts";

/** The most severe first. */
export const severities: readonly Severity[] = ["critical", "warning", "info"];

/** 0 goes first. */
export type SeverityRank = number;

/** What is none of ours counts as the least. */
export function rankOf(severity: Severity): SeverityRank {
  const rank = severities.indexOf(severity);
  return rank < 0 ? severities.length - 1 : rank;
}

export const rankCount = severities.length;
