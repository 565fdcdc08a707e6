import type { NatsConnection } from "@nats-io/transport-node";
import { isObject } from "../core/is-object.ts";

const requestTimeoutMs = 5_000;
/** Far more than there ever are; whoever may write may write any number. */
const mostKeys = 10_000;

/** Others the server takes from a publisher, and no client of buckets reads. */
const usualKey = /^[-/=\w]+(?:\.[-/=\w]+)*$/;

/**
 * Keys of a bucket that a filter takes, at most 10,000. Of the pages in which a server tells more than
 * 100,000 only the first is asked for. Rejects with the client's error.
 */
export async function listKeys(
  connection: NatsConnection,
  bucket: string,
  filter: string,
): Promise<readonly string[]> {
  const front = `$KV.${bucket}.`;
  const asked = JSON.stringify({ subjects_filter: `${front}${filter}`, offset: 0 });
  const answer = await connection.request(`$JS.API.STREAM.INFO.KV_${bucket}`, asked, {
    timeout: requestTimeoutMs,
  });
  const info: unknown = answer.json();
  const { error, state } = isObject(info) ? info : {};
  if (isObject(error)) throw new Error(String(error["description"]));
  const subjects = isObject(state) && isObject(state["subjects"]) ? state["subjects"] : {};
  return Object.keys(subjects)
    .map((subject) => subject.slice(front.length))
    .filter((key) => usualKey.test(key))
    .slice(0, mostKeys);
}
