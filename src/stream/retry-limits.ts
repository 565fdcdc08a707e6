import type { BackoffLimits } from "../core/retry.ts";
import type { BackboneOptions } from "./options.ts";

const firstWaitMs = 500;

/** Bounds of the waits after trouble with the backbone, as its configuration says. */
export function retryLimits({ retry_max }: Pick<BackboneOptions, "retry_max">): BackoffLimits {
  return { baseMs: Math.min(firstWaitMs, retry_max), maxMs: retry_max };
}
