import { describe, expect, it } from "vitest";
import type { CommandReply } from "../../src/core/command.ts";
import type { Decision } from "../../src/core/decision.ts";
import type { EventBodies, EventOf, GapRange, GatewayEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import type { EventKind } from "../../src/core/event-kind.ts";
import { eventIdOf, toDeviceId, toGatewayId, toRunId, toSeq } from "../../src/core/ids.ts";
import { isUnreadable, readRecordedLine } from "../../src/past/recorded-line.ts";
import { ReplayPace } from "../../src/past/replay-pace.ts";
import { createReplayer } from "../../src/past/replayed-event.ts";
import { transitionOf } from "../alerts/given-alerts.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { origin, reading, startMs } from "../support/gateway-stream.ts";

const encode = createEventEncoder(origin);
const dayMs = 86_400_000;

function recorded(event: GatewayEvent) {
  const read = readRecordedLine(
    encode(event, eventIdOf(origin.gateway, toRunId("abcd1234"), toSeq(7))),
  );
  if (isUnreadable(read)) throw new Error(read.unreadable);
  return read;
}

function own<K extends EventKind>(kind: K, data: EventBodies[K]): EventOf<K> {
  return { kind, device: null, timeMs: startMs, receivedMs: startMs, clock: "gateway", data };
}

describe("A replay", () => {
  it("keeps the bytes of what it does not change", () => {
    const one = recorded(reading("freezer-1", -18, 0));
    expect(createReplayer(undefined, 0)(one)?.text).toBe(one.text);
    expect(createReplayer(origin.gateway, 0)(one)?.text).toBe(one.text);
  });

  it("speaks in another gateway's name, with the same numbers and times", () => {
    const one = recorded({ ...reading("freezer-1", -18, 0), deviceTimeMs: startMs - 5 });
    const { text = "" } = createReplayer(toGatewayId("copy/1"), 0)(one) ?? {};
    const read = decodeEvent(text);
    if (isMalformed(read)) throw new Error(read.malformed);
    expect(read).toEqual({ ...one.event, origin: { ...origin, gateway: "copy/1" } });
  });

  it("moves every time, and gives a run that is moved a name that the move always gives", () => {
    const one = recorded({ ...reading("freezer-1", -18, 0), deviceTimeMs: startMs - 5 });
    const [first, again] = [createReplayer(undefined, dayMs), createReplayer(undefined, dayMs)];
    const moved = first(one);
    expect(moved?.event).toMatchObject({
      timeMs: startMs + dayMs,
      receivedMs: startMs + dayMs,
      deviceTimeMs: startMs + dayMs - 5,
      position: { seq: 7 },
    });
    const read = decodeEvent(moved?.text ?? "");
    expect(read).toEqual(moved?.event);
    const run = moved?.event.position.run;
    expect(run).toMatch(/^[0-9a-z]{8}$/);
    expect(run).not.toBe("abcd1234");
    expect(again(one)?.text).toBe(moved?.text);
    expect(createReplayer(undefined, dayMs + 1)(one)?.event.position.run).not.toBe(run);
  });

  it("moves the times and ids inside of events, too", () => {
    const play = createReplayer(toGatewayId("copy"), dayMs);
    const run = play(recorded(reading("a", 1, 0)))?.event.position.run;
    const mark = play(recorded(own("watermark", { t: startMs, heardMs: 5 })));
    expect(mark?.event.data).toEqual({ t: startMs + dayMs, heardMs: 5 });
    const [from, to] = [toSeq(1), toSeq(2)];
    const range: GapRange = {
      run: toRunId("abcd1234"),
      from,
      to,
      count: 2,
      class: "state",
      reason: "damaged",
    };
    const gap = play(recorded(own("gap", { ranges: [range] })));
    expect(gap?.event.data).toEqual({ ranges: [{ ...range, run }] });
    const decision: Decision = { decision: "discarded", rejections: ["gw1.abcd1234.3", "none"] };
    const decided = play(recorded(own("decision", decision)));
    expect(decided?.event.data).toMatchObject({ rejections: [`copy.${run}.3`, "none"] });
    const reply: CommandReply = { command: "c", name: "n", state: "queued", step: 1, final: false };
    const until = new Date(startMs).toISOString();
    const replied = play(
      recorded({ ...own("reply", { ...reply, validUntil: until }), device: toDeviceId("a") }),
    );
    expect(replied?.event.data).toMatchObject({
      validUntil: new Date(startMs + dayMs).toISOString(),
    });
  });

  it("leaves out alerts of gateways where it changes anything", () => {
    const alert = recorded(own("alert-transition", transitionOf("freezer-1", 0, 1)));
    expect(createReplayer(undefined, 1)(alert)).toBeUndefined();
    expect(createReplayer(undefined, 0)(alert)?.text).toBe(alert.text);
  });
});

it("A replay moves nothing beyond the end of time, whatever a file says", () => {
  const end = Date.UTC(9_000, 0, 1);
  const play = createReplayer(undefined, dayMs);
  const ahead = { ...reading("a", 1, 0), timeMs: end, deviceTimeMs: end - 1 };
  expect(play(recorded(ahead))).toBeUndefined();
  expect(play(recorded(own("watermark", { t: end })))).toBeUndefined();
  const reply = { command: "c", name: "n", state: "queued", step: 1, final: false } as const;
  const odd = play(recorded(own("reply", { ...reply, validUntil: "soon" })));
  expect(odd?.event.data).toMatchObject({ command: "c" });
});

describe("The pace of a replay", () => {
  const at = (receivedMs: number, clock: "gateway" | "unsynced" = "gateway") => ({
    receivedMs,
    clock,
  });

  it("is that of the receipts, as many times as fast", () => {
    const pace = new ReplayPace(10, 1_000);
    expect([at(startMs), at(startMs + 5_000)].map((one) => pace.dueMs(one))).toEqual([
      1_000, 1_500,
    ]);
    expect(new ReplayPace(Number.POSITIVE_INFINITY, 3).dueMs(at(startMs))).toBe(3);
  });

  it("is not held up by clocks that were set back or never set", () => {
    const pace = new ReplayPace(1, 0);
    const events = [at(0, "unsynced"), at(startMs), at(startMs - dayMs), at(9e15, "unsynced")];
    expect(events.map((one) => pace.dueMs(one))).toEqual([0, 0, 0, 0]);
    expect(pace.dueMs(at(startMs + 7))).toBe(7);
  });
});
