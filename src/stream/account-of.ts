import type { NatsConnection } from "@nats-io/transport-node";
import { isObject } from "../core/is-object.ts";

/** The account of a connection, where the server tells it, as newer ones do. */
export function accountOf({ info }: NatsConnection): string | undefined {
  const account: unknown = isObject(info) ? info["remote_account"] : undefined;
  return typeof account === "string" ? account : undefined;
}
