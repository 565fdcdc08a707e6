/** Values of one quantity of one device out of the stream of its gateway, and out of derived series. */
import type { EpochMs } from "../../core/clock.ts";
import { decodeDerived } from "../../core/derived-value.ts";
import type { DevicePlace } from "../../core/device-key.ts";
import { decodeEvent, isMalformed } from "../../core/event-codec.ts";
import { derivedStream, eventSubject, gatewayStream } from "../../core/subject.ts";
import { escapeToken } from "../../core/token.ts";
import type { Backbone } from "../../stream/backbone.ts";
import { readStreamFacts } from "../../stream/message-get.ts";
import { readMatching } from "../../stream/read-subject.ts";
import type { HistoryFold, HistorySpan } from "./history-fold.ts";

type Connection = NonNullable<ReturnType<Backbone["connection"]>>;

/** What is read for one answer. */
const mostMessages = 200_000;
const mostBytes = 128 * 1_048_576;
/** A gateway's clock may be so far ahead of the server's. */
const clockMarginMs = 60_000;

export interface ReadSamples {
  /** Everything was read, or why not, in words. */
  readonly note: string | undefined;
  readonly unit: string | undefined;
  /** Values that nobody should draw. */
  readonly bad: number;
  /** When the oldest that was met happened. */
  readonly oldestMs: EpochMs | undefined;
}

/** Also what came late: everything that was stored since the span began is looked through. */
export async function readSamples(
  connection: Connection,
  { device, origin }: DevicePlace,
  { metric, signal, span }: { metric: string; signal: AbortSignal; span: HistorySpan },
  fold: HistoryFold,
): Promise<ReadSamples> {
  const natsSubjectFilter = eventSubject({ ...origin, device, kind: "measurement" });
  const stream = gatewayStream(origin.gateway);
  let messages = 0;
  let bytes = 0;
  let bad = 0;
  let unit: string | undefined;
  let note: string | undefined;
  let oldestMs: EpochMs | undefined;
  const from = { storedMs: Math.max(1, span.fromMs - clockMarginMs) };
  if (!(await readStreamFacts(connection, stream)))
    return { note: "its gateway has no stream now", unit, bad, oldestMs };
  await readMatching(connection, stream, { from, natsSubjectFilter }, (message) => {
    messages += 1;
    bytes += message.data.length;
    const event = decodeEvent(message.string());
    if (!isMalformed(event) && event.kind === "measurement") {
      const { data, receivedMs, timeMs } = event;
      oldestMs = Math.min(oldestMs ?? timeMs, timeMs);
      for (const { name, quality, unit: its, value } of data) {
        if (name !== metric) continue;
        unit = its ?? unit;
        if (quality === "bad") bad += timeMs >= span.fromMs && timeMs < span.toMs ? 1 : 0;
        else fold.take({ timeMs, receivedMs, value });
      }
      if (messages >= mostMessages || bytes >= mostBytes)
        note = `only what was stored until ${new Date(message.time).toISOString()} is drawn: it is too much to read at once`;
    }
    return note === undefined && !signal.aborted;
  });
  return { note, unit, bad, oldestMs };
}

/** Means that rules made of the same quantity, of before `beforeMs`; gives the names of the series. */
export async function readDerived(
  connection: Connection,
  { device, origin }: DevicePlace,
  asked: { metric: string; signal: AbortSignal; span: HistorySpan; beforeMs: EpochMs },
  fold: HistoryFold,
): Promise<readonly string[]> {
  const { beforeMs, metric, signal, span } = asked;
  if (!(await readStreamFacts(connection, derivedStream))) return [];
  const names = [origin.site, origin.gateway, device].map(escapeToken).join(".");
  const series = new Set<string>();
  /** By series and pane: the last correction is the value. */
  const means = new Map<string, { atMs: EpochMs; value: number; count: number; rev: number }>();
  const wish = {
    from: { storedMs: Math.max(1, span.fromMs - clockMarginMs) },
    natsSubjectFilter: `derived.*.${names}.*`,
  };
  await readMatching(connection, derivedStream, wish, (message) => {
    const derived = decodeDerived(message.string());
    if (derived?.metric === metric && derived.agg === "avg") {
      const { count, endMs, rev, series: name, startMs, value } = derived;
      const key = `${name} ${startMs}`;
      const isIn = startMs >= span.fromMs && endMs <= Math.min(span.toMs, beforeMs);
      if (isIn && typeof value === "number" && (means.get(key)?.rev ?? 0) < rev) {
        series.add(name);
        means.set(key, { atMs: (startMs + endMs) / 2, value, count, rev });
      }
    }
    return means.size < mostMessages && !signal.aborted;
  });
  for (const { atMs, count, value } of means.values()) {
    const weight = Math.max(1, count);
    fold.takeStep(atMs, { min: value, max: value, sum: value * weight, count: weight });
  }
  return [...series];
}
