/**
 * Events that are played again into the stream of a gateway that nobody else writes: each once, however
 * often it is tried, and marked, so that nobody takes the stream for one that a gateway writes.
 *
 * Every append names the last message of the whole stream, as gateways' do. So a gateway that comes to
 * life meanwhile makes the next append fail, and no replay ever gets between its events.
 */
import { jetstream } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import type { EpochMs } from "../core/clock.ts";
import type { Origin, StoredEvent } from "../core/event.ts";
import {
  eventIdOf,
  type LogPosition,
  parseEventId,
  type RunId,
  type StreamSeq,
  toStreamSeq,
} from "../core/ids.ts";
import { eventSubject, gatewayStream, gatewaySubjects } from "../core/subject.ts";
import { ensureStream } from "./ensure-stream.ts";
import type { BackboneOptions } from "./options.ts";
import { readMatching } from "./read-subject.ts";
import { eventIdHeader, gatewayStreamContract } from "./stream-contract.ts";
import { toStreamError } from "./stream-error.ts";

/** What was played again says so, of whom, and how much later it is than it was. */
const replayHeader = "Sluicegate-Replay";

const publishTimeoutMs = 10_000;

/** Of whom the events are, and how much later they are than they were. */
export interface ReplayMark {
  /** Site and gateway that said them, escaped. */
  readonly of: string;
  readonly shiftMs: number;
}

/** What stands in a stream before a replay. */
export interface ReplayedSoFar {
  readonly created: string;
  readonly messages: number;
  /** Of the last message; undefined where a gateway wrote it. */
  readonly mark: ReplayMark | undefined;
  readonly lastStoredMs: EpochMs | undefined;
  /** Runs of which a gateway itself wrote. */
  readonly ownRuns: ReadonlySet<RunId>;
}

export interface ReplayLog {
  readonly before: ReplayedSoFar;
  /** Takes a record; false for one that stands there already, or behind which another of its run does. */
  take(position: LogPosition): boolean;
  /** Appends events that were taken, in that order. Throws `stream.fenced` where somebody else writes. */
  append(events: readonly { readonly event: StoredEvent; readonly text: string }[]): Promise<void>;
}

/** Makes the stream where it is missing, and looks at what it holds. */
export async function openReplayLog(
  connection: NatsConnection,
  origin: Origin,
  own: ReplayMark,
  options: BackboneOptions,
): Promise<ReplayLog> {
  const stream = gatewayStream(origin.gateway);
  const facts = await ensureStream(connection, gatewayStreamContract(origin, options));
  const highest = new Map<RunId, number>();
  const ownRuns = new Set<RunId>();
  let mark: ReplayMark | undefined;
  let lastStoredMs: EpochMs | undefined;
  let lastSeq: number = facts.lastSeq;
  const natsSubjectFilter = gatewaySubjects(origin.site, origin.gateway);
  await readMatching(connection, stream, { from: toStreamSeq(1), natsSubjectFilter }, (message) => {
    const record = parseEventId(message.headers?.get(eventIdHeader) ?? "");
    mark = parseMark(message.headers?.get(replayHeader) ?? "");
    lastStoredMs = message.time.getTime();
    lastSeq = message.seq;
    if (!record) return true;
    if (!mark) ownRuns.add(record.run);
    highest.set(record.run, Math.max(highest.get(record.run) ?? 0, record.seq));
    return true;
  });
  const { created, messages } = facts;
  const client = jetstream(connection);

  return {
    before: { created, messages, mark, lastStoredMs, ownRuns },
    take({ run, seq }) {
      if (seq <= (highest.get(run) ?? 0)) return false;
      highest.set(run, seq);
      return true;
    },
    async append(events) {
      const first = lastSeq;
      const appends = events.map(async ({ event, text }, index) => {
        const { device, kind, position } = event;
        const carried = headers();
        carried.set(eventIdHeader, eventIdOf(origin.gateway, position.run, position.seq));
        carried.set(replayHeader, markText(own));
        return client.publish(eventSubject({ ...origin, device, kind }), text, {
          headers: carried,
          timeout: publishTimeoutMs,
          expect: { streamName: stream, lastSequence: first + index },
        });
      });
      const settled = await Promise.allSettled(appends);
      for (const one of settled)
        if (one.status === "rejected")
          throw toStreamError(
            one.reason,
            `cannot append to stream ${stream}; the same command goes on behind what is stored`,
          );
      lastSeq = first + events.length;
    },
  };
}

function markText({ of, shiftMs }: ReplayMark): string {
  return `${shiftMs} ${of}`;
}

function parseMark(text: string): ReplayMark | undefined {
  const [, shift = "", of = ""] = /^(-?\d{1,16}) (\S+)$/.exec(text) ?? [];
  return of === "" ? undefined : { shiftMs: Number(shift), of };
}

/** The mark of the last message of a gateway's stream; undefined where a gateway wrote it. */
export async function lastReplayMark(
  connection: NatsConnection,
  stream: string,
  lastSeq: StreamSeq,
): Promise<ReplayMark | undefined> {
  let mark: ReplayMark | undefined;
  const wish = { from: lastSeq, natsSubjectFilter: ">" };
  await readMatching(connection, stream, wish, ({ headers: carried }) => {
    mark = parseMark(carried?.get(replayHeader) ?? "");
    return true;
  });
  return mark;
}
