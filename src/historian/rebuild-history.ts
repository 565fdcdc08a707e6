/**
 * Everything that the streams hold, written again: into a database that was emptied or lost, while a
 * historian runs or not. What is there already is the same points.
 */
import type { EpochMs } from "../core/clock.ts";
import { decodeDerived } from "../core/derived-value.ts";
import { decodeEvent, isMalformed } from "../core/event-codec.ts";
import { alertsStream, derivedStream } from "../core/subject.ts";
import type { Backbone } from "../stream/backbone.ts";
import { lookAtGateways } from "../stream/discover-gateways.ts";
import { parseStoredTransition } from "../stream/parse-transition.ts";
import { readWholeStream, type WholeStreamMessage } from "../stream/read-whole-stream.ts";
import { alertPoint } from "./alert-points.ts";
import { derivedPoint } from "./derived-points.ts";
import { addEventPoints, type PointForm } from "./event-points.ts";

export interface RebuildOptions {
  readonly form: PointForm;
  /** Only what happened then or later, by event time. */
  readonly sinceMs: EpochMs;
  /** Lines in one write. */
  readonly points: number;
  /** Resolves once they are done with; rejects where that cannot be. */
  store(lines: readonly string[]): Promise<void>;
}

/** What was written again of one stream. */
export interface RebuiltStream {
  readonly stream: string;
  readonly messages: number;
  readonly points: number;
}

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

/** Reads each stream from its beginning to where it ends now; gives each as soon as it is done. */
export async function* rebuildHistory(
  connection: Connection,
  options: RebuildOptions,
): AsyncGenerator<RebuiltStream> {
  const { form, sinceMs } = options;
  const text = new TextDecoder();
  const { gateways } = await lookAtGateways(connection);
  for (const { gateway } of gateways)
    yield await rebuild(connection, gateway.stream, options, ({ body }, lines) => {
      const event = decodeEvent(text.decode(body));
      if (!isMalformed(event) && event.timeMs >= sinceMs) addEventPoints(lines, event, form);
    });
  yield await rebuild(connection, alertsStream, options, ({ body, natsSubject }, lines) => {
    const transition = parseStoredTransition(natsSubject, body);
    if (!transition || Date.parse(transition.started_at) < sinceMs) return;
    const line = alertPoint(transition, form);
    if (line !== undefined) lines.push(line);
  });
  yield await rebuild(connection, derivedStream, options, ({ body }, lines) => {
    const value = decodeDerived(text.decode(body));
    const line = value && value.startMs >= sinceMs ? derivedPoint(value, form) : undefined;
    if (line !== undefined) lines.push(line);
  });
}

async function rebuild(
  connection: Connection,
  stream: string,
  { points: atMost, store }: RebuildOptions,
  add: (message: WholeStreamMessage, lines: string[]) => void,
): Promise<RebuiltStream> {
  let messages = 0;
  let points = 0;
  let lines: string[] = [];
  const flush = async (): Promise<void> => {
    points += lines.length;
    if (lines.length > 0) await store(lines);
    lines = [];
  };
  await readWholeStream(connection, stream, async (message) => {
    messages += 1;
    add(message, lines);
    if (lines.length >= atMost) await flush();
  });
  await flush();
  return { stream, messages, points };
}
