import { expect, test } from "vitest";
import type { Span } from "../../src/core/span.ts";
import { TracedPoints } from "../../src/historian/traced-points.ts";
import { reading, storedEvent } from "../support/gateway-stream.ts";
import { ManualClock } from "../support/manual-clock.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

test("what is stored later vouches for what was read before it, and each span is told once", () => {
  const told: Span[] = [];
  const points = new TracedPoints({ add: (span) => told.push(span) }, new ManualClock());
  const event = (seq: number, extensions?: { traceparent: string }) =>
    storedEvent({ ...reading("f1", 1, seq), extensions }, "abcd1234", seq);
  const first = points.read([event(1, { traceparent }), event(2)]);
  const second = points.read([event(3, { traceparent }), event(4, { traceparent: "00-1" })]);
  const third = points.read([event(5, { traceparent })]);
  const said = () => told.splice(0).map(({ about }) => about);
  second();
  expect(said()).toEqual(["gw1.abcd1234.1", "gw1.abcd1234.3"]);
  first();
  second();
  expect(said()).toEqual([]);
  third();
  expect(said()).toEqual(["gw1.abcd1234.5"]);
});
