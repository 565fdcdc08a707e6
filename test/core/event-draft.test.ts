import { describe, expect, it } from "vitest";
import type { EventOf } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { createDrafter } from "../../src/core/event-draft.ts";
import { eventFront, joinEvent, tailOf } from "../../src/core/event-front.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";

const run = toRunId("k3f9q2aa");
const event: EventOf<"measurement"> = {
  kind: "measurement",
  device: toDeviceId("freezer 07"),
  timeMs: 1_700_000_000_123,
  receivedMs: 1_700_000_000_456,
  clock: "device",
  data: [{ name: "temperature", value: -18.5, unit: "Cel", quality: "good" }],
};

describe.each(["gw1", 'gw "1"\\.ä'])("a draft of the gateway %s", (name) => {
  const origin = { site: toSiteId("plant-a"), gateway: toGatewayId(name) };
  const identity = { counter: 7, boot: 1, hash: 9 };
  const delivery = { session: "00112233445566778899aabbccddeeff", packetId: 3, hash: 5 };
  const draft = createDrafter(origin)(event, "alarm", identity, delivery);

  it("is data that another thread can be given", () => {
    expect(structuredClone(draft)).toEqual(draft);
    expect(draft).toMatchObject({ deviceToken: "freezer=2007", recordClass: "alarm", identity });
  });

  it("becomes a whole event behind the front that only the log can write", () => {
    const front = eventFront(origin.gateway, run);
    const text = joinEvent(front, toSeq(1_234), draft.tail);
    expect(
      text.startsWith(`{"specversion":"1.0","id":${JSON.stringify(`${name}.${run}.1234`)},`),
    ).toBe(true);
    const decoded = decodeEvent(text);
    if (isMalformed(decoded)) throw new Error(decoded.malformed);
    expect(decoded).toMatchObject({ ...event, origin, position: { run, seq: 1_234 } });
    expect(tailOf(text, front, toSeq(1_234))).toBe(draft.tail);
    expect(tailOf(text, front, toSeq(123))).toBeUndefined();
  });
});
