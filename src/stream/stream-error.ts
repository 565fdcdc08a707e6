/** Turns what the NATS client throws into the codes of this house. */
import { JetStreamApiError } from "@nats-io/jetstream";
import { errors } from "@nats-io/transport-node";
import type { ErrorCode } from "../core/error-codes.ts";
import { GatewayError } from "../core/errors.ts";
import { missingRight } from "./missing-right.ts";
import { handshakeTrouble } from "./server-tls.ts";

/** Error codes of the JetStream API that are acted on. */
export const apiCodes = {
  notUnderstood: 10_025,
  noMessage: 10_037,
  messageTooLarge: 10_054,
  nameInUse: 10_058,
  streamNotFound: 10_059,
  streamNotMatch: 10_060,
  subjectsOverlap: 10_065,
  wrongLastSequence: 10_071,
} as const;

/** What a server cannot do, and what to do about it, by the code of the JetStream API. */
const advices: ReadonlyMap<number, string> = new Map([
  [10_005, "start more servers of the cluster, or make `backbone.replicas` smaller"],
  [10_023, "give the server more room (`max_file_store`), or let streams keep less"],
  [10_026, "allow the account more consumers"],
  [10_027, "allow the account more streams: each gateway has one, the rest are about a dozen"],
  [10_039, "switch JetStream on for the account of these credentials"],
  [10_047, "give the server more room (`max_file_store`), or let streams keep less"],
  [10_074, "a server alone keeps one copy: set `backbone.replicas` to 1, or connect to a cluster"],
  [10_076, "switch JetStream on: a line `jetstream {}` in the configuration of the server"],
]);

const whoWeAre =
  "the server knows nobody as whom `backbone.credentials` names, or it is not set and nobody may come without";

/** The failure as a `GatewayError`; `tried` says what was tried, with what, in lower case. */
export function toStreamError(thrown: unknown, tried: string): GatewayError {
  const trouble = handshakeTrouble(thrown);
  if (trouble)
    return new GatewayError(trouble.code, `${tried}: ${trouble.reason}`, { cause: thrown });
  const right = missingRight(thrown);
  if (right !== undefined)
    return new GatewayError("stream.unauthorized", `${tried}: ${right}`, { cause: thrown });
  const advice = adviceOf(thrown);
  const failure = GatewayError.from(thrown, codeOf(thrown), tried);
  if (advice === undefined || failure === thrown) return failure;
  return new GatewayError(failure.code, `${failure.message}; ${advice}`, { cause: thrown });
}

/** The code of the JetStream API, 0 when the failure is none of the API's. */
export function apiCodeOf(thrown: unknown): number {
  return thrown instanceof JetStreamApiError ? thrown.code : 0;
}

/** The code of the house for a code of the JetStream API. */
export function errorCodeOfApi(apiCode: number): ErrorCode {
  switch (apiCode) {
    case apiCodes.messageTooLarge:
      return "stream.refused";
    case apiCodes.wrongLastSequence:
      return "stream.fenced";
    case apiCodes.nameInUse:
    case apiCodes.streamNotMatch:
    case apiCodes.subjectsOverlap:
      return "stream.contract-mismatch";
    default:
      return "stream.unavailable";
  }
}

function adviceOf(thrown: unknown): string | undefined {
  if (thrown instanceof JetStreamApiError) return advices.get(thrown.code);
  if (!(thrown instanceof Error)) return undefined;
  if (thrown instanceof errors.AuthorizationError) return whoWeAre;
  return thrown.name === "JetStreamNotEnabled" ? advices.get(10_039) : adviceOf(thrown.cause);
}

function codeOf(thrown: unknown): ErrorCode {
  if (thrown instanceof JetStreamApiError) return errorCodeOfApi(thrown.code);
  if (thrown instanceof errors.NoRespondersError) return "stream.no-responders";
  // The client's class for it is not exported.
  if (thrown instanceof Error && thrown.name === "JetStreamNotEnabled") {
    return "stream.no-responders";
  }
  if (thrown instanceof errors.TimeoutError) return "stream.timeout";
  // The client looks at the size before it sends, and says so in words alone.
  if (thrown instanceof errors.InvalidArgumentError && thrown.message.includes("max_payload"))
    return "stream.refused";
  if (
    thrown instanceof errors.AuthorizationError ||
    thrown instanceof errors.UserAuthenticationExpiredError ||
    thrown instanceof errors.PermissionViolationError
  ) {
    return "stream.unauthorized";
  }
  if (thrown instanceof Error && thrown.cause !== undefined) return codeOf(thrown.cause);
  return "stream.unavailable";
}
