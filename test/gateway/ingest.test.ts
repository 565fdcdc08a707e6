import { expect, test } from "vitest";
import { createDrafter } from "../../src/core/event-draft.ts";
import { GatewayTime } from "../../src/core/gateway-time.ts";
import { toGatewayId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { noAttributes, type RawMessage } from "../../src/core/message.ts";
import type { RecordDraft } from "../../src/core/record-draft.ts";
import { Ingest } from "../../src/gateway/ingest.ts";
import type { Normalized } from "../../src/normalize/normalizer.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silentMetrics } from "../support/silence.ts";

function misfit({ address, receivedMs }: RawMessage): Normalized {
  const data = {
    code: "no-profile",
    reason: "nobody takes it",
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

test("what was received before a watermark stands before it, also what is only counted", () => {
  const clock = new ManualClock();
  const time = new GatewayTime(clock, 0);
  const drafts: RecordDraft[] = [];
  const ingest = new Ingest({
    clock,
    log: { append: (draft) => toSeq(drafts.push(draft)) },
    draft: createDrafter({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") }),
    normalize: misfit,
    time,
    taps: { wanted: () => false, offer: () => {} },
    metrics: silentMetrics,
    met: () => {},
    named: () => null,
    counted: () => {},
  });
  const messages = 50;
  for (let n = 0; n < messages; n += 1)
    ingest.message({
      source: "mqtt",
      address: "tele/typo",
      payload: Buffer.alloc(0),
      receivedMs: time.nowMs(),
      client: "d1",
      device: undefined,
      attributes: noAttributes,
    });
  ingest.own({ kind: "watermark", data: { t: time.nowMs() } });
  expect(drafts.at(-1)?.kind).toBe("watermark");
  const told = drafts
    .slice(0, -1)
    .map(({ tail }) => 1 + Number(/"notKept":(\d+)/.exec(tail)?.[1] ?? 0));
  expect(told.reduce((sum, count) => sum + count)).toBe(messages);
});
