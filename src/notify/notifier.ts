/**
 * Tells people and programs of alert transitions: at least once each, in order per instance, each
 * receiver at its own pace from a cursor of its own. Of several notifiers on a backbone one tells a
 * receiver; the others wait until it is gone.
 */
import type { Metrics } from "../core/metrics.ts";
import type { ProcessMark } from "../core/process-mark.ts";
import type { SpanSink } from "../core/span.ts";
import type { AlertReaderDependencies } from "../stream/alert-reader.ts";
import { createAttemptLog } from "./attempt-log.ts";
import { BoardFollower } from "./board-follower.ts";
import { openReceiver } from "./open-receiver.ts";
import type { NotifyOptions } from "./options.ts";
import type { ReceiverSurroundings } from "./receiver-kind.ts";
import { ReceiverRoute, type ReceiverState } from "./receiver-route.ts";
import { RouteTable } from "./route-table.ts";

export interface NotifierState {
  readonly receivers: readonly ReceiverState[];
}

/** The running role. */
export interface Notifier {
  /**
   * Reads the secrets and begins in the background; once. Rejects only with
   * `config.secret-missing`; the backbone is waited for as long as it takes.
   */
  start(): Promise<void>;
  /** Ends what is under way; what was not delivered is delivered after the next start. */
  stop(): Promise<void>;
  state(): NotifierState;
}

export interface NotifierDependencies extends AlertReaderDependencies, ReceiverSurroundings {
  /** Of this process; without it others wait longer when it is no more. */
  readonly mark?: ProcessMark;
  readonly options: NotifyOptions;
  /** No shelf is longer. */
  readonly maxShelveMs: number;
  readonly metrics: Metrics;
  /** Takes spans of alerts with a trace; absent where nobody collects them. */
  readonly spans?: SpanSink | undefined;
}

export function createNotifier(deps: NotifierDependencies): Notifier {
  const { options } = deps;
  let routes: readonly ReceiverRoute[] = [];
  let board: BoardFollower | undefined;

  const startAll = async (): Promise<void> => {
    const attempts = createAttemptLog(deps);
    const table = new RouteTable(options);
    const own = Object.entries(options.receivers).filter(([, { at }]) => at !== "edge");
    const opened = await Promise.all(
      own.map(async ([name, receiver]) => {
        return { name, kind: receiver.kind, receiver: await openReceiver(receiver, deps) };
      }),
    );
    board = new BoardFollower({ maxShelveMs: deps.maxShelveMs }, deps);
    const shared = { ...deps, attempts, routes: table, standings: board };
    routes = opened.map((receiver) => new ReceiverRoute(receiver, shared));
  };
  let starting: Promise<void> = Promise.resolve();

  return {
    start() {
      starting = startAll();
      return starting;
    },
    async stop() {
      await starting.catch(() => {});
      await Promise.all(routes.map((route) => route.stop()));
      await board?.stop();
    },
    state: () => ({ receivers: routes.map((route) => route.state()) }),
  };
}
