import { expect, test } from "vitest";
import { createDrafter } from "../../src/core/event-draft.ts";
import { GatewayTime } from "../../src/core/gateway-time.ts";
import { toDeviceId, toGatewayId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { noAttributes, type RawMessage } from "../../src/core/message.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import { Ingest } from "../../src/gateway/ingest.ts";
import { LastMessages } from "../../src/gateway/last-messages.ts";
import type { Normalized, NormalizedEvent } from "../../src/normalize/normalized.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silentMetrics } from "../support/silence.ts";

function misfit({ address, receivedMs }: RawMessage): NormalizedEvent {
  const data = {
    code: "bad-value",
    reason: "it does not fit",
    topic: address,
    payload: "",
  } as const;
  return {
    recordClass: "rejection",
    event: {
      kind: "rejection",
      device: null,
      timeMs: receivedMs,
      receivedMs,
      clock: "gateway",
      data,
    },
  };
}

/** An ingest over a log in memory, with what stands in that. */
function givenIngest(normalize: (message: RawMessage) => Normalized) {
  const clock = new ManualClock();
  const time = new GatewayTime(clock, 0);
  const drafts: RecordDraft[] = [];
  const ingest = new Ingest({
    clock,
    log: {
      append: (draft) => toSeq(drafts.push(draft)),
      get lastSeq() {
        return toSeq(drafts.length);
      },
      get durableSeq() {
        return toSeq(drafts.length);
      },
      onDurable: () => () => {},
    },
    draft: createDrafter({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") }),
    normalize,
    time,
    lastMessages: new LastMessages([], { remembered: () => {} }),
    taps: { wanted: () => false, offer: () => {} },
    metrics: silentMetrics,
    met: () => {},
    named: () => null,
    noted: () => {},
    repeated: () => {},
    counted: () => {},
  });
  return { clock, drafts, ingest, time };
}

function givenMessage(address: string): RawMessage {
  return {
    source: "mqtt",
    address,
    payload: Buffer.alloc(0),
    receivedMs: 0,
    client: "d1",
    device: undefined,
    attributes: noAttributes,
  };
}

test("what was received before a watermark stands before it, also what is only counted", async () => {
  const { drafts, ingest, time } = givenIngest(misfit);
  const messages = 50;
  for (let n = 0; n < messages; n += 1) ingest.message(givenMessage("tele/typo"));
  ingest.own({ kind: "watermark", data: { t: time.nowMs() } });
  expect(drafts.at(-1)?.kind).toBe("watermark");
  const told = drafts
    .slice(0, -1)
    .map(({ tail }) => 1 + Number(/"notKept":(\d+)/.exec(tail)?.[1] ?? 0));
  expect(told.reduce((sum, count) => sum + count)).toBe(messages);
});

function measured(device: string): NormalizedEvent {
  return {
    recordClass: "telemetry",
    event: {
      kind: "measurement",
      device: toDeviceId(device),
      timeMs: 0,
      receivedMs: 0,
      clock: "gateway",
      data: [{ name: "t", value: 1, quality: "good" }],
    },
  };
}

test("the events of one message stand together, and the last record vouches for all", () => {
  const more = [misfit(givenMessage("x")), measured("b")];
  const { drafts, ingest } = givenIngest(() => ({ ...measured("a"), more }));
  expect(ingest.message(givenMessage("hub/up"))).toBe(toSeq(3));
  expect(drafts.map(({ deviceToken, kind }) => [deviceToken, kind])).toEqual([
    ["a", "measurement"],
    ["b", "measurement"],
    ["=", "rejection"],
  ]);
  expect(ingest.counts).toEqual({ received: 1, rejected: 1, passedOver: 0, late: 0, repeats: 0 });
});

test("members that do not fit use up what is kept of a topic, and then are only counted", async () => {
  const bad = misfit(givenMessage("hub/up"));
  const { clock, drafts, ingest } = givenIngest(() => ({
    ...bad,
    more: Array.from({ length: 999 }, () => bad),
  }));
  const receipt = ingest.message(givenMessage("hub/up"));
  await clock.advance(1_000);
  expect(drafts.length).toBeLessThan(200);
  expect(typeof receipt === "number" ? receipt : receipt.seq).toBe(toSeq(drafts.length));
});

test("a message that is passed over is counted, and waits for what came before it", async () => {
  const { clock, drafts, ingest } = givenIngest((message) =>
    message.address === "noise" ? { passedOver: "ignored" } : misfit(message),
  );
  expect(ingest.message(givenMessage("noise"))).toBe(0);
  for (let n = 0; n < 129; n += 1) ingest.message(givenMessage("tele/typo"));
  const kept = drafts.length;
  const receipt = ingest.message(givenMessage("noise"));
  expect(receipt).toMatchObject({ seq: undefined });
  await clock.advance(1_000);
  expect(receipt).toMatchObject({ seq: toSeq(kept + 1) });
  expect(ingest.counts).toEqual({
    received: 131,
    rejected: 129,
    passedOver: 2,
    late: 0,
    repeats: 0,
  });
});

test("of a message that an earlier process stored in part only what is missing is stored", () => {
  const events = ["a", "b", "c"].map(measured);
  const [first = measured("a"), ...more] = events;
  const { drafts, ingest } = givenIngest(() => ({ ...first, more }));
  const delivery = { session: "00".repeat(16), packetId: 7, hash: 1 };
  const parts = [2, 0].map((following) => ({ following, isFirst: following === 2 }));
  const stored = new Map(parts.map((part) => [part.following, part]));
  ingest.message({ ...givenMessage("hub/up"), attributes: { delivery, stored } });
  ingest.message({ ...givenMessage("hub/up"), attributes: { delivery } });
  expect(drafts.map((draft) => [draft.deviceToken, draft.delivery?.part])).toEqual([
    ["b", { following: 1, isFirst: false }],
    ["a", { following: 2, isFirst: true }],
    ["b", { following: 1, isFirst: false }],
    ["c", { following: 0, isFirst: false }],
  ]);
});
