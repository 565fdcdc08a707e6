import type { EpochMs } from "../core/clock.ts";
import type { Attempt } from "./plan-run.ts";

/** A command that is to be issued as soon as the run that says so is stored. */
export function issue(id: string, nowMs: EpochMs, expiresMs: EpochMs): Attempt {
  return { id, issuedMs: nowMs, expiresMs, state: "issued", heard: 0, final: false, atMs: nowMs };
}
