/**
 * Is what we publish answered? Asked with a message that no stream can take: it names a stream that no
 * server lets anybody make, and a place that none reaches. So the way, the rights and the answer are
 * those of real events, and nothing is stored, whatever becomes of the asker.
 */
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { isObject } from "../core/is-object.ts";
import { apiCodes, toStreamError } from "./stream-error.ts";

/** A name with a space and a dot is refused by every server. */
export const noStream = "no stream.has this name";
const noPlace = String(Number.MAX_SAFE_INTEGER);

const refusals: ReadonlySet<unknown> = new Set([
  apiCodes.streamNotMatch,
  apiCodes.wrongLastSequence,
]);

export interface RefusedPublish {
  readonly tookMs: number;
  /** A stream answered, and refused it. Else what was answered in its place, in words. */
  readonly strange: string | undefined;
}

/** Rejects as publishing does: `stream.no-responders` where no stream takes the subject, `stream.unauthorized`. */
export async function publishRefused(
  connection: NatsConnection,
  subject: string,
  timeoutMs: number,
): Promise<RefusedPublish> {
  const head = headers();
  head.set("Nats-Expected-Stream", noStream);
  head.set("Nats-Expected-Last-Sequence", noPlace);
  const beganMs = performance.now();
  try {
    const reply = await connection.request(subject, "", { timeout: timeoutMs, headers: head });
    const tookMs = performance.now() - beganMs;
    const code = refusalOf(reply.string());
    return { tookMs, strange: refusals.has(code) ? undefined : reply.string().slice(0, 256) };
  } catch (thrown) {
    throw toStreamError(thrown, `cannot publish ${subject}`);
  }
}

function refusalOf(text: string): unknown {
  try {
    const answer: unknown = JSON.parse(text);
    if (!isObject(answer) || !isObject(answer["error"])) return undefined;
    return answer["error"]["err_code"];
  } catch {
    return undefined;
  }
}
