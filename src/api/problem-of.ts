/** What is answered for something that was thrown. */
import type { ErrorCode } from "../core/error-codes.ts";
import { GatewayError } from "../core/errors.ts";
import { maskAddress } from "../core/mask-secrets.ts";
import { type Problem, RequestProblem } from "./problem.ts";

/** Failures of the world that who asks may know of, and what they are in HTTP. */
const statuses: Partial<Record<ErrorCode, number>> = {
  usage: 400,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "buffer.full": 503,
  "database.unavailable": 503,
  "database.unauthorized": 503,
  "stream.unavailable": 503,
  "stream.unauthorized": 503,
  "stream.timeout": 504,
  "stream.no-responders": 503,
  "stream.refused": 422,
  shutdown: 503,
};

const internal: Problem = {
  status: 500,
  code: "internal",
  title: "it failed; the journal says why",
};

/** Undefined where nobody but the journal is to know. */
export function problemOf(thrown: unknown): Problem | undefined {
  if (thrown instanceof RequestProblem) return thrown.problem;
  if (!(thrown instanceof GatewayError)) return undefined;
  const status = statuses[thrown.code];
  return status === undefined
    ? undefined
    : { status, code: thrown.code, title: maskAddress(thrown.message) };
}

/** The same, with words for what nobody is to know. */
export function problemFor(thrown: unknown): Problem {
  return problemOf(thrown) ?? internal;
}
