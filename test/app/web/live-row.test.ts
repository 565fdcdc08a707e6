import { expect, test } from "vitest";
import { liveRow } from "../../../src/app/web/live/live-row.ts";
import type { EventOf } from "../../../src/core/event.ts";
import { createTailEncoder, decodeEvent, isMalformed } from "../../../src/core/event-codec.ts";
import { eventFront, joinEvent } from "../../../src/core/event-front.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../../src/core/ids.ts";

test("what was sent is shown as it stands in the stream, so that a saved file can be played again", () => {
  const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
  const event: EventOf<"measurement"> = {
    kind: "measurement",
    device: toDeviceId("f1"),
    clock: "device",
    timeMs: 1_000,
    receivedMs: 2_000,
    data: [{ name: "temperature", unit: "Cel", value: -11.4, quality: "good" }],
  };
  const text = joinEvent(
    eventFront(origin.gateway, toRunId("hgbmjk00")),
    toSeq(7),
    createTailEncoder(origin)(event),
  );
  const row = liveRow(origin, "f1", { ...event }, { id: "gw1.hgbmjk00.7", text });
  expect(row.event).toBe("gw1.hgbmjk00.7");
  const played = decodeEvent(JSON.stringify(row.json));
  expect(isMalformed(played) ? played.malformed : played.data).toEqual(event.data);
});
