/** One sentence about a whole way. */
import type { Hop } from "../../../api/shapes/way.ts";
import { shareText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";
import { wayAxis } from "./way-axis.ts";
import { hopWords } from "./way-words.ts";

/** `Measured to History: 1.2 s. The longest hop is Forwarded, 0.9 s (72 %).` */
export function waySummary(hops: readonly Hop[]): string {
  const axis = wayAxis(hops);
  const known = hops.filter(({ atMs }) => atMs !== null);
  const [first] = known;
  const last = known.at(-1);
  if (!axis || !first || !last) return "No time of it is known here.";
  const from = hopWords[first.hop];
  if (known.length === 1) return `Of its times, only that of ${from} is known here.`;
  const ends = `${from} to ${hopWords[last.hop]}`;
  if (axis.bars.some((bar) => bar?.isBackwards))
    return `${ends}: the clocks on its way disagree, so the whole time is not known.`;
  const whole = `${ends}: ${spanText(axis.toMs - axis.fromMs)}.`;
  const longest = axis.longest === null ? undefined : hops[axis.longest];
  const share = axis.longest === null ? null : (axis.bars[axis.longest]?.share ?? null);
  if (!longest?.tookMs || share === null) return whole;
  const part = `${spanText(longest.tookMs)} (${shareText(share)})`;
  return `${whole} The longest hop is ${hopWords[longest.hop]}, ${part}.`;
}
