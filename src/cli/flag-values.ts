/** Values of options on the command line; what does not fit is told as `usage`. */
import { durationHintFor, parseDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";

/** Milliseconds of `5s`, more than none. */
export function durationFlag(flag: string, text: string): number;
export function durationFlag(flag: string, text: string | undefined): number | undefined;
export function durationFlag(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = parseDuration(text);
  if (ms === undefined || ms === 0) {
    throw new GatewayError("usage", `${flag} ${text} is not a duration; ${durationHintFor(text)}`);
  }
  return ms;
}

/** 0.01 of `1%`. */
export function shareFlag(flag: string, text: string): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent === undefined || Number(percent) > 100) {
    throw new GatewayError("usage", `${flag} ${text} is not a share; write 0% to 100%`);
  }
  return Number(percent) / 100;
}
