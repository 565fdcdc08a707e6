/** Values of options on the command line; what does not fit is told as `usage`. */
import { maxValidityMs } from "../core/command-codec.ts";
import { durationHint, durationHintFor, formatDuration, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";

/** Milliseconds of `5s`, more than none. */
export function durationFlag(flag: string, text: string): number;
export function durationFlag(flag: string, text: string | undefined): number | undefined;
export function durationFlag(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new GatewayError("usage", `${flag} ${text} is not a duration; ${durationHintFor(text)}`);
  if (ms === 0)
    throw new GatewayError("usage", `${flag} ${text} is no time at all; ${durationHint}`);
  return ms;
}

/** So long a command may be valid. */
export function expiresFlag(text: string | undefined): number | undefined {
  const ms = durationFlag("--expires", text);
  if (ms === undefined || ms <= maxValidityMs) return ms;
  const most = formatDuration(maxValidityMs);
  throw new GatewayError(
    "usage",
    `--expires ${text} is too long: no command is valid for more than ${most}`,
  );
}

/** 0.01 of `1%`. */
export function shareFlag(flag: string, text: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    throw new GatewayError("usage", `${flag} ${text} is not a share; write 0% to 100%`);
  }
  return Number(percent) / 100;
}
