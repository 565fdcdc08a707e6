import { jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import { createDrafter } from "../../src/core/event-draft.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { checkDeclaredLosses } from "../faults/declared-losses.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { SimDisk } from "../support/sim-disk.ts";
import { append, openTestLog } from "../support/test-log.ts";
import { origin, plainClient, startForwarding, stream, until } from "./rig.ts";

const draft = createDrafter(origin);
const device = toDeviceId("freezer-07");

/** Appends a measurement; `padding` makes it large. */
function measure(log: SegmentLog, padding = 0): Promise<void> {
  const note = { name: "note", value: "x".repeat(padding), quality: "good" } as const;
  const facts = { timeMs: 0, receivedMs: 0, clock: "gateway" } as const;
  return append(log, draft({ ...facts, kind: "measurement", device, data: [note] }));
}

test("declares exactly what is gone with the stream, after records were dropped and set aside", async () => {
  const server = await natsServer({ configuration: "max_payload: 2KB" });
  const clock = new ManualClock();
  const disk = new SimDisk({ random: () => 0 });
  const log = await openTestLog({ disk, clock }, "run00001");
  // More than the buffer holds, with nobody to send it to.
  for (let n = 0; n < 300; n += 1) await measure(log);
  expect(log.state().droppedRecords).toBeGreaterThan(50);
  await measure(log, 2_000);
  const { stop } = startForwarding(server.url, log);
  await until("all sent", () => log.confirmed?.seq === log.lastSeq);
  // The hold-back ends: most of what the stream has is nowhere else.
  const { firstSeq } = log;
  await clock.advance(700_000);
  await until("let go of", () => log.firstSeq > firstSeq + 20);
  for (let n = 0; n < 20; n += 1) await measure(log);
  await until("those sent as well", () => log.confirmed?.seq === log.lastSeq);
  await (await jetstreamManager(await plainClient(server.url))).streams.delete(stream);
  const { lastSeq } = log;
  await measure(log);
  await until("sent again", () => (log.confirmed?.seq ?? 0) > lastSeq + 1);
  await until("all sent again", () => log.confirmed?.seq === log.lastSeq);
  await stop();
  const { declared, faults, missing } = checkDeclaredLosses(await readGatewayStream(server.url));
  expect(faults).toEqual([]);
  expect(declared).toBe(missing);
  await log.close();
});
