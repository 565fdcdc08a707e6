/** How the devices of a bus are: all in a line, and one for each that is not as it should be. */
import { counted } from "../core/counted.ts";
import { formatDuration } from "../core/duration.ts";
import type { BusMember } from "../core/message.ts";
import { printable } from "../core/printable.ts";

/** Of those with trouble as many as this are shown. */
const mostShown = 8;

export function memberLines(
  members: readonly BusMember[] = [],
  load: number | undefined,
  nowMs: number,
): string[] {
  if (members.length === 0) return [];
  const answering = members.filter(({ state }) => state === "online").length;
  const busy = load === undefined ? "" : `   line ${Math.round(load * 100)} % busy`;
  const troubled = members.filter(({ misses, trouble }) => misses > 0 || trouble !== undefined);
  const more = troubled.length - mostShown;
  return [
    `          ${answering} of ${counted(members.length, "device")} ${members.length === 1 ? "answers" : "answer"}${busy}`,
    ...troubled.slice(0, mostShown).map((member) => memberLine(member, nowMs)),
    ...(more > 0 ? [`          and ${more} more with trouble`] : []),
  ];
}

function memberLine(
  { device, lastAnswerMs, misses, trouble, unit }: BusMember,
  nowMs: number,
): string {
  const last =
    lastAnswerMs === undefined
      ? "no answer yet"
      : `last answer ${formatDuration(Math.max(0, nowMs - lastAnswerMs))} ago`;
  return [
    `          ${printable(device)} (address ${unit})`,
    last,
    ...(misses > 0 ? [`${counted(misses, "poll")} missed in a row`] : []),
    ...(trouble === undefined ? [] : [printable(trouble)]),
  ].join("   ");
}
