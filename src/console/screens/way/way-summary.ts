/** One sentence about a whole way. */
import type { Hop } from "../../../api/shapes/way.ts";
import { shareText } from "../../parts/number-text.ts";
import { spanText } from "../../parts/time-text.ts";
import { wayAxis } from "./way-axis.ts";
import { hopWords } from "./way-words.ts";

/** `From measured to history in 1.2 s; the longest was forwarded with 0.9 s (72 %).` */
export function waySummary(hops: readonly Hop[]): string {
  const axis = wayAxis(hops);
  const known = hops.filter(({ atMs }) => atMs !== null);
  const [first] = known;
  const last = known.at(-1);
  if (!axis || !first || !last) return "No time of it is known here.";
  const isBackwards = axis.bars.some((bar) => bar?.isBackwards);
  const ends = `From ${wordOf(first)} to ${wordOf(last)}`;
  const whole =
    known.length === 1
      ? `Only when it was ${wordOf(first)} is known here`
      : isBackwards
        ? `${ends}; the clocks on its way disagree, so the whole time is not known`
        : `${ends} in ${spanText(axis.toMs - axis.fromMs)}`;
  const longest = axis.longest === null || isBackwards ? undefined : hops[axis.longest];
  const share = axis.longest === null ? null : (axis.bars[axis.longest]?.share ?? null);
  const tail =
    longest?.tookMs && share !== null
      ? `; the longest was until it was ${wordOf(longest)}, ${spanText(longest.tookMs)} (${shareText(share)})`
      : "";
  return `${whole}${tail}.`;
}

function wordOf({ hop }: Hop): string {
  return hop === "history" || hop === "alert" ? `in ${hop}` : hopWords[hop].toLowerCase();
}
