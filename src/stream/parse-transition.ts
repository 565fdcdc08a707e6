import type { AlertTransition } from "../core/alert.ts";

/**
 * The transition in a message of the alerts stream; undefined when it is none of ours. Beyond the
 * fields that order and identity rest on, the one writer of the stream is trusted.
 */
export function parseTransition(body: Uint8Array): AlertTransition | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isTransition(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTransition(value: unknown): value is AlertTransition {
  if (typeof value !== "object" || value === null) return false;
  const fields: Partial<Record<keyof AlertTransition, unknown>> = value;
  return (
    fields.schema === "alert.transition/1" &&
    typeof fields.id === "string" &&
    typeof fields.instance === "string" &&
    typeof fields.n === "number" &&
    typeof fields.started_at === "string" &&
    !Number.isNaN(Date.parse(fields.started_at)) &&
    (fields.state === "firing" || fields.state === "ended")
  );
}
