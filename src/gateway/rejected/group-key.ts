import { fnv1a32 } from "../../core/fnv1a.ts";
import type { Rejection } from "../../core/rejection.ts";
import { escapeToken } from "../../core/token.ts";

const mostCharacters = 120;

/**
 * What messages that failed alike have in common: why, by which profile, and the reason without the
 * values that it names. Of characters that may stand in a path.
 */
export function groupKeyOf({ code, profile = "", reason }: Rejection): string {
  const shape = code === "no-profile" ? "" : shapeOf(reason);
  return [code, escapeToken(profile), fnv1a32(shape).toString(16)].join(".");
}

function shapeOf(reason: string): string {
  return reason
    .slice(0, mostCharacters)
    .replaceAll(/"[^"]*"?/g, '""')
    .replaceAll(/-?\d+(?:\.\d+)?/g, "0");
}
