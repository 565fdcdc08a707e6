import { GatewayError } from "../core/errors.ts";
import { isObject } from "../core/is-object.ts";
import { readStatus } from "./status-client.ts";

/**
 * What all processes say that answer on one of these sockets, put together: the version and an entry
 * for each role. Throws the first failure when nobody answers, a refusal before all others.
 */
export async function readRolesStatus(
  sockets: readonly string[],
  signal?: AbortSignal,
): Promise<object> {
  const asked = await Promise.allSettled(sockets.map((socket) => readStatus(socket, signal)));
  const answers = asked.flatMap((one) =>
    one.status === "fulfilled" && isObject(one.value) ? [one.value] : [],
  );
  if (answers.length > 0) return Object.assign({}, ...answers);
  const failures = asked.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  const denied = failures.find(
    (failure) => failure instanceof GatewayError && failure.code === "status.denied",
  );
  throw denied ?? failures[0] ?? new GatewayError("status.unreachable", "no process answers");
}
