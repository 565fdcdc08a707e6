/** The way of an event as lines for people. */
import { formatTime } from "../core/event-codec.ts";
import type { Hop, HopState, Way } from "../past/way.ts";
import { columns } from "./print-table.ts";
import { describeDelay } from "./tap-lines.ts";

const words: Readonly<Record<HopState, string>> = {
  reached: "reached",
  ahead: "not yet",
  unknown: "not known",
  none: "-",
};

/** What it is, two lines for each hop, and what is to be known of them. */
export function wayLines({
  device,
  event,
  gateway,
  hops,
  kind,
  notes,
  site,
  trace,
}: Way): string[] {
  const who = [site, gateway, device].filter((name) => name !== null).join(" / ");
  const times = columns([["hop", "at (UTC)", "after", "by the clock of"], ...hops.map(cellsOf)]);
  const [head = "", ...rows] = times;
  return [
    `${event}   ${kind}   ${who}`,
    ...(trace === null ? [] : [`Trace ${trace}`]),
    "",
    head,
    ...rows.flatMap((row, at) => [row, ...sayHop(hops[at])]),
    ...(notes.length > 0 ? ["", ...notes.map((note) => `Note: ${note}`)] : []),
  ];
}

function cellsOf({ atMs, clock, hop, state, tookMs }: Hop): string[] {
  const at = atMs === null ? words[state] : formatTime(atMs);
  return [hop, at, tookMs === null ? "" : describeDelay(tookMs), clock ?? ""];
}

function sayHop(hop: Hop | undefined): string[] {
  const said = [hop?.where, hop?.text].filter((part) => part !== undefined && part !== "");
  return said.length === 0 ? [] : [`  ${said.join(": ")}`];
}
