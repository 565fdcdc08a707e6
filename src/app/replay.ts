/** Plays recorded events into streams of another backbone, or under another name, joined by hand. */
import type { Clock } from "../core/clock.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import type { GatewayId } from "../core/ids.ts";
import { gatewayStream } from "../core/subject.ts";
import { escapeToken } from "../core/token.ts";
import { refusalOfReplay } from "../past/judge-replay.ts";
import type { RecordedEvent } from "../past/recorded-line.ts";
import { ReplayPace } from "../past/replay-pace.ts";
import { createReplayer, type ReplayedEvent } from "../past/replayed-event.ts";
import type { Backbone } from "../stream/backbone.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import type { BackboneOptions } from "../stream/options.ts";
import {
  lastReplayMark,
  openReplayLog,
  type ReplayLog,
  type ReplayMark,
} from "../stream/replay-log.ts";

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

/** So many appends are under way at once. */
const mostAtOnce = 256;

/** Timers take no more than 24 days. */
const longestSleepMs = 3_600_000;

export interface ReplayOrder {
  /** In whose name; undefined for who said them. */
  readonly as: GatewayId | undefined;
  /** As if the first were received now. */
  readonly isRebased: boolean;
  /** Infinite for as fast as can be. */
  readonly speed: number;
  readonly isMeant: boolean;
  /** When the stream that is played was made; undefined for a file. */
  readonly sourceCreated: string | undefined;
}

export interface ReplayCounts {
  stored: number;
  /** Stood there already. */
  there: number;
  /** Cannot be said otherwise than they were: alerts of gateways, times at the end of time. */
  leftOut: number;
}

export interface ReplayDependencies {
  readonly connection: Connection;
  readonly options: BackboneOptions;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onStored: (counts: ReplayCounts, last: ReplayedEvent) => void;
}

/** Plays until the source ends, or the signal; what was taken until then is stored. */
export async function replay(
  source: AsyncIterable<RecordedEvent>,
  order: ReplayOrder,
  deps: ReplayDependencies,
): Promise<ReplayCounts> {
  const { clock, signal } = deps;
  const counts: ReplayCounts = { stored: 0, there: 0, leftOut: 0 };
  const pace = new ReplayPace(order.speed, clock.monotonicMs());
  const targets = new Targets(order, deps);
  let play: ReturnType<typeof createReplayer> | undefined;
  const flush = async (): Promise<void> => {
    const last = await targets.flush();
    if (last) deps.onStored(counts, last);
  };
  for await (const recorded of source) {
    if (signal.aborted) break;
    play ??= createReplayer(order.as, await targets.begin(recorded));
    const dueMs = pace.dueMs(recorded.event);
    if (dueMs > clock.monotonicMs()) await flush();
    while (dueMs > clock.monotonicMs() && !signal.aborted)
      await sleep(clock, Math.min(longestSleepMs, dueMs - clock.monotonicMs()), signal);
    if (signal.aborted) break;
    const replayed = play(recorded);
    if (!replayed) counts.leftOut += 1;
    else if (await targets.take(recorded.event.origin, replayed)) counts.stored += 1;
    else counts.there += 1;
    if (targets.waiting >= mostAtOnce) await flush();
  }
  await flush();
  return counts;
}

interface Target {
  readonly log: ReplayLog;
  readonly of: string;
  waiting: ReplayedEvent[];
}

/** The streams that are played into, and what waits for each. */
class Targets {
  waiting = 0;
  readonly #order: ReplayOrder;
  readonly #deps: ReplayDependencies;
  readonly #targets = new Map<string, Target>();
  #shiftMs = 0;

  constructor(order: ReplayOrder, deps: ReplayDependencies) {
    this.#order = order;
    this.#deps = deps;
  }

  /** How much later everything is to be, as the first event says; a replay that goes on keeps it. */
  async begin({ event, place }: RecordedEvent): Promise<number> {
    const { as, isMeant, isRebased } = this.#order;
    const { clock, connection } = this.#deps;
    const stream = gatewayStream(as ?? event.origin.gateway);
    const { gateways } = await lookAtGateways(connection);
    let before: ReplayMark | undefined;
    for (const { gateway, lastSeq, messages } of gateways) {
      if (messages === 0) continue;
      const mark = await lastReplayMark(connection, gateway.stream, lastSeq);
      if (gateway.stream === stream) before = mark;
      else if (!mark && !isMeant)
        throw new GatewayError(
          "usage",
          `gateway ${gateway.gateway} has a stream there: rules would judge what is played as if it ` +
            "came from a gateway, and receivers be told of it; --i-mean-it plays it all the same",
        );
    }
    if (!isRebased) return 0;
    const ranMs =
      event.clock === "unsynced" ? (place?.storedMs ?? event.receivedMs) : event.receivedMs;
    const isGoingOn = before?.of === nameOf(event.origin);
    this.#shiftMs = isGoingOn && before ? before.shiftMs : Math.round(clock.wallMs() - ranMs);
    return this.#shiftMs;
  }

  /** False for what stands there already. */
  async take(source: Origin, replayed: ReplayedEvent): Promise<boolean> {
    const { origin, position } = replayed.event;
    const key = gatewayStream(origin.gateway);
    const target = this.#targets.get(key) ?? (await this.#open(source, replayed));
    this.#targets.set(key, target);
    if (target.of !== nameOf(source))
      throw new GatewayError(
        "usage",
        `${source.gateway} is another gateway than the first; with --as choose one with --gateway`,
      );
    if (!target.log.take(position)) return false;
    target.waiting.push(replayed);
    this.waiting += 1;
    return true;
  }

  /** Stores what waits; gives the last of it. */
  async flush(): Promise<ReplayedEvent | undefined> {
    let last: ReplayedEvent | undefined;
    for (const target of this.#targets.values()) {
      if (target.waiting.length === 0) continue;
      await target.log.append(target.waiting);
      last = target.waiting.at(-1);
      target.waiting = [];
    }
    this.waiting = 0;
    return last;
  }

  async #open(source: Origin, { event }: ReplayedEvent): Promise<Target> {
    const { isMeant, sourceCreated } = this.#order;
    const { clock, connection, options } = this.#deps;
    const of = nameOf(source);
    const mark = { of, shiftMs: this.#shiftMs };
    const log = await openReplayLog(connection, event.origin, mark, options);
    const intent = { mark, run: event.position.run, sourceCreated, isMeant };
    const refused = refusalOfReplay(log.before, intent, clock.wallMs());
    if (refused === undefined) return { log, of, waiting: [] };
    const stream = gatewayStream(event.origin.gateway);
    throw new GatewayError("usage", `nothing is played into ${stream}: ${refused}`);
  }
}

function nameOf({ gateway, site }: Origin): string {
  return `${escapeToken(site)}/${escapeToken(gateway)}`;
}
