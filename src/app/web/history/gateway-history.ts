/**
 * History where a gateway alone answers: out of its own buffer, as far as that goes back, and of what
 * left it out of its stream, where the backbone is there.
 */
import type { HistoryDesk, HistoryWish } from "../../../api/routes/history-routes.ts";
import type { History } from "../../../api/shapes/history.ts";
import type { AlertTransition } from "../../../core/alert.ts";
import type { StoredEvent } from "../../../core/event.ts";
import { decodeEvent, isMalformed } from "../../../core/event-codec.ts";
import type { DeviceId } from "../../../core/ids.ts";
import { deviceToken } from "../../../core/subject.ts";
import { deviceOfRecord, untoldDevice } from "../../../rules/rule-device.ts";
import { HistoryFold, type HistorySpan } from "../../../view/history/history-fold.ts";
import { readSamples } from "../../../view/history/read-samples.ts";
import type { GatewayFacts } from "../../gateway-facts.ts";
import { RuleBook } from "../alerts/rule-book.ts";
import { deviceAt } from "../devices/gateway-device-rows.ts";
import { firstSince, recordsOf } from "../devices/log-behind.ts";
import { limitsOf, shownEpisodes } from "./history-marks.ts";

const gapIntervals = 3;
const usualEveryMs = 60_000;
/** Device clocks may be ahead of ours by so much. */
const marginMs = 10 * 60_000;
/** As many records are read for one answer. */
const mostRecords = 500_000;

interface Found {
  readonly fold: HistoryFold;
  readonly transitions: Map<string, AlertTransition>;
  readonly notes: string[];
  unit: string | undefined;
  bad: number;
}

export function gatewayHistory(facts: GatewayFacts): HistoryDesk {
  return {
    async read(wish, signal) {
      const device = deviceAt(wish.device, facts.origin);
      return device && historyOf(facts, device, wish, signal);
    },
  };
}

async function historyOf(
  facts: GatewayFacts,
  device: DeviceId,
  { device: key, fromMs, metric, points, toMs }: HistoryWish,
  signal: AbortSignal,
): Promise<History | undefined> {
  const { devices, origin } = facts;
  const entry = devices.registry.get(device);
  const record = devices.recordOf(device);
  if (!entry && !record) return undefined;
  const span: HistorySpan = { fromMs, toMs, points };
  const fold = new HistoryFold(span);
  const found: Found = { fold, transitions: new Map(), notes: [], unit: undefined, bad: 0 };
  const sentUpTo = await readStream(facts, device, { metric, span, signal }, found);
  const reachesBackToMs = await readBuffer(
    facts,
    device,
    { metric, span, signal },
    sentUpTo,
    found,
  );
  const told = new Set(entry?.values.keys());
  const isKnown = told.has(metric) || record?.metrics.some(({ name }) => name === metric);
  if (fold.count === 0 && !isKnown) return undefined;
  for (const open of facts.edgeRules.open())
    take(found, { ...open, late: false, observed_at: open.at }, device);
  const everyMs = record?.intervalMs ?? entry?.spacingMs ?? usualEveryMs;
  const about = record
    ? deviceOfRecord(origin, record, told)
    : untoldDevice(origin, device, entry?.profile ?? "", told);
  if (found.bad > 0) found.notes.push(`${found.bad} values of bad quality are left out`);
  if (fold.leftOut > 0) found.notes.push(`${fold.leftOut} texts more are left out`);
  return {
    ...{ device: key, metric, fromMs, toMs },
    source: sentUpTo > 0 ? "streams" : "buffer",
    reachesBackToMs: sentUpTo > 0 ? null : (reachesBackToMs ?? null),
    unit: found.unit ?? entry?.values.get(metric)?.unit ?? null,
    ...fold.columns(gapIntervals * everyMs),
    late: [...fold.late],
    texts: [...fold.texts()],
    limits: limitsOf(new RuleBook(facts.site()), about, metric),
    episodes: shownEpisodes(found.transitions.values(), span),
    notes: found.notes,
  };
}

interface Wanted {
  readonly metric: string;
  readonly span: HistorySpan;
  readonly signal: AbortSignal;
}

/** Gives up to which record the stream was read; 0 where it was not. */
async function readStream(
  { backbone, log, origin }: GatewayFacts,
  device: DeviceId,
  wanted: Wanted,
  found: Found,
): Promise<number> {
  const connection = backbone.connection();
  const upTo = log.confirmed?.seq;
  if (connection === undefined || upTo === undefined) return 0;
  try {
    const read = await readSamples(connection, { origin, device }, wanted, found.fold);
    found.unit = read.unit;
    found.bad += read.bad;
    if (read.note !== undefined) found.notes.push(read.note);
    return upTo;
  } catch {
    found.notes.push("the stream cannot be read now: only what is still on disk here is drawn");
    return 0;
  }
}

/** Gives how far back the buffer goes; undefined where nothing is in it. */
async function readBuffer(
  { log }: GatewayFacts,
  device: DeviceId,
  { metric, signal, span }: Wanted,
  sentUpTo: number,
  found: Found,
): Promise<number | undefined> {
  const token = deviceToken(device);
  const upTo = log.durableSeq;
  const since = await firstSince(log, span.fromMs - marginMs);
  const after = Math.max(since.seq - 1, upTo - mostRecords);
  if (after > since.seq - 1)
    found.notes.push(`only the last ${mostRecords} records are drawn: it is too much at once`);
  for await (const { body, deviceToken: its, kind, seq } of recordsOf(log, after, upTo, signal)) {
    if (its !== token) continue;
    const isSample = kind === "measurement" && seq > sentUpTo;
    if (!isSample && kind !== "alert-transition") continue;
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event)) continue;
    if (event.kind === "alert-transition") take(found, event.data, device);
    else takeSamples(event, metric, span, found);
  }
  return since.firstMs;
}

function takeSamples(event: StoredEvent, metric: string, span: HistorySpan, found: Found): void {
  if (event.kind !== "measurement") return;
  const { data, receivedMs, timeMs } = event;
  for (const { name, quality, unit, value } of data) {
    if (name !== metric) continue;
    found.unit = unit ?? found.unit;
    if (quality !== "bad") found.fold.take({ timeMs, receivedMs, value });
    else if (timeMs >= span.fromMs && timeMs < span.toMs) found.bad += 1;
  }
}

function take({ transitions }: Found, transition: AlertTransition, device: DeviceId): void {
  if (transition.labels["device"] !== device) return;
  const known = transitions.get(transition.episode);
  if ((known?.n ?? 0) <= transition.n) transitions.set(transition.episode, transition);
}
