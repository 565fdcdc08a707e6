/** What is to be said of a hop, honest about clocks and about what nobody knows. */
import type { Hop, HopName } from "../../../api/shapes/way.ts";

export const hopWords: Readonly<Record<HopName, string>> = {
  device: "Measured",
  received: "Received",
  durable: "Durable",
  forwarded: "Forwarded",
  stored: "Stored",
  processed: "Processed",
  alert: "Alert",
  notified: "Notified",
  history: "History",
};

/** What a hop means, for who sees it for the first time. */
export const hopMeanings: Readonly<Record<HopName, string>> = {
  device: "when it was so, as the device says",
  received: "the gateway has the message",
  durable: "on the disk of the gateway, so it survives a loss of power",
  forwarded: "the gateway sent it on its way to the hub",
  stored: "in the stream at the hub, acknowledged",
  processed: "rules have looked at it",
  alert: "an alert changed because of it",
  notified: "a receiver was told",
  history: "in the database of history",
};

export const stateWords: Readonly<Record<Hop["state"], string>> = {
  reached: "reached",
  ahead: "not yet",
  unknown: "not known here",
  none: "does not come here",
};

/** Why a hop is earlier than the one before it; undefined where it is not. */
export function clockWords(
  hop: Pick<Hop, "clock" | "tookMs">,
  before: Pick<Hop, "clock"> | undefined,
  duration: (ms: number) => string,
): string | undefined {
  const { clock, tookMs } = hop;
  if (tookMs === null || tookMs >= 0) return undefined;
  const by = duration(-tookMs);
  if (clock === null || !before?.clock || clock === before.clock)
    return `${by} before the hop before it: its clock was set back in between.`;
  return (
    `The clock of ${clock} says ${by} before the clock of ${before.clock}: ` +
    "they disagree by at least so much, and how long this took is not known."
  );
}

/** The hop that the duration of the one at `index` counts from: ways part, so it may stand further up. */
export function hopBefore(hops: readonly Hop[], index: number): Hop | undefined {
  const earlier = hops.slice(0, index).filter(({ atMs }) => atMs !== null);
  const { atMs = null, tookMs = null } = hops[index] ?? {};
  const fromMs = atMs === null || tookMs === null ? undefined : atMs - tookMs;
  return earlier.findLast((hop) => hop.atMs === fromMs) ?? earlier.at(-1);
}

export const stateIcons = {
  reached: "check",
  ahead: "connecting",
  unknown: "help",
  none: "blocked",
} as const satisfies Readonly<Record<Hop["state"], string>>;
