import type { AlertTransition } from "../core/alert.ts";
import type { Receiver } from "./receiver.ts";

/** Writes each transition as one line: JSON for programs, or a sentence for people. */
export function createLogReceiver(format: "json" | "text", out: (line: string) => void): Receiver {
  const write = format === "json" ? JSON.stringify : formatTransition;
  return {
    async deliver(transition) {
      out(write(transition));
      return { kind: "delivered" };
    },
  };
}

/** `FIRING warning cold_chain/FreezerWarm: Freezer 07 is at -11.4 °C (since …)`. */
export function formatTransition(transition: AlertTransition): string {
  const { annotations, ended_at, fired_at, labels, late, observed_at, rule, severity, stale } =
    transition;
  const what =
    annotations["summary"] ?? labels["device"] ?? labels["gateway"] ?? transition.instance;
  const when =
    transition.state === "firing"
      ? `since ${transition.started_at}, fired ${fired_at}`
      : `from ${transition.started_at} to ${ended_at}`;
  const notes = [when];
  if (late) notes.push(`late: learned ${observed_at}`);
  if (stale) notes.push("by an old value");
  return `${transition.state.toUpperCase()} ${severity} ${rule}: ${what} (${notes.join("; ")})`;
}
