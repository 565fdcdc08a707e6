import { formatDuration } from "../core/duration.ts";
import type { HistorianState } from "../historian/historian.ts";

/** How history goes, with the gateways that are behind. */
export function historianLines(state: HistorianState, nowMs: number): string[] {
  const { database, expired, failing, gateways, lastError, points, refused, standby } = state;
  const behind = gateways.reduce((sum, gateway) => sum + gateway.behind, 0);
  const counts = [
    `${points} points`,
    ...(standby ? [] : [`${behind} messages behind`]),
    ...(refused > 0 ? [`${refused} refused: sluicegate history refused`] : []),
    ...(expired > 0 ? [`${expired} older than it is kept`] : []),
  ];
  return [
    `History   ${database}${standby ? "   another historian writes it" : ""}   ${counts.join("   ")}`,
    ...(failing
      ? [`          failing for ${formatDuration(nowMs - failing.sinceMs)}: ${failing.reason}`]
      : lastError === undefined
        ? []
        : [`          last trouble, over now: ${lastError}`]),
  ];
}
