/** What a backbone knows of the way of events, joined by hand. */

import { toStreamSeq } from "../core/ids.ts";
import {
  alertsStream,
  checkpointsBucket,
  notifyLogStream,
  partitionOf,
  positionsBucket,
  siteAlerts,
} from "../core/subject.ts";
import { historianKey } from "../historian/historian-key.ts";
import type { BackboneSources } from "../past/way-sources.ts";
import { checkpointKey, readSavedPositions } from "../processor/checkpoint.ts";
import type { Backbone } from "../stream/backbone.ts";
import { repliesOf } from "../stream/command-replies.ts";
import { readStreamFacts } from "../stream/message-get.ts";
import { parseAttempt } from "../stream/notify-log.ts";
import { parseStoredTransition } from "../stream/parse-transition.ts";
import { openReadOnlyBucket } from "../stream/read-only-bucket.ts";
import { readMatching } from "../stream/read-subject.ts";
import { readReadingPositions } from "../stream/reading-positions.ts";
import { findEntry } from "./find-entry.ts";

type Connection = Awaited<ReturnType<Backbone["connected"]>>;

/** So many messages of one stream are looked at: who asks waits for it. */
const mostLookedAt = 50_000;

/** Asks over one connection; makes nothing that is not there. */
export function backboneSources(connection: Connection, signal?: AbortSignal): BackboneSources {
  async function look(
    stream: string,
    natsSubjectFilter: string,
    sinceMs: number,
    visit: (message: { subject: string; data: Uint8Array; seq: number; time: Date }) => void,
  ): Promise<boolean> {
    if (!(await readStreamFacts(connection, stream))) return true;
    let looked = 0;
    const matching = { from: { storedMs: sinceMs }, natsSubjectFilter };
    await readMatching(connection, stream, matching, (message) => {
      if (looked === mostLookedAt) {
        looked += 1;
        return false;
      }
      visit(message);
      looked += 1;
      return true;
    });
    return looked <= mostLookedAt;
  }

  return {
    find: (id) => findEntry(connection, id, signal),
    async processor(site) {
      const bucket = await openReadOnlyBucket(connection, checkpointsBucket);
      const partition = partitionOf(site);
      const head = await bucket?.get(checkpointKey(partition));
      const positions = bucket && (await readSavedPositions(bucket, partition));
      return head && positions
        ? { savedMs: head.savedMs, positionOf: (stream) => positions[stream] }
        : undefined;
    },
    async historian() {
      const bucket = await openReadOnlyBucket(connection, positionsBucket);
      const saved = await bucket?.get(historianKey);
      const position = bucket && (await readReadingPositions(bucket, historianKey));
      if (!saved || !position) return undefined;
      return {
        savedMs: saved.savedMs,
        positionOf: (stream) => position.gateways[stream],
        alerts: position.alerts ?? undefined,
        derived: position.derived ?? undefined,
      };
    },
    transitions: (site, sinceMs, visit) =>
      look(alertsStream, siteAlerts(site), sinceMs, ({ data, seq, subject, time }) => {
        const transition = parseStoredTransition(subject, data);
        if (transition)
          visit({ transition, streamSeq: toStreamSeq(seq), storedMs: time.getTime() });
      }),
    attempts: (sinceMs, visit) =>
      look(notifyLogStream, "notify.>", sinceMs, ({ data }) => {
        const attempt = parseAttempt(data);
        if (attempt) visit(attempt);
      }),
    replies: (scope, command, sinceMs) => repliesOf(connection, scope, command, sinceMs),
  };
}
