import { formatDuration } from "../core/duration.ts";
import type { BoundStep } from "./plan-run.ts";

/** `step 2 (stop on pump-1)`, for people; `at` counts from 0. */
export function describeStep(step: BoundStep, at: number): string {
  return `step ${at + 1} (${stepWords(step)})`;
}

/** `stop on pump-1`, `wait 10s`. */
export function stepWords(step: BoundStep): string {
  if (step.kind === "wait") return `wait ${formatDuration(step.forMs)}`;
  return `${step.order.command} on ${step.order.device}`;
}
