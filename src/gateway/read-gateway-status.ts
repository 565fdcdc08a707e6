import { isObject } from "../core/is-object.ts";
import type { GatewayStatus } from "./gateway-status.ts";

/**
 * The gateway's part of what a status socket answers; undefined when there is none. The answer is
 * our own, so its schema's name vouches for its shape.
 */
export function gatewayStatusOf(answer: unknown): GatewayStatus | undefined {
  if (!isObject(answer)) return undefined;
  const { gateway } = answer;
  return isGatewayStatus(gateway) ? gateway : undefined;
}

function isGatewayStatus(value: unknown): value is GatewayStatus {
  return isObject(value) && value["schema"] === "sluicegate.status/1";
}
