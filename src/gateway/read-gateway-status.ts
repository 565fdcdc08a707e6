import type { GatewayStatus } from "./gateway-status.ts";

/**
 * The gateway's part of what a status socket answers; undefined when there is none. The answer is
 * our own, so its schema's name vouches for its shape.
 */
export function gatewayStatusOf(answer: unknown): GatewayStatus | undefined {
  if (typeof answer !== "object" || answer === null || !("gateway" in answer)) return undefined;
  return isGatewayStatus(answer.gateway) ? answer.gateway : undefined;
}

function isGatewayStatus(value: unknown): value is GatewayStatus {
  return (
    typeof value === "object" &&
    value !== null &&
    "schema" in value &&
    value.schema === "sluicegate.status/1"
  );
}
