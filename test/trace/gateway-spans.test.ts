import { expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { type Seq, toRunId, toSeq, toStreamSeq } from "../../src/core/ids.ts";
import type { Span } from "../../src/core/span.ts";
import { GatewaySpans } from "../../src/trace/gateway-spans.ts";
import { origin, reading, startMs } from "../support/gateway-stream.ts";
import { ManualClock } from "../support/manual-clock.ts";

const run = toRunId("abcd1234");
const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const traced: GatewayEvent = { ...reading("f1", 1, 0), extensions: { traceparent } };

function setUp() {
  const clock = new ManualClock();
  const told: Span[] = [];
  let listener = (): void => {};
  const log = {
    run,
    durableSeq: toSeq(0),
    confirmed: { run, seq: toSeq(0), streamSeq: toStreamSeq(0) },
    onDurable(heard: () => void) {
      listener = heard;
      return () => {};
    },
  };
  const spans = new GatewaySpans({ clock, log, origin, spans: { add: (span) => told.push(span) } });
  return {
    ...{ clock, spans },
    durable(seq: Seq) {
      log.durableSeq = seq;
      listener();
    },
    confirmed(seq: Seq) {
      log.confirmed = { ...log.confirmed, seq };
      spans.forwarded();
    },
    said: () => told.splice(0).map(({ about, name }) => `${name} ${about}`),
    told,
  };
}

test("an event with a trace is received, durable and forwarded, each once and in order", () => {
  const { confirmed, durable, said, spans } = setUp();
  spans.appended(traced, toSeq(1));
  spans.appended(reading("f1", 2, 1), toSeq(2));
  spans.appended(traced, toSeq(3));
  expect(said()).toEqual(["received gw1.abcd1234.1", "received gw1.abcd1234.3"]);
  confirmed(toSeq(3));
  expect(said()).toEqual([]);
  durable(toSeq(2));
  expect(said()).toEqual(["durable gw1.abcd1234.1"]);
  confirmed(toSeq(2));
  expect(said()).toEqual(["forwarded gw1.abcd1234.1"]);
  durable(toSeq(5));
  confirmed(toSeq(5));
  confirmed(toSeq(5));
  expect(said()).toEqual(["durable gw1.abcd1234.3", "forwarded gw1.abcd1234.3"]);
});

test("of very many on their way only the first span is told", () => {
  const { confirmed, durable, said, spans } = setUp();
  const count = 20_000;
  for (let seq = 1; seq <= count; seq += 1) spans.appended(traced, toSeq(seq));
  expect(said()).toHaveLength(count);
  durable(toSeq(count));
  confirmed(toSeq(count));
  expect(said()).toHaveLength(2 * 16_384);
});

test("each span says whose event it is about, from when on until when", () => {
  const { clock, spans, told } = setUp();
  spans.appended({ ...traced, receivedMs: startMs - 5 }, toSeq(1));
  expect(told[0]).toMatchObject({
    ...{ role: "gateway", startMs: startMs - 5, endMs: clock.wallMs() },
    trace: { traceparent },
    attributes: {
      ...{ "sluicegate.event.id": "gw1.abcd1234.1", "sluicegate.gateway": "gw1" },
      ...{ "sluicegate.device": "f1", "sluicegate.event.kind": "measurement" },
    },
  });
});
