/** Publishing into JetStream by itself: through a lane of the forwarder, or plainly without a fence. */
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { systemClock } from "../../../src/app/system-clock.ts";
import { eventIdOf, toRunId, toSeq, toStreamSeq } from "../../../src/core/ids.ts";
import type { StoredRecord } from "../../../src/core/record.ts";
import { eventSubject } from "../../../src/core/subject.ts";
import type { Lane } from "../../../src/forward/lane.ts";
import { openLane } from "../../../src/forward/open-lane.ts";
import { ensureStream } from "../../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../../src/stream/options.ts";
import { gatewayStreamContract } from "../../../src/stream/stream-contract.ts";
import { answer, perSecondSince, readArguments } from "./answer.ts";
import type { PublishArguments, RateAnswer } from "./reports.ts";
import { device, origin, sampleText } from "./sample-event.ts";

const { count, lane: way, natsUrl, window } = readArguments<PublishArguments>();
const run = toRunId("bench000");
const body = Buffer.from(sampleText(123_456, eventIdOf(origin.gateway, run, toSeq(123_456))));

/** Through a lane, with the fence and the id that each event carries. */
function publishFenced(connection: NatsConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 1;
    const publishMore = (): void => {
      if (lane.anomaly) reject(lane.anomaly);
      for (; next <= count && !lane.full; next += 1) {
        const record: StoredRecord = {
          run,
          seq: toSeq(next),
          appendedMs: 0,
          kind: "measurement",
          recordClass: "telemetry",
          deviceToken: device,
          body,
        };
        lane.publish(record);
      }
    };
    const lane: Lane = openLane(
      {
        connection,
        origin,
        lastStreamSeq: toStreamSeq(0),
        window,
        inbox: "_INBOX.bench",
        clock: systemClock,
        onConfirmed: ({ seq }) => {
          if (seq < count) return;
          lane.end();
          resolve();
        },
        onChange: publishMore,
      },
      way === "batches",
    );
    publishMore();
  });
}

/** Only what JetStream needs to acknowledge. */
function publishPlainly(connection: NatsConnection): Promise<void> {
  const subject = eventSubject({ ...origin, device, kind: "measurement" });
  const reply = "_INBOX.bench.1";
  return new Promise((resolve, reject) => {
    let sent = 0;
    let acked = 0;
    const publishMore = (): void => {
      for (; sent < count && sent - acked < window; sent += 1)
        connection.publish(subject, body, { reply });
    };
    connection.subscribe(reply, {
      callback: (failure) => {
        if (failure) reject(failure);
        acked += 1;
        if (acked === count) resolve();
        else if (sent - acked <= window / 2) publishMore();
      },
    });
    publishMore();
  });
}

const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
const { batches } = await ensureStream(connection, {
  ...gatewayStreamContract(origin, backboneOptions.parse({})),
  batches: true,
});
if (way === "batches" && batches !== "on") throw new Error("this server takes no batches");
const startedMs = performance.now();
await (way !== "none" ? publishFenced(connection) : publishPlainly(connection));
answer({ perSecond: perSecondSince(startedMs, count) } satisfies RateAnswer);
await connection.close();
