import { GatewayError } from "../../core/errors.ts";

/** The user of the backbone lacks a right, which may be as it should be. */
export function isDenied(thrown: unknown): boolean {
  return thrown instanceof GatewayError && thrown.code === "stream.unauthorized";
}
