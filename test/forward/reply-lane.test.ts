import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { toGatewayId, toRunId, toSeq, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import { openReplyLane } from "../../src/forward/reply-lane.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { natsServer } from "../support/nats-server.ts";
import { plainClient, until } from "./rig.ts";

const origin = { site: toSiteId("Werk Süd"), gateway: toGatewayId("Küche 1") };

function recordOf(seq: number, run: string, kind: StoredRecord["kind"], body: Buffer) {
  return {
    run: toRunId(run),
    seq: toSeq(seq),
    appendedMs: 0,
    kind,
    recordClass: "telemetry",
    deviceToken: kind === "watermark" ? "=" : `k=C3=BCche-${seq}`,
    body,
  } as const;
}

test("publishes runs, kinds, sizes and numbers of any length as they are", async () => {
  const server = await natsServer();
  const connection = await plainClient(server.url);
  await ensureStream(connection, gatewayStreamContract(origin, backboneOptions.parse({})));
  const seen: object[] = [];
  const observer = await plainClient(server.url);
  observer.subscribe("ev.>", {
    callback: (_failure, { data, headers, subject }) => {
      const fence = headers?.get("Nats-Expected-Last-Sequence");
      seen.push({ id: headers?.get("Ce-Id"), fence, subject, body: Buffer.from(data) });
    },
  });
  await observer.flush();

  const records = [
    recordOf(1, "run00001", "measurement", Buffer.from("{}")),
    recordOf(9, "run00001", "watermark", Buffer.alloc(70_000, "9")),
    recordOf(10, "run00002", "measurement", Buffer.alloc(500_000, "a")),
    recordOf(99_999, "run00002", "status", Buffer.from("ü")),
    recordOf(2 ** 40, "run00003", "measurement", Buffer.alloc(0)),
    recordOf(2 ** 40 + 1, "run00003", "measurement", Buffer.alloc(40_000, "b")),
    recordOf(2 ** 40 + 2, "run00003", "measurement", Buffer.alloc(40_000, "c")),
  ];
  let confirmed = 0;
  const lane = openReplyLane({
    connection,
    origin,
    lastStreamSeq: toStreamSeq(0),
    window: 10,
    inbox: "_INBOX.here",
    clock: systemClock,
    onConfirmed: (_position, count) => {
      confirmed += count;
    },
    onChange: () => {},
  });
  onTestFinished(() => void lane.end());
  const scratch = Buffer.alloc(500_000);
  for (const record of records) {
    // The memory of a record is used again as soon as it is published.
    const body = scratch.subarray(0, record.body.length);
    body.set(record.body);
    lane.publish({ ...record, body });
  }
  scratch.fill(0);
  await until("all stored and seen", () => confirmed === 7 && seen.length === 7);
  expect(lane.anomaly).toBeUndefined();
  expect(seen).toEqual(
    records.map(({ body, deviceToken, kind, run, seq }, n) => ({
      id: `Küche 1.${run}.${seq}`,
      fence: `${n}`,
      subject: `ev.Werk=20S=C3=BCd.K=C3=BCche=201.${deviceToken}.${kind}`,
      body,
    })),
  );
});

test("publishes nothing that is larger than the server takes", async () => {
  const server = await natsServer({ configuration: "max_payload: 4KB" });
  const connection = await plainClient(server.url);
  const lane = openReplyLane({
    connection,
    origin,
    lastStreamSeq: toStreamSeq(0),
    window: 10,
    inbox: "_INBOX.here",
    clock: systemClock,
    onConfirmed: () => {},
    onChange: () => {},
  });
  onTestFinished(() => void lane.end());
  expect(lane.publish(recordOf(1, "run00001", "measurement", Buffer.alloc(4_096)))).toBe(0);
  expect(lane.inFlight).toBe(0);
});

/** A lane into a stream that is there, and how many of its records are stored. */
async function laneInto(url: string) {
  const connection = await plainClient(url);
  await ensureStream(connection, gatewayStreamContract(origin, backboneOptions.parse({})));
  let confirmed = 0;
  const lane = openReplyLane({
    connection,
    origin,
    lastStreamSeq: toStreamSeq(0),
    window: 512,
    inbox: "_INBOX.here",
    // Stands still, so that the lane is never idle.
    clock: new ManualClock(),
    onConfirmed: (_position, count) => {
      confirmed += count;
    },
    onChange: () => {},
  });
  onTestFinished(() => void lane.end());
  let seq = 0;
  const publish = (bytes: number): void => {
    seq += 1;
    lane.publish(recordOf(seq, "run00001", "measurement", Buffer.alloc(bytes, "a")));
  };
  const stored = (count: number) => until(`${count} are stored`, () => confirmed === count);
  return { lane, publish, stored };
}

test("takes no more than 16 MiB that nobody has answered, and goes on behind the answers", async () => {
  const server = await natsServer();
  const { lane, publish, stored } = await laneInto(server.url);
  publish(100);
  await stored(1);
  const messageBytes = 2 ** 19;
  let published = 1;
  for (; !lane.full; published += 1) publish(messageBytes);
  expect(lane.inFlight).toBe(32);
  await stored(published);
  expect(lane.full).toBe(false);
});

test("hears its answers also where a stranger writes to its inbox", async () => {
  const server = await natsServer();
  const { lane, publish, stored } = await laneInto(server.url);
  const stranger = await plainClient(server.url);
  publish(10);
  await stored(1);
  for (const name of ["hello", "-1", "1e-1", "7", "Infinity"])
    stranger.publish(`_INBOX.here.${name}`, "hello");
  await stranger.flush();
  publish(10);
  await stored(2);
  expect(lane.anomaly).toBeUndefined();
});
