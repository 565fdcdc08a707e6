import type { StoredEvent } from "../../../src/core/event.ts";
import { arrivalsOf } from "../../../src/rules/trial/trial-arrivals.ts";
import { trialFile } from "./trials.ts";

/** What a gateway writes while `d` sends these values of `t`, one each minute. */
export function recorded(values: string): StoredEvent[] {
  const input = { device: "d", metric: "t", step: "1m", values };
  const file = trialFile({ tests: [{ name: "a", input: [input], expect: [] }] });
  const [trial] = file.trials;
  return trial ? Array.from(arrivalsOf(trial, file.devices.values()), ({ event }) => event) : [];
}
