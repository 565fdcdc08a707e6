/** History where all gateways are known: of the database where there is one, else of the streams. */
import type { HistoryDesk, HistoryWish } from "../../../api/routes/history-routes.ts";
import type { History } from "../../../api/shapes/history.ts";
import type { AlertTransition } from "../../../core/alert.ts";
import type { EpochMs } from "../../../core/clock.ts";
import { type DevicePlace, parseDeviceKey } from "../../../core/device-key.ts";
import { GatewayError } from "../../../core/errors.ts";
import { formatTime } from "../../../core/event-codec.ts";
import { gatewayStream } from "../../../core/subject.ts";
import type { Database } from "../../../historian/database.ts";
import { deviceOfRecord, untoldDevice } from "../../../rules/rule-device.ts";
import type { Backbone } from "../../../stream/backbone.ts";
import { readStreamInfo } from "../../../stream/message-get.ts";
import type { AlertFollower } from "../../../view/alerts/alert-follower.ts";
import type { FleetFollower } from "../../../view/fleet/fleet-follower.ts";
import { HistoryFold, type HistorySpan } from "../../../view/history/history-fold.ts";
import { readDerived, readSamples } from "../../../view/history/read-samples.ts";
import { systemClock } from "../../system-clock.ts";
import type { RuleBook } from "../alerts/rule-book.ts";
import { type Connection, overBackbone } from "../over-backbone.ts";
import { episodesOf, limitsOf } from "./history-marks.ts";

const gapIntervals = 3;
const usualEveryMs = 60_000;

export interface HubHistoryDependencies {
  readonly backbone: Backbone;
  readonly fleet: FleetFollower;
  readonly follower: AlertFollower;
  readonly rules: RuleBook;
  /** Undefined where the site writes none. */
  readonly database: Database | undefined;
}

/** Values, and where they are from. */
interface Read extends Pick<History, "source" | "reachesBackToMs"> {
  readonly fold: HistoryFold;
  readonly unit: string | undefined;
  /** 0 where each value is known. */
  readonly stepMs: number;
  readonly notes: readonly string[];
}

interface Asked {
  readonly place: DevicePlace;
  readonly metric: string;
  readonly span: HistorySpan;
  readonly signal: AbortSignal;
}

export class HubHistory implements HistoryDesk {
  readonly #deps: HubHistoryDependencies;

  constructor(deps: HubHistoryDependencies) {
    this.#deps = deps;
  }

  async read(wish: HistoryWish, signal: AbortSignal): Promise<History | undefined> {
    const { backbone, fleet, rules } = this.#deps;
    const { device: key, fromMs, metric, points, toMs } = wish;
    const place = parseDeviceKey(key);
    const view = place && fleet.get(place.origin.gateway)?.view;
    if (!place || view?.origin.site !== place.origin.site) return undefined;
    const { device, origin } = place;
    const entry = view.registry.get(device);
    const record = view.recordOf(device);
    if (!entry && !record) return undefined;
    const asked: Asked = { place, metric, signal, span: { fromMs, toMs, points } };
    const read = (await this.#ofDatabase(asked)) ?? (await this.#ofStreams(asked));
    const told = new Set(entry?.values.keys());
    const isKnown = told.has(metric) || record?.metrics.some(({ name }) => name === metric);
    if (read.fold.count === 0 && !isKnown) return undefined;
    const everyMs = record?.intervalMs ?? entry?.spacingMs ?? usualEveryMs;
    const about = record
      ? deviceOfRecord(origin, record, told)
      : untoldDevice(origin, device, entry?.profile ?? "", told);
    const episodes = await overBackbone(backbone, (connection) =>
      episodesOf(connection, place, asked.span, this.#open(), this.#isAbout(place, metric), signal),
    ).catch(() => undefined);
    const { fold, notes, reachesBackToMs, source, stepMs, unit } = read;
    const texts = fold.texts();
    return {
      ...{ device: key, metric, fromMs, toMs, source, reachesBackToMs },
      unit: unit ?? entry?.values.get(metric)?.unit ?? null,
      ...fold.columns(gapIntervals * everyMs + stepMs),
      late: [...fold.late],
      texts: [...texts],
      limits: limitsOf(rules, about, metric),
      episodes: episodes ?? [],
      notes: [
        ...notes,
        ...(fold.leftOut > 0 ? [`${fold.leftOut} texts more are left out`] : []),
        ...(episodes ? [] : ["alerts cannot be read now, so none is drawn in"]),
      ],
    };
  }

  /** Undefined where there is no database, or none that answers: the note is for what is read instead. */
  async #ofDatabase({ metric, place, signal, span }: Asked): Promise<Read | undefined> {
    const { database } = this.#deps;
    if (!database) return undefined;
    const fold = new HistoryFold(span);
    const stepMs = fold.stepMs;
    const { fromMs, toMs } = span;
    try {
      const wish = { ...place, metric, fromMs, toMs, stepMs };
      const past = await database.past(wish, signal);
      for (const { atMs, ...step } of past.steps) fold.takeStep(atMs + stepMs / 2, step);
      for (const { atMs, value } of past.texts) fold.takeText(atMs, value);
      return {
        ...{ fold, stepMs, source: "database", unit: past.unit },
        reachesBackToMs: past.firstMs ?? null,
        notes: ["the database does not know which values came late"],
      };
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown;
      const read = await this.#ofStreams({ metric, place, signal, span });
      const why = `${thrown.message}; it is read from the streams instead`;
      return { ...read, notes: [why, ...read.notes] };
    }
  }

  #ofStreams({ metric, place, signal, span }: Asked): Promise<Read> {
    const fold = new HistoryFold(span);
    return overBackbone(this.#deps.backbone, async (connection) => {
      const firstMs = await beginOf(connection, place);
      const read = await readSamples(connection, place, { metric, signal, span }, fold);
      const { bad, note, unit } = read;
      const beforeMs = firstMs ?? span.toMs;
      const series =
        span.fromMs < beforeMs
          ? await readDerived(connection, place, { metric, signal, span, beforeMs }, fold)
          : [];
      return {
        ...{ fold, unit, stepMs: 0, source: "streams", reachesBackToMs: firstMs ?? null },
        notes: [
          ...(note === undefined ? [] : [note]),
          ...(bad > 0 ? [`${bad} values of bad quality are left out`] : []),
          ...(series.length > 0
            ? [`before ${formatTime(beforeMs)}: means out of ${series.join(", ")}`]
            : []),
        ],
      };
    });
  }

  *#open(): Iterable<AlertTransition> {
    for (const { last } of this.#deps.follower.list.views(systemClock.wallMs()))
      if (last) yield last;
  }

  #isAbout({ device, origin }: DevicePlace, metric: string) {
    return (transition: AlertTransition): boolean => {
      const { labels } = transition;
      if (labels["device"] !== device || labels["gateway"] !== origin.gateway) return false;
      return (this.#deps.rules.metricOf(transition) ?? metric) === metric;
    };
  }
}

/** When the oldest that the stream of a gateway still has was stored. */
async function beginOf(
  connection: Connection,
  { origin }: DevicePlace,
): Promise<EpochMs | undefined> {
  const info = await readStreamInfo(connection, gatewayStream(origin.gateway));
  const ms = Date.parse(String(info?.state.first_ts));
  return ms > 0 ? ms : undefined;
}
