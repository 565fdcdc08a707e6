import type { Rejection } from "../core/rejection.ts";

/** Why a message does not fit: what its rejection will say. */
export type Misfit = Pick<Rejection, "code" | "reason">;

export function isMisfit<T extends object>(found: T | Misfit): found is Misfit {
  return "code" in found;
}
