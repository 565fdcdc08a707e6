/** A failure of the world as something that is thrown. */
import { type CommandStatus, type Disposition, type ErrorCode, errorCodes } from "./error-codes.ts";

/**
 * A failure of the world. The message says what was tried, with what, and what to do next, in lower
 * case and without secrets; the original goes to `cause`.
 */
export class GatewayError extends Error {
  override readonly name = "GatewayError";
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  get disposition(): Disposition {
    return errorCodes[this.code].disposition;
  }

  /** The status of a role that stops for this; 70 where the code itself never stops one. */
  get exitStatus(): number {
    const entry = errorCodes[this.code];
    return "exit" in entry ? entry.exit : errorCodes["internal.bug"].exit;
  }

  /** The status of a command that ends with this and is no role. */
  get commandStatus(): CommandStatus {
    return errorCodes[this.code].command;
  }

  /** Turns anything thrown into a `GatewayError`; one that already is passes unchanged. */
  static from(thrown: unknown, code: ErrorCode, tried: string): GatewayError {
    if (thrown instanceof GatewayError) return thrown;
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new GatewayError(code, `${tried}: ${text}`, { cause: thrown });
  }
}

/** Stops the process's promise: an invariant that must hold does not. */
export function bug(message: string): never {
  throw new GatewayError("internal.bug", message);
}
