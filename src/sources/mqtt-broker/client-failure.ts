/** Why the package closed a client, in our words. */
import type { RefusalFacts } from "../../core/refusal.ts";
import type { Connection } from "./connection.ts";
import { stuckMs } from "./pulse.ts";
import type { Refusals } from "./refusals.ts";

/** A client has so long for its CONNECT. */
export const connectTimeoutMs = 5_000;

interface Cause extends RefusalFacts {
  readonly reason: string;
}

/** By the words of the package, which are all that it gives. */
const causes: Readonly<Record<string, Cause>> = {
  "connect did not arrive in time": {
    reason: "no-connect",
    limit: "seconds until the CONNECT",
    atMost: connectTimeoutMs / 1_000,
  },
  "drain timeout": {
    reason: "stuck",
    limit: "seconds without taking an answer",
    atMost: stuckMs / 1_000,
  },
  "identifier rejected": {
    reason: "identifier-rejected",
    packet: "CONNECT",
    limit: "characters of an identifier in MQTT 3.1",
    atMost: 23,
  },
};

/** The package closed a client; what is told of already is not told again. */
export function noteFailure(connection: Connection, failure: Error, refusals: Refusals): void {
  const cause = causeOf(failure);
  if (cause === undefined || connection.isRefused) return;
  const { reason, ...facts } = cause;
  connection.refused();
  refusals.note("client", reason, { ...connection.who, ...facts });
}

/** Undefined when it is the connection that broke; a packet that the parser refuses is `bad-packet`. */
function causeOf(failure: Error): Cause | undefined {
  if ("syscall" in failure || ("code" in failure && failure.code === "ERR_STREAM_PREMATURE_CLOSE"))
    return undefined;
  return causes[failure.message] ?? { reason: "bad-packet", limit: failure.message };
}
