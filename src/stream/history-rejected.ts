/** Points that a database refuses for ever, each under a subject of its own. */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { fnv1a64 } from "../core/fnv1a.ts";
import { isObject } from "../core/is-object.ts";
import { historyRejectedStream, refusedPointSubject } from "../core/subject.ts";
import { readWholeStream } from "./read-whole-stream.ts";
import { toStreamError } from "./stream-error.ts";

/** What became of a point; the body of a message. */
export interface RefusedPoint {
  readonly schema: "history.point/1";
  /** `stored`: it was refused once, and taken later. */
  readonly outcome: "refused" | "stored";
  /** The line as it was written. */
  readonly line: string;
  /** For people: what the database answered. */
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
}

/** So many appends are under way at once. */
const mostAtOnce = 64;

/** Notes points; one that was noted before is replaced. Rejects where not all were stored. */
export async function noteRefusedPoints(
  connection: NatsConnection,
  points: readonly RefusedPoint[],
): Promise<void> {
  const client = jetstream(connection);
  try {
    for (let from = 0; from < points.length; from += mostAtOnce)
      await Promise.all(
        points.slice(from, from + mostAtOnce).map((point) =>
          client.publish(refusedPointSubject(fnv1a64(point.line)), JSON.stringify(point), {
            timeout: 5_000,
            expect: { streamName: historyRejectedStream },
          }),
        ),
      );
  } catch (thrown) {
    throw toStreamError(thrown, `cannot note ${points.length} refused points`);
  }
}

/** The points that are still refused, the oldest first. */
export async function readRefusedPoints(
  connection: NatsConnection,
): Promise<readonly RefusedPoint[]> {
  const refused: RefusedPoint[] = [];
  await readWholeStream(connection, historyRejectedStream, ({ body }) => {
    const point = parsePoint(body);
    if (point?.outcome === "refused") refused.push(point);
  });
  return refused;
}

/** Undefined for what is none of ours; of ours, the format vouches for the rest. */
function parsePoint(body: Uint8Array): RefusedPoint | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    return isPoint(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isPoint(value: unknown): value is RefusedPoint {
  return isObject(value) && value["schema"] === "history.point/1" && isLine(value["line"]);
}

/** Whoever wrote it: only one line is sent to the database again. */
function isLine(value: unknown): boolean {
  return typeof value === "string" && !value.includes("\n");
}
