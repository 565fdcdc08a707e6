/** The alerts of a backbone with what people did about them, as they are now and for as long as wanted. */
import { AlertBoard } from "../alerts/alert-board.ts";
import type { AlertView } from "../alerts/alert-view.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import type { EpochMs } from "../core/clock.ts";
import { silentLogger } from "../core/logger.ts";
import { openAlertReader } from "../stream/alert-reader.ts";
import { openOperatorReader } from "../stream/operator-reader.ts";
import type { SteadyReader } from "../stream/steady-reader.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

export interface LiveAlerts {
  /** True while the backbone answers: what is shown is of now. */
  readonly isLive: boolean;
  /** All that anybody has to know of, as far as it was read. */
  views(nowMs: EpochMs): Iterable<AlertView>;
  close(): Promise<void>;
}

/** Reads in the background; waits for the backbone as long as it takes, and never fails. */
export function openLiveAlerts(
  { config, folder }: SitePlace,
  servers: readonly string[],
): LiveAlerts {
  const backboneOptions = siteBackboneOptions({ site: { config, folder }, servers });
  const backbone = openBackboneFor(backboneOptions, "sluicegate-top");
  const maxShelveMs = config.alerts.max_shelve;
  const common = { clock: systemClock, logger: silentLogger, random: Math.random };
  const deps = { backbone, backboneOptions, ...common };

  let reading = start();
  function start() {
    const ending = new AbortController();
    const board = new AlertBoard({ maxShelveMs });
    // The stream is another: nothing that was read of it counts, of whichever of the two.
    const onAnew = (): void => {
      if (ending.signal.aborted) return;
      ending.abort();
      reading = start();
    };
    const alerts = openAlertReader(undefined, ending.signal, deps, onAnew);
    const actions = openOperatorReader(undefined, ending.signal, deps, onAnew);
    const done = Promise.all([
      each(alerts, (one) => void board.take(one)),
      each(actions, (one) => board.act(one)),
    ]);
    return { alerts, board, done, ending };
  }

  return {
    get isLive() {
      return reading.alerts.following !== undefined;
    },
    views: (nowMs) => reading.board.views(nowMs),
    async close() {
      reading.ending.abort();
      await backbone.close();
      await reading.done;
    },
  };
}

async function each<Entry>(
  reader: SteadyReader<readonly Entry[]>,
  take: (entry: Entry) => void,
): Promise<void> {
  for (let batch = await reader.next(); batch; batch = await reader.next())
    for (const entry of batch) take(entry);
}
