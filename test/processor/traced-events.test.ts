import { describe, expect, it, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { completeTransition } from "../../src/processor/complete-transition.ts";
import type { TransitionDraft } from "../../src/processor/engine.ts";
import { TracedEvents } from "../../src/processor/traced-events.ts";
import { transitionOf } from "../alerts/given-alerts.ts";
import { reading, startMs, storedEvent } from "../support/gateway-stream.ts";

const traceparent = (n: number): string =>
  `00-0af7651916cd43dd8448eb211c80319c-${String(n).padStart(16, "0")}-01`;

const run = "aaaaaaaa";
const traced = (device: string, second: number, n: number) =>
  storedEvent(
    { ...reading(device, 1, second), extensions: { traceparent: traceparent(n) } },
    run,
    n,
  );
const mark = (second: number) => {
  const t = startMs + second * 1_000;
  const event: GatewayEvent = {
    ...{ kind: "watermark", device: null, timeMs: t, receivedMs: t, clock: "gateway" },
    data: { t },
  };
  return storedEvent(event, run, 900);
};
const changed = (device: string, startedS: number, atS = startedS): TransitionDraft =>
  transitionOf(device, startedS / 60, 1, { minutes: atS / 60 });

describe("the trace of an alert", () => {
  it("is that of the event that it changed at, as it is fed", () => {
    const events = new TracedEvents();
    const event = traced("f1", 5, 1);
    events.note(event);
    expect(events.causeOf(changed("f1", 0, 5), event)).toEqual({ traceparent: traceparent(1) });
    expect(events.causeOf(changed("f2", 0, 5), event)).toBeUndefined();
  });

  it("is that of an event before, where a mark of time brought it about", () => {
    const events = new TracedEvents();
    for (const [second, n] of [
      [0, 1],
      [10, 2],
      [20, 3],
    ] as const)
      events.note(traced("f1", second, n));
    const trace = (draft: TransitionDraft) => events.causeOf(draft, mark(30))?.traceparent;
    expect(trace(changed("f1", 10))).toBe(traceparent(2));
    expect(trace(changed("f1", 0, 20))).toBe(traceparent(3));
    expect(trace(changed("f1", 10, 15))).toBe(traceparent(2));
    expect(trace({ ...changed("f1", 10, 15), state: "ended" })).toBeUndefined();
    expect(trace(changed("f1", 12))).toBeUndefined();
    expect(trace(changed("f2", 10))).toBeUndefined();
  });

  it("is that which the gateway found it with, where it was found there", () => {
    const own = { ...transitionOf("f1", 0, 1), traceparent: traceparent(7) };
    const event = storedEvent(
      { ...reading("f1", 1, 0), kind: "alert-transition", data: own },
      run,
      8,
    );
    expect(new TracedEvents().causeOf(own, event)).toEqual({ traceparent: traceparent(7) });
  });

  it("is none of a text that is none, and of the oldest events of very many", () => {
    const events = new TracedEvents();
    const strange = { ...reading("f1", 1, 0), extensions: { traceparent: "00-1" } };
    expect(events.note(storedEvent(strange, run, 1))).toBeUndefined();
    for (let n = 1; n <= 40; n += 1) events.note(traced("f1", n, n));
    expect(events.causeOf(changed("f1", 3), mark(50))).toBeUndefined();
    expect(events.causeOf(changed("f1", 40), mark(50))).toBeDefined();
  });
});

test("a transition carries no trace of one before it", () => {
  const before = { ...changed("f1", 0), traceparent: traceparent(1), tracestate: "a=1" };
  const [none, other] = [undefined, { traceparent: traceparent(2) }].map((trace) =>
    completeTransition(before, [], startMs, 1_000, trace),
  );
  expect(none).not.toHaveProperty("traceparent");
  expect(other).toMatchObject({ traceparent: traceparent(2) });
  expect(other).not.toHaveProperty("tracestate");
});
