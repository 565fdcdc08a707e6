/** How the gateway is, as the facts that `top` shows: on its screen, in its lines. */
import type { EpochMs } from "../core/clock.ts";
import { formatDuration } from "../core/duration.ts";
import { formatSize } from "../core/size.ts";
import type { GatewayStatus } from "../gateway/gateway-status.ts";
import { type Span, span, type Tone } from "../screen/line.ts";
import type { Glance } from "./top-watch.ts";

/** What waits for so long is a backlog, and no event on its way. */
const backlogMs = 3_000;
const longestMs = 100 * 86_400_000;

const linkTones: Readonly<Record<string, Tone>> = {
  linked: "plain",
  blocked: "alarm",
  dropping: "alarm",
};

/** The word that people are shown; an earlier version only says what its forwarder is at. */
export function linkText({ link }: GatewayStatus): string {
  const word: string = link.word ?? link.kind;
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

export function linkFacts({ nowMs }: Glance, status: GatewayStatus): Span[] {
  const { link } = status;
  const tone = linkTones[link.word ?? link.kind] ?? "warning";
  return [
    span(`${linkText(status)} for ${ageOf(link.since, nowMs)}`, tone),
    ...(link.server === undefined ? [] : [span(link.server)]),
    ...(link.reason === undefined ? [] : [span(link.reason)]),
  ];
}

export function bufferFacts({ nowMs }: Glance, { buffer, outlook }: GatewayStatus): Span[] {
  const { maxBytes, oldestWaitingMs, sizeBytes, trouble, waitingRecords, writable } = buffer;
  const used = ((100 * sizeBytes) / maxBytes).toFixed(1);
  // What is on its way is no backlog, and is gone before anybody has read when it will be.
  const isBacklog = nowMs - (oldestWaitingMs ?? nowMs) >= backlogMs;
  const { fullInMs, goneInMs } = isBacklog && outlook ? outlook : {};
  return [
    span(`${amount(waitingRecords)} ${waitingRecords === 1 ? "event waits" : "events wait"}`),
    span(`${formatSize(sizeBytes)}, ${used} % of ${formatSize(maxBytes)}`),
    ...(oldestWaitingMs === undefined ? [] : [span(`oldest ${ageOf(oldestWaitingMs, nowMs)} old`)]),
    ...(fullInMs === undefined ? [] : [span(`full in about ${aboutMs(fullInMs)}`, "warning")]),
    ...(goneInMs === undefined ? [] : [span(`gone in about ${aboutMs(goneInMs)}`)]),
    ...(writable ? [] : [span("nothing can be stored", "alarm")]),
    ...(trouble === undefined ? [] : [span(trouble, "alarm")]),
  ];
}

export function flowFacts(status: GatewayStatus): Span[] {
  const { buffer, flow } = status;
  const { droppedRecords } = buffer;
  const before = status.droppedBefore > 0 ? ` (${amount(status.droppedBefore)} before)` : "";
  return [
    ...rateFacts(flow),
    span(`rejected ${amount(flow.rejected)}`),
    span(`late ${amount(flow.late ?? 0)}`),
    span(`repeats ${amount(flow.repeats ?? 0)}`),
    span(`lost ${amount(droppedRecords)}${before}`, droppedRecords > 0 ? "alarm" : "plain"),
  ];
}

function rateFacts({ rates }: GatewayStatus["flow"]): Span[] {
  if (rates === undefined || rates.windowMs === 0) return [span("in -"), span("out -")];
  const seconds = Math.round(rates.windowMs / 1_000);
  return [
    span(`in ${rate(rates.receivedPerSecond)}/s`),
    span(`out ${rate(rates.sentPerSecond)}/s (${seconds} s mean)`),
  ];
}

export function commandFacts({ commands }: GatewayStatus): Span[] {
  const { open = 0, trouble, waiting = 0 } = commands ?? {};
  const said = open === 0 ? "none open" : `${amount(open)} open, ${amount(waiting)} waiting`;
  return [span(said), ...(trouble === undefined ? [] : [span(trouble, "warning")])];
}

export function sourceFacts({ sources }: GatewayStatus, nowMs: number): Span[] {
  if (sources.length === 0) return [span("none")];
  return sources.map(({ holding, link, load, name }) => {
    const use = load === undefined ? "" : ` ${Math.round(load * 100)} % used`;
    if (holding) return span(`${name}${use}: holding clients back`, "warning");
    if (link === undefined || link.isConnected) return span(`${name}${use}`);
    const away = ageOf(link.sinceMs, nowMs);
    const why = link.reason === undefined ? "" : `: ${link.reason}`;
    return span(`${name}: no connection for ${away}${why}`, "warning");
  });
}

/** `12m3s`: how long ago it was, in whole seconds. */
export function ageOf(ms: EpochMs, nowMs: EpochMs): string {
  return formatDuration(Math.floor(Math.max(0, nowMs - ms) / 1_000) * 1_000);
}

/** `17,280`. */
export function amount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `24.0`, and `4,300` where tenths say nothing. */
export function rate(perSecond: number): string {
  return perSecond < 100 ? perSecond.toFixed(1) : amount(Math.round(perSecond));
}

function aboutMs(ms: number): string {
  return ms > longestMs ? "100d and more" : formatDuration(ms);
}
