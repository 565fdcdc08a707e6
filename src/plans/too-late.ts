import type { PlanRun } from "./plan-run.ts";

/** Why a person's word changes nothing of a run, in words. */
export function tooLate(verb: "cancel" | "settle", { cancel, state }: PlanRun): string {
  if (verb === "settle") return "only what is stuck can be settled, once";
  if (state === "compensating") return "it is being taken back already";
  if (state === "running" && cancel) return `it was cancelled by ${cancel.by} already`;
  return "it is too late to cancel it";
}
