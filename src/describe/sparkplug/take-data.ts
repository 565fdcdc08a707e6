/** Data: values by their names, or by the aliases that the last birth gave them. */
import { statusEventOf } from "../../normalize/make-event.ts";
import type { Normalized } from "../../normalize/normalized.ts";
import { statusOfLife } from "../../normalize/status.ts";
import { follow, type Heard } from "./heard.ts";
import { type Nameless, readValues } from "./read-values.ts";

export function takeData(heard: Heard): Normalized | undefined {
  const { events, member, node } = heard;
  const following = follow(heard);
  if (following === "next") endUnborn(heard);
  const nameless = readValues(heard, member.holds && following === "next", false);
  member.isGone = false;
  if (member.table === undefined) node.wants ??= "its birth was not heard";
  if (nameless.count > 0) {
    const why = node.wants ?? (following === "late" ? undefined : "it uses aliases of no birth");
    if (following !== "late") node.wants = why;
    events.reject(member, { code: "no-metric", reason: sayNameless(nameless, why) });
  }
  return events.stored(member) ?? lifeOf(heard);
}

/** A message of before, read by the births that there are now: by those that said the same already then. */
export function readDataAgain(heard: Heard): Normalized | undefined {
  const { events, member, message, payload } = heard;
  const { table } = member;
  const holds = table !== undefined && table.sinceMs <= message.receivedMs;
  const onlyAliases = payload.metrics.some(({ name }) => name === undefined);
  const nameless = readValues(heard, holds, onlyAliases);
  if (nameless.count > 0)
    events.reject(member, { code: "no-metric", reason: sayNameless(nameless, undefined) });
  return events.stored(member) ?? lifeOf(heard);
}

/** Devices that were there before their node was born anew, and are not among its births now. */
function endUnborn({ events, member: speaker, node }: Heard): void {
  for (const member of node.members.values()) {
    if (!member.isUnborn) continue;
    member.isUnborn = false;
    if (member === speaker) continue;
    if (!member.isGone) events.status(member, "offline", "its node was born without it");
    member.isGone = true;
  }
}

function sayNameless({ aliases, count }: Nameless, why: string | undefined): string {
  const which =
    aliases.length === 0 ? "" : ` (${aliases.join(", ")}${count > aliases.length ? ", …" : ""})`;
  return `${count} values have an alias${which} that no birth explains for sure${why === undefined ? "" : `: ${why}`}`;
}

/** Nothing but nulls: it lives. */
function lifeOf({ events, member, message }: Heard): Normalized {
  return statusEventOf(message, events.now, member.known, statusOfLife(message));
}
