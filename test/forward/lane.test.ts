/** What every lane does, on every server that it is for. */
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { toGatewayId, toRunId, toSeq, toSiteId, toStreamSeq } from "../../src/core/ids.ts";
import type { StoredRecord } from "../../src/core/record.ts";
import { openBatchLane } from "../../src/forward/batch-lane.ts";
import type { Lane, LaneOptions } from "../../src/forward/lane.ts";
import { openReplyLane } from "../../src/forward/reply-lane.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { gatewayStreamContract } from "../../src/stream/stream-contract.ts";
import { currentServer, envOf } from "../support/current-nats-server.ts";
import { natsServer } from "../support/nats-server.ts";
import { plainClient, until } from "./rig.ts";

const origin = { site: toSiteId("Werk Süd"), gateway: toGatewayId("Küche 1") };
const contract = { ...gatewayStreamContract(origin, backboneOptions.parse({})), batches: true };

const openBatches = (options: LaneOptions): Lane =>
  openBatchLane({
    ...options,
    onUnfit: () => {
      throw new Error("it takes no batches");
    },
  });

const lanes: readonly {
  readonly name: string;
  readonly open: (options: LaneOptions) => Lane;
  readonly current: boolean;
}[] = [
  { name: "an answer for each, the server of this system", open: openReplyLane, current: false },
  { name: "an answer for each, the current server", open: openReplyLane, current: true },
  { name: "batches, the current server", open: openBatches, current: true },
];

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

for (const { current, name, open } of lanes) {
  const serverEnv = current ? envOf(currentServer) : {};
  const serve = (configuration = "") => natsServer({ configuration, ...serverEnv });

  /** A lane into a stream that is there, and how many of its records are stored. */
  const laneInto = async (url: string) => {
    const connection = await plainClient(url);
    await ensureStream(connection, contract);
    let confirmed = 0;
    const lane = open({
      connection,
      origin,
      lastStreamSeq: toStreamSeq(0),
      window: 512,
      inbox: "_INBOX.here",
      // No time passes but for timers, so that the lane is never idle.
      clock: { ...systemClock, monotonicMs: () => 0 },
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
  };

  describe.skipIf(current && currentServer === undefined)(name, () => {
    test("publishes runs, kinds, sizes and numbers of any length as they are", async () => {
      const server = await serve();
      const connection = await plainClient(server.url);
      await ensureStream(connection, contract);
      const seen: object[] = [];
      const observer = await plainClient(server.url);
      observer.subscribe("ev.>", {
        callback: (_failure, { data, headers, subject }) => {
          const id = headers?.get("Ce-Id");
          const fence = headers?.get("Nats-Expected-Last-Sequence");
          if (id) seen.push({ id, fence, subject, body: Buffer.from(data) });
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
      const lane = open({
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
        await until("room", () => !lane.full);
        // The memory of a record is used again as soon as it is published.
        const body = scratch.subarray(0, record.body.length);
        body.set(record.body);
        lane.publish({ ...record, body });
        scratch.fill(0);
      }
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
      const server = await serve("max_payload: 4KB");
      const { lane, publish, stored } = await laneInto(server.url);
      publish(4_096);
      expect(lane.inFlight).toBe(0);
      publish(100);
      await stored(1);
      expect(lane.anomaly).toBeUndefined();
    });

    test("takes no more than 16 MiB that nobody has answered, and goes on behind the answers", async () => {
      const server = await serve();
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
      const server = await serve();
      const { lane, publish, stored } = await laneInto(server.url);
      const stranger = await plainClient(server.url);
      publish(10);
      await stored(1);
      for (const name of ["hello", "-1", "1e-1", "7", "Infinity", "INBOX.here-1.128.fail.x.1.$FI"])
        stranger.publish(`_INBOX.here.${name}`, "hello");
      await stranger.flush();
      publish(10);
      await stored(2);
      expect(lane.anomaly).toBeUndefined();
    });

    test("is over at a refusal; of a batch, nothing behind it is stored", async () => {
      const server = await serve();
      const { lane, publish, stored } = await laneInto(server.url);
      const stranger = await plainClient(server.url);
      publish(10);
      await stored(1);
      await stranger.request("ev.Werk=20S=C3=BCd.K=C3=BCche=201.x.measurement", "by hand");
      for (let n = 0; n < 20; n += 1) publish(10);
      await until("an anomaly", () => lane.anomaly !== undefined && lane.quiet);
      expect(lane.anomaly?.code).toBe("stream.fenced");
      const { refused, tooLarge } = lane.end();
      expect(tooLarge).toBeUndefined();
      expect(refused[0]).toMatchObject({ seq: 2, place: 2 });
      const connection = await plainClient(server.url);
      const { lastSeq } = await ensureStream(connection, contract);
      expect(lastSeq).toBe(open === openBatches ? 2 : 21);
    });
  });
}
