/** What the ways in refused, a line for each reason. */
import { formatDuration } from "../core/duration.ts";
import type { Refusal, RefusalFacts } from "../core/refusal.ts";

/** Of reasons as many as this, the latest first; the rest are counted. */
const mostReasons = 5;

export function refusalLines(refusals: readonly Refusal[], nowMs: number): string[] {
  const more = refusals.slice(mostReasons).reduce((sum, { count }) => sum + count, 0);
  return [
    ...refusals.slice(0, mostReasons).map((refusal) => refusalLine(refusal, nowMs)),
    ...(more > 0 ? [`          and ${more} more for other reasons`] : []),
  ];
}

function refusalLine({ count, last, lastMs, reason, what }: Refusal, nowMs: number): string {
  return [
    `Refused   ${count} ${reason}`,
    what,
    `last ${formatDuration(Math.max(0, nowMs - lastMs))} ago`,
    ...describeFacts(last),
  ].join("   ");
}

function describeFacts(facts: RefusalFacts): string[] {
  const { address, atMost, bytes, client, limit, packet, topic, user } = facts;
  const who = [client, user && `user ${user}`, address && `from ${address}`].filter(Boolean);
  const what = [packet, topic && JSON.stringify(topic), bytes !== undefined && `${bytes} bytes`];
  const bound = [limit, atMost].filter((part) => part !== undefined);
  return [
    ...(who.length > 0 ? [who.join(" ")] : []),
    ...(what.some(Boolean) ? [what.filter(Boolean).join(" ")] : []),
    ...(bound.length > 0 ? [`limit: ${bound.join(" ")}`] : []),
  ];
}
