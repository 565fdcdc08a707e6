/** Runs of plans, for commands: asked for, looked at, changed by people. */
import type { LoadedSite } from "../config/site/load-site.ts";
import { sleep } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { suggest } from "../core/suggest.ts";
import type { PlanRun } from "../plans/plan-run.ts";
import type { StoredRun } from "../plans/plan-world.ts";
import { encodeRun, mostRequestBytes } from "../plans/run-document.ts";
import { storedRunOf } from "../plans/stream-world.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { ensureStream } from "../stream/ensure-stream.ts";
import { appendChange, readLastChange, readLastChanges } from "../stream/plan-log.ts";
import { plansStreamContract } from "../stream/stream-contract.ts";
import { openBackboneFor } from "./open-backbone-for.ts";
import { type PlanDevices, planDevices } from "./plan-devices.ts";
import { siteBackboneOptions } from "./site-backbone.ts";
import { systemClock } from "./system-clock.ts";

/** How long the backbone is waited for. */
const timeoutMs = 5_000;
/** How often a run that is followed is looked at. */
const lookEveryMs = 250;
/** A run that changes under each of so many tries is left to whoever changes it. */
const mostTries = 8;

/** What the stream of plans holds. */
export interface KnownRuns {
  /** Those that changed last are at the end. */
  readonly runs: readonly PlanRun[];
  /** Subjects of what nobody here can read, such as a run that a later version wrote. */
  readonly unread: readonly string[];
}

export interface PlanBook {
  /** The devices of a run as their gateways tell; rejects with `not-found` for a gateway that nobody has. */
  devices(run: PlanRun): Promise<PlanDevices>;
  /** Stores what somebody wants; whoever runs plans takes it up. */
  request(run: PlanRun): Promise<void>;
  /** Every run that the stream holds. */
  list(): Promise<KnownRuns>;
  /** Rejects with `usage` where there is no such run. */
  find(run: string): Promise<PlanRun>;
  /** Stores what a person makes of it, as it is by then; gives it as it is stored. */
  change(run: string, to: (run: PlanRun) => PlanRun): Promise<PlanRun>;
  /** Gives a run whenever it changed, over any number of connections, until the signal. */
  follow(run: PlanRun, signal: AbortSignal): AsyncGenerator<PlanRun, void>;
  close(): Promise<void>;
}

/** Rejects with `stream.unavailable` when none of the servers answers. */
export async function openPlanBook(
  site: LoadedSite,
  servers: readonly string[],
): Promise<PlanBook> {
  const backboneOptions = siteBackboneOptions({ site, servers });
  const backbone = openBackboneFor(backboneOptions, "sluicegate-plan");
  const connect = (): ReturnType<typeof connectInTime> =>
    connectInTime(backbone, { servers, timeoutMs, advice: "say where it is with --nats" });
  try {
    await ensureStream(await connect(), plansStreamContract(backboneOptions));
  } catch (thrown) {
    await backbone.close();
    throw thrown;
  }
  return {
    ...planBookOver(connect),
    async *follow(run, signal) {
      let { change } = run;
      while (!signal.aborted) {
        await sleep(systemClock, lookEveryMs, signal);
        try {
          const message = await readLastChange(await backbone.connected(signal), run);
          const next = message && storedRunOf(message)?.run;
          if (!next || next.change === change) continue;
          change = next.change;
          yield next;
        } catch {
          // Looked at again over the next connection.
        }
      }
    },
    close: () => backbone.close(),
  };
}

/** The same over a connection that somebody else keeps; the stream of plans has to be there. */
export function planBookOver(
  connect: () => ReturnType<typeof connectInTime>,
): Omit<PlanBook, "follow" | "close"> {
  const read = async () => {
    const runs = new Map<string, StoredRun>();
    const unread = new Set<string>();
    await readLastChanges(await connect(), (message) => {
      const stored = storedRunOf(message);
      if (!stored) {
        unread.add(message.natsSubject);
        return;
      }
      // What changed last stands at the end.
      runs.delete(stored.run.run);
      runs.set(stored.run.run, stored);
    });
    return { runs, unread };
  };
  const find = async (run: string): Promise<StoredRun> => {
    const { runs } = await read();
    const found = runs.get(run);
    if (found) return found;
    const meant = suggest(run, runs.keys());
    const hint = meant ? `did you mean ${meant}?` : "plan ls shows which there are";
    throw new GatewayError("not-found", `no run is named ${run}; ${hint}`);
  };

  return {
    devices: async (run) => planDevices(await connect(), run),
    async request(run) {
      const body = encodeRun(run);
      if (body.length > mostRequestBytes)
        throw new GatewayError(
          "usage",
          `plan ${run.plan} is larger than ${mostRequestBytes} bytes`,
        );
      const connection = await connect();
      const stored = await appendChange(connection, run, body, 0).catch((thrown: unknown) => {
        const { code, message } = GatewayError.from(thrown, "stream.unavailable", "it is not sure");
        const advice = `it may be asked for all the same: plan show ${run.run} tells`;
        throw new GatewayError(code, `${message}; ${advice}`, { cause: thrown });
      });
      if (stored === undefined)
        throw new GatewayError("usage", `run ${run.run} is there already; try it again`);
    },
    async list() {
      const { runs, unread } = await read();
      return { runs: Array.from(runs.values(), ({ run }) => run), unread: [...unread] };
    },
    find: async (run) => (await find(run)).run,
    async change(name, to) {
      for (let tries = 0; tries < mostTries; tries += 1) {
        const { run, streamSeq } = await find(name);
        const next = to(run);
        if (next === run) return run;
        const stored = await appendChange(await connect(), next, encodeRun(next), streamSeq);
        if (stored !== undefined) return next;
      }
      throw new GatewayError("stream.fenced", `run ${name} changes all the time; try it again`);
    },
  };
}
