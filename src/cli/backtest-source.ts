/** Where a backtest hears what was: the streams, a recording, or the database of the historian. */
import {
  gatewaysIn,
  readRecordingOf,
  readStreams,
  type TakeEvent,
} from "../app/recorded-events.ts";
import { readDatabase } from "../app/remembered-history.ts";
import { formatDuration } from "../core/duration.ts";
import { GatewayError } from "../core/errors.ts";
import type { Origin } from "../core/event.ts";
import { listensOnMs } from "../historian/remembered-events.ts";
import { serversOf } from "./servers-of.ts";
import { placeOf, siteOf } from "./site.ts";

export interface SourceOptions {
  readonly config: string;
  readonly fromStream?: boolean;
  readonly fromFile?: string;
  readonly fromInflux?: boolean;
  readonly nats?: string;
}

export interface Hearing {
  readonly take: TakeEvent;
  /** Told which gateways there are before any is heard. */
  readonly onGateways: (origins: readonly Origin[]) => void;
  readonly isAboutSites: boolean;
  /** What was received between them is asked for; more may be heard. */
  readonly sinceMs: number;
  readonly untilMs: number;
}

export interface HeardSource {
  readonly gateways: number;
  /** Lines or messages that are no events of gateways. */
  readonly others: number;
  /** What is to be known of it, in words. */
  readonly notes: readonly string[];
}

export async function hearSource(options: SourceOptions, hearing: Hearing): Promise<HeardSource> {
  const { fromFile, fromInflux = false, fromStream = false } = options;
  if ([fromFile !== undefined, fromInflux, fromStream].filter(Boolean).length !== 1)
    throw new GatewayError(
      "usage",
      "say what is heard: --from-stream, --from-influx, or --from-file with a recording",
    );
  const { isAboutSites, onGateways, take } = hearing;
  if (fromFile !== undefined) {
    if (isAboutSites) onGateways(await gatewaysIn(fromFile));
    return { ...(await readRecordingOf(fromFile, take)), notes: [] };
  }
  if (fromStream) {
    const place = await placeOf(options.config);
    const read = await readStreams(place, await serversOf(place, options), take, { onGateways });
    return { ...read, notes: [] };
  }
  const site = await siteOf(options.config);
  const read = await readDatabase(site, await serversOf(site, options), hearing);
  return { ...read, notes: notesOfDatabase(read.knowsDevices) };
}

/** What a database cannot tell. */
function notesOfDatabase(knowsDevices: boolean): readonly string[] {
  return [
    "a database does not know when something was received, nor how far a gateway had got: events are " +
      "heard in the order of their times, none is late, and what is absent is about: a gateway " +
      `that said nothing for ${formatDuration(listensOnMs)} counts as away`,
    knowsDevices
      ? "who the devices are is as the streams say it today"
      : "no backbone answers, so nobody says who the devices are: rules that select profiles, " +
        "tags or attributes hear nothing; say where it is with --nats",
  ];
}
