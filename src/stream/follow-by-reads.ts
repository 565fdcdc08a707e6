/**
 * Follows a stream without a consumer: by single reads, when something is heard on the subjects that
 * it takes, and every few seconds in any case.
 *
 * Whoever may make consumers can have the server deliver to any subject, also to those that he may
 * not write to. A gateway that is not trusted so far reads its commands this way, out of a copy that
 * holds nobody else's.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { type StreamSeq, toStreamSeq } from "../core/ids.ts";
import type { FollowedMessage, FollowedStream } from "./follow-stream.ts";
import { readNext } from "./message-get.ts";
import { toStreamError } from "./stream-error.ts";

/** A copy is behind its origin for a moment: what was heard is looked for so often, and so long. */
const lookAgainMs = 50;
const expectedForMs = 5_000;
/** What was said while nobody listened. */
const lookEveryMs = 2_500;
const mostAtOnce = 100;

export interface ReadsOptions {
  readonly from: StreamSeq;
  /** Subjects on which what comes into the stream is heard first. */
  readonly wakenBy: string;
  /** Something was heard that did not come into the stream. */
  readonly onMissed: () => void;
}

/** Begins to listen. Closing stops it. */
export function followByReads(
  connection: NatsConnection,
  stream: string,
  { from, onMissed, wakenBy }: ReadsOptions,
  clock: Clock,
): FollowedStream {
  let next = from;
  let expectedUntilMs = Number.NEGATIVE_INFINITY;
  let wake = (): void => {};
  let refusal: GatewayError | undefined;
  const heard = connection.subscribe(wakenBy, {
    callback: (failure) => {
      if (failure) refusal = toStreamError(failure, `cannot listen on ${wakenBy}`);
      else expectedUntilMs = clock.monotonicMs() + expectedForMs;
      wake();
    },
  });

  const read = async (): Promise<FollowedMessage[]> => {
    const batch: FollowedMessage[] = [];
    while (batch.length < mostAtOnce) {
      const message = await readNext(connection, stream, ">", next);
      if (message === undefined) break;
      const { data, header: headers, seq, subject, time } = message;
      batch.push({ data, headers, seq, subject, time, string: () => message.string() });
      next = toStreamSeq(seq + 1);
    }
    return batch;
  };
  const rest = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        timer.cancel();
        signal.removeEventListener("abort", finish);
        wake = () => {};
        resolve();
      };
      const timer = clock.setTimer(ms, finish);
      wake = finish;
      signal.addEventListener("abort", finish, { once: true });
    });

  return {
    async next(silenceMs, signal) {
      const endMs = clock.monotonicMs() + silenceMs;
      while (!signal.aborted) {
        if (connection.isClosed())
          throw new GatewayError(
            "stream.unavailable",
            `reading ${stream} ended with its connection`,
          );
        if (refusal) throw refusal;
        const batch = await read();
        const nowMs = clock.monotonicMs();
        if (batch.length > 0) {
          expectedUntilMs = Number.NEGATIVE_INFINITY;
          return batch;
        }
        if (nowMs >= endMs) return [];
        const isExpecting = expectedUntilMs > Number.NEGATIVE_INFINITY;
        if (isExpecting && nowMs >= expectedUntilMs) {
          expectedUntilMs = Number.NEGATIVE_INFINITY;
          onMissed();
        }
        await rest(Math.min(isExpecting ? lookAgainMs : lookEveryMs, endMs - nowMs), signal);
      }
      return [];
    },
    async close() {
      if (!connection.isClosed()) heard.unsubscribe();
    },
  };
}
