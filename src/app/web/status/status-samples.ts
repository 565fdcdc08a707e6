/** Counters at moments, as columns of rates for a chart. */
import type { StatusSamples } from "../../../api/shapes/status.ts";
import type { FlowRange, FlowSample } from "../../../gateway/flow-samples.ts";

/** A distance so much longer than the usual one is a time in which the process stood still. */
const gapFactor = 3;

export function samplesOf({ everyMs, samples }: FlowRange): StatusSamples {
  const columns: Columns = { atMs: [], inPerS: [], outPerS: [], backlog: [] };
  const outages: Outage[] = [];
  for (const [at, now] of samples.entries()) {
    const before = samples[at - 1];
    if (before === undefined) continue;
    const passedMs = now.monotonicMs - before.monotonicMs;
    if (passedMs > gapFactor * everyMs) addGap(columns, before, everyMs);
    addRow(columns, before, now, passedMs);
    noteOutage(outages, before, now);
  }
  return { stepMs: everyMs, ...columns, outages };
}

type Columns = Pick<StatusSamples, "atMs" | "inPerS" | "outPerS" | "backlog">;
type Outage = StatusSamples["outages"][number];

function addRow(columns: Columns, before: FlowSample, now: FlowSample, passedMs: number): void {
  const perSecond = (of: "received" | "sent"): number =>
    passedMs > 0 ? Math.max(0, ((now[of] - before[of]) * 1_000) / passedMs) : 0;
  columns.atMs.push(now.atMs);
  columns.inPerS.push(perSecond("received"));
  columns.outPerS.push(perSecond("sent"));
  columns.backlog.push(now.waiting);
}

/** No line is drawn over it. */
function addGap(columns: Columns, before: FlowSample, everyMs: number): void {
  columns.atMs.push(before.atMs + everyMs);
  columns.inPerS.push(null);
  columns.outPerS.push(null);
  columns.backlog.push(null);
}

function noteOutage(outages: Outage[], before: FlowSample, now: FlowSample): void {
  const open = outages.at(-1);
  const isOpen = open !== undefined && open.toMs === null;
  if (now.isCut && !isOpen) outages.push({ fromMs: before.atMs, toMs: null });
  else if (!now.isCut && isOpen) outages[outages.length - 1] = { ...open, toMs: before.atMs };
}
