/** `sluicegate replay`: recorded events, played into a stream. */
import { openBackboneFor } from "../app/open-backbone-for.ts";
import { PastDesk } from "../app/past-desk.ts";
import { type ReplayCounts, replay } from "../app/replay.ts";
import { siteBackboneOptions } from "../app/site-backbone.ts";
import { systemClock } from "../app/system-clock.ts";
import type { SitePlace } from "../config/site/read-site-place.ts";
import { counted } from "../core/counted.ts";
import { GatewayError } from "../core/errors.ts";
import { formatTime } from "../core/event-codec.ts";
import { eventKinds, isEventKind } from "../core/event-kind.ts";
import { type GatewayId, isId, toGatewayId } from "../core/ids.ts";
import { gatewayStream, problemOfGatewayName } from "../core/subject.ts";
import type { EntryFilter } from "../past/entry-filter.ts";
import type { RecordedEvent } from "../past/recorded-line.ts";
import { connectInTime } from "../stream/connect-in-time.ts";
import { readStreamFacts } from "../stream/message-get.ts";
import { untilStopped } from "./at-past-desk.ts";
import { type EntryOptions, entryFilterOf } from "./entry-flags.ts";
import { eventsOfFile, eventsOfStream } from "./replay-source.ts";
import { serverOf } from "./server-option.ts";
import { serversOf } from "./servers-of.ts";
import { placeOf } from "./site.ts";

export interface ReplayOptions extends EntryOptions {
  readonly to: string;
  readonly fromStream?: string;
  readonly as?: string;
  readonly speed: string;
  readonly rebase?: "now";
  readonly iMeanIt?: boolean;
}

/** How often it is said how far it is, and how long a backbone is waited for. */
const sayEveryMs = 5_000;
const connectMs = 5_000;

/** Plays a file, or a stream, and counts; Ctrl-C ends between two events. */
export async function runReplay(file: string | undefined, options: ReplayOptions): Promise<void> {
  const { fromStream } = options;
  if ((file === undefined) === (fromStream === undefined))
    throw new GatewayError("usage", "say what is played: a file, - or --from-stream <gateway>");
  const order = {
    as: gatewayFlag(options.as),
    isRebased: options.rebase !== undefined,
    speed: speedFlag(options.speed),
    isMeant: options.iMeanIt ?? false,
  };
  const filter = entryFilterOf(
    { ...options, ...(fromStream !== undefined && { gateway: fromStream }) },
    {
      kinds: new Set(Object.keys(eventKinds).filter(isEventKind)),
      sinceMs: Number.NEGATIVE_INFINITY,
      untilMs: Number.POSITIVE_INFINITY,
    },
  );
  const server = targetOf(options.to);
  const place = await placeOf(options.config);
  const signal = untilStopped();
  const target = siteBackboneOptions({ site: place, servers: [server] });
  const backbone = openBackboneFor(target, "sluicegate-replay");
  const source = await openSource(file, place, options, filter, signal);
  try {
    const advice = "start one, or name another with --to";
    const patience = { servers: [server], timeoutMs: connectMs, advice, signal };
    const connection = await connectInTime(backbone, patience);
    let saidMs = systemClock.monotonicMs();
    const counts = await replay(
      source.events,
      { ...order, sourceCreated: source.created },
      {
        ...{ connection, options: target, clock: systemClock, signal },
        onStored: (now, { event }) => {
          if (systemClock.monotonicMs() - saidMs < sayEveryMs) return;
          saidMs = systemClock.monotonicMs();
          process.stderr.write(`(${countsText(now)}, up to ${formatTime(event.receivedMs)})\n`);
        },
      },
    );
    process.stdout.write(`${countsText(counts)}\n`);
    if (signal.aborted) process.exitCode = 130;
  } finally {
    await source.close();
    await backbone.close();
  }
}

interface Source {
  readonly events: AsyncIterable<RecordedEvent>;
  /** When the stream was made; undefined for a file. */
  readonly created: string | undefined;
  close(): Promise<void>;
}

async function openSource(
  file: string | undefined,
  place: SitePlace,
  options: ReplayOptions,
  filter: EntryFilter,
  signal: AbortSignal,
): Promise<Source> {
  if (file !== undefined)
    return {
      events: eventsOfFile(file, filter),
      created: undefined,
      close: () => Promise.resolve(),
    };
  const desk = new PastDesk(place, await serversOf(place, options), "sluicegate-replay-source");
  const stream = gatewayStream(toGatewayId(options.fromStream ?? ""));
  const facts = await desk.connected(signal).then((one) => readStreamFacts(one, stream));
  if (facts)
    return {
      events: eventsOfStream(desk, filter, signal),
      created: facts.created,
      close: () => desk.close(),
    };
  await desk.close();
  throw new GatewayError("usage", `there is no stream ${stream} at ${desk.servers.join(", ")}`);
}

function countsText({ leftOut, stored, there }: ReplayCounts): string {
  return [
    `${counted(stored, "event")} stored`,
    ...(there > 0 ? [`${there} stood there already`] : []),
    ...(leftOut > 0
      ? [`${leftOut} left out, such as alerts of gateways, that cannot be moved`]
      : []),
  ].join(", ");
}

function targetOf(text: string): string {
  if (/^(?:mqtts?|wss?):/i.test(text))
    throw new GatewayError(
      "usage",
      `--to ${text.slice(0, text.indexOf(":"))}: events hold what profiles made of payloads, not the payloads; ` +
        "play them into a nats-server: nats://host:port",
    );
  return serverOf("--to", text);
}

function gatewayFlag(text: string | undefined): GatewayId | undefined {
  if (text === undefined) return undefined;
  const problem = isId(text) ? problemOfGatewayName(text) : "1 to 128 characters, none of control";
  if (problem !== undefined) throw new GatewayError("usage", `--as ${text}: ${problem}`);
  return toGatewayId(text);
}

/** How many times as fast as it was. */
function speedFlag(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const speed = Number(/^(\d{1,9}(?:\.\d{1,6})?)x?$/.exec(text)?.[1]);
  if (speed > 0) return speed;
  throw new GatewayError("usage", `--speed ${text}: write max, or 1x, 10x, 0.5x`);
}
