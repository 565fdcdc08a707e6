/** What becomes of an order when it is read: is it news, and if so, what is it to lead to. */
import type { EpochMs } from "../core/clock.ts";
import type { Command } from "../core/command.ts";
import type { DeviceId } from "../core/ids.ts";
import { formatSize } from "../core/size.ts";
import type { ReadOrder } from "../stream/command-reader.ts";
import type { Happening } from "./course.ts";
import type { Preparation, PreparedCommand } from "./prepared-command.ts";
import type { Progress } from "./progress.ts";

interface Amount {
  readonly count: number;
  readonly bytes: number;
}

/** The page with all of them is written at each step. */
export const mostOpen: Amount = { count: 1_000, bytes: 4 * 2 ** 20 };
export const mostOpenOfDevice: Amount = { count: 64, bytes: 2 ** 19 };

/** What is known at this moment. */
export interface AdmissionView {
  readonly nowMs: EpochMs;
  /** It is open, or ended, by this process or by what it found. */
  isKnown(id: string): boolean;
  /** Steps of a command that is not open: an earlier process recorded them. */
  progressOf(id: string): Progress | undefined;
  isTakenBack(id: string): boolean;
  /** The stream is read again, and what the server stored up to then was read before. */
  readonly readBeforeMs: EpochMs | undefined;
  /**
   * Nothing is remembered from before: what became of orders stored earlier is not known. Undefined
   * where everything is.
   */
  readonly rememberedFromMs: EpochMs | undefined;
  /** Of ended commands that expire until then, some are not remembered: there were too many. */
  readonly forgottenUntilMs: EpochMs;
  readonly open: Amount;
  readonly openOfDevice: Amount;
}

/** `pass`: nothing is to be done. `refuse` and `unknown` say why, for people. */
export type Admission =
  | { readonly do: "pass" }
  | { readonly do: "take" }
  | { readonly do: "resume"; readonly progress: Progress }
  | { readonly do: "expire" }
  | { readonly do: "take-back" }
  | { readonly do: "refuse"; readonly text: string }
  | { readonly do: "unknown"; readonly text: string };

export function admit(
  order: Extract<ReadOrder, { readonly order: "command" }>,
  view: AdmissionView,
): Admission {
  const { command, storedMs } = order;
  const { device, expiresMs, id } = command;
  if (view.isKnown(id)) return { do: "pass" };
  const progress = view.progressOf(id);
  if (progress !== undefined) return { do: "resume", progress };
  const isExpired = view.nowMs >= expiresMs;
  const { readBeforeMs, rememberedFromMs } = view;
  const isReadAgain = readBeforeMs !== undefined && storedMs <= readBeforeMs;
  if (isExpired && isReadAgain) return { do: "pass" };
  const isForgotten = isReadAgain && expiresMs <= view.forgottenUntilMs;
  if (isForgotten || (rememberedFromMs !== undefined && storedMs < rememberedFromMs))
    return isExpired
      ? { do: "pass" }
      : {
          do: "unknown",
          text: "the gateway does not remember whether it sent this before; issue it anew",
        };
  if (view.isTakenBack(id)) return { do: "take-back" };
  if (isExpired) return { do: "expire" };
  const full = excess(view.open, mostOpen);
  if (full !== undefined)
    return { do: "refuse", text: `the gateway has ${full} commands in hand already` };
  const fullOfDevice = excess(view.openOfDevice, mostOpenOfDevice);
  return fullOfDevice === undefined
    ? { do: "take" }
    : { do: "refuse", text: `${device} has ${fullOfDevice} commands before it already` };
}

/** Undefined while there is room for one more. */
function excess({ bytes, count }: Amount, most: Amount): string | undefined {
  if (count >= most.count) return `${most.count}`;
  return bytes >= most.bytes ? `${formatSize(most.bytes)} of` : undefined;
}

/** What happens to a command that is read for the first time. */
export function firstHappening(
  { device }: Command,
  admission: Exclude<Admission, { readonly do: "pass" | "resume" }>,
  look: FirstLook,
): Happening {
  switch (admission.do) {
    case "expire":
      return { is: "expired", text: "it came behind its end, by the clock of the gateway" };
    case "take-back":
      return { is: "cancelled", text: "it was taken back before it came" };
    case "refuse":
      return { is: "impossible", state: "refused", text: admission.text };
    case "unknown":
      return { is: "lost", text: admission.text };
    case "take": {
      const found = look.prepare();
      if ("refused" in found) return { is: "impossible", state: "refused", text: found.refused };
      if ("unknown" in found && look.isSettled)
        return { is: "impossible", state: "refused", text: found.unknown };
      if ("prepared" in found && look.reaches(found.prepared) === "later")
        return { is: "away", text: absenceOf(device) };
      return { is: "taken", text: look.before > 0 ? `${look.before} before it` : undefined };
    }
  }
}

/** What is looked at before a command is taken: what is wrong with it is said at once. */
export interface FirstLook {
  readonly before: number;
  readonly isSettled: boolean;
  prepare(): Preparation;
  reaches(prepared: PreparedCommand): "now" | "later" | "never";
}

export function absenceOf(device: DeviceId): string {
  return `${device} is not there`;
}
