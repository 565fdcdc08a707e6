import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventOf, GatewayEvent } from "../../src/core/event.ts";
import { decodeEvent, formatTime, isMalformed } from "../../src/core/event-codec.ts";
import { mostExtensionCharacters, mostExtensions } from "../../src/core/extensions.ts";
import {
  eventIdOf,
  toDeviceId,
  toGatewayId,
  toRunId,
  toSeq,
  toSiteId,
} from "../../src/core/ids.ts";
import type { Measurement } from "../../src/core/measurement.ts";
import { createEventEncoder } from "../support/event-encoder.ts";

const origin = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
const encode = createEventEncoder(origin);
const position = { run: toRunId("k3f9q2aa"), seq: toSeq(1234) };
const id = eventIdOf(origin.gateway, position.run, position.seq);

const warm: EventOf<"measurement"> = {
  kind: "measurement",
  device: toDeviceId("freezer-07"),
  timeMs: Date.UTC(2026, 10, 21, 14, 2, 10),
  receivedMs: Date.UTC(2026, 10, 21, 14, 2, 10, 180),
  clock: "device",
  profile: "acme/fz-200@3",
  data: [
    { name: "temperature", unit: "Cel", value: -11.4, quality: "good" },
    { name: "door", value: false, quality: "good" },
    { name: "state", value: 'an "odd" one', quality: "bad" },
  ],
};

describe("createEventEncoder()", () => {
  it("writes a CloudEvent with a SenML pack inside", () => {
    expect(JSON.parse(encode(warm, id))).toEqual({
      specversion: "1.0",
      id: "gw1.k3f9q2aa.1234",
      source: "/plant-a/gw1/freezer-07",
      type: "io.sluicegate.measurement.v1",
      subject: "freezer-07",
      time: "2026-11-21T14:02:10.000Z",
      datacontenttype: "application/senml+json",
      received: "2026-11-21T14:02:10.180Z",
      clock: "device",
      profile: "acme/fz-200@3",
      data: [
        { n: "temperature", u: "Cel", v: -11.4 },
        { n: "door", vb: false },
        { n: "state", vs: 'an "odd" one', q: "bad" },
      ],
    });
  });

  it("is read back as it was, for any names and values", () => {
    const value = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.string(),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.array(value),
        (device, values) => {
          const event: GatewayEvent = {
            ...warm,
            device: toDeviceId(device),
            data: values.map(
              (v, index): Measurement => ({
                name: `m${index}`,
                value: Object.is(v, -0) ? 0 : v,
                quality: "good",
              }),
            ),
          };
          expect(decodeEvent(encode(event, id))).toEqual({ ...event, origin, position });
        },
      ),
    );
  });

  it("carries the gateway's own events without a subject", () => {
    const event: GatewayEvent = {
      ...warm,
      kind: "watermark",
      device: null,
      clock: "gateway",
      data: { t: 5, reset: true },
    };
    expect(JSON.parse(encode(event, id))).toMatchObject({
      source: "/plant-a/gw1",
      data: { t: 5, reset: true },
    });
    expect(decodeEvent(encode(event, id))).toMatchObject({
      device: null,
      data: { t: 5, reset: true },
    });
  });
});

describe("extension attributes", () => {
  const extensions = { retained: true, traceparent: '00-"1"-01', unread: -3 };
  const read = (attributes: object) => {
    const event = decodeEvent(JSON.stringify({ ...JSON.parse(encode(warm, id)), ...attributes }));
    return isMalformed(event) ? event : event.extensions;
  };

  it("stand behind those that every event has, and are read back", () => {
    const text = encode({ ...warm, extensions }, id);
    expect(text).toContain('"profile":"acme/fz-200@3","retained":true,"traceparent":');
    expect(decodeEvent(text)).toEqual({ ...warm, extensions, origin, position });
    expect(read({})).toBeUndefined();
  });

  it("never take the place of what the event is", () => {
    const event = { ...warm, extensions: { id: "x", data: "y", "no name": 1, half: 0.5, n: 1 } };
    expect(decodeEvent(encode(event, id))).toEqual({
      ...warm,
      extensions: { n: 1 },
      origin,
      position,
    });
  });

  it("of strangers are read as far as they are ones, and take a bounded room", () => {
    expect(
      read({ comexamplea: "x", list: [1], dot: { a: 1 }, UPPER: 1, big: 2 ** 31, nil: null }),
    ).toEqual({ comexamplea: "x" });
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`a${n}`, n]));
    expect(Object.keys(read(many) ?? {})).toHaveLength(mostExtensions);
    const long = { short: "x", long: "x".repeat(mostExtensionCharacters) };
    expect(read(long)).toEqual({ short: "x" });
    expect(read(JSON.parse('{"__proto__":1,"constructor":"c"}'))).toEqual({ constructor: "c" });
    expect(read({ least: -(2 ** 31), less: -(2 ** 31) - 1 })).toEqual({ least: -(2 ** 31) });
  });

  it("of strangers do not crowd out the mark of a message that was kept", () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`a${n}`, n]));
    expect(read({ ...many, retained: true })).toMatchObject({ retained: true });
    expect(read({ ...many, stale: true })).toMatchObject({ stale: true });
    const long = "x".repeat(mostExtensionCharacters);
    expect(read({ long, n: 1, retained: true })).toEqual({ n: 1, retained: true });
  });
});

describe("formatTime()", () => {
  it("says any moment as ISO 8601 does, whichever was asked before", () => {
    const nearMs = fc.integer({ min: -2_000, max: 2_000 });
    const anyMs = fc.double({ min: -1e14, max: 1e14, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.oneof(nearMs, anyMs)), (moments) => {
        for (const timeMs of moments)
          expect(formatTime(timeMs)).toBe(new Date(timeMs).toISOString());
      }),
    );
  });
});

describe("decodeEvent()", () => {
  const good = encode(warm, id);
  it.each([
    ["not JSON", "{"],
    ["a list", "[]"],
    ["a foreign id", good.replace("gw1.k3f9q2aa.1234", "4711")],
    ["the id of another gateway", good.replace("gw1.k3f9q2aa", "gw2.k3f9q2aa")],
    ["another device", good.replace('"subject":"', '"subject":"not-')],
    ["an unknown type", good.replace("measurement.v1", "nonsense.v1")],
    ["no time", good.replace('"time"', '"tome"')],
    ["a pack that is none", good.replace('"v":-11.4', '"v":null')],
    ["a number that none is", good.replace('"v":-11.4', '"v":1e999')],
    ["a seq that is no number of its own", good.replace("aa.1234", "aa.9007199254740993")],
    ["a source without end", good.replace('"source":"', `"source":"/${"a".repeat(5_000)}`)],
    ["a name without end", good.replace('"n":"', `"n":"${"x".repeat(2_000)}`)],
    ["a unit without end", good.replace('"u":"', `"u":"${"x".repeat(300)}`)],
    ["a time that is a number of months", good.replace(/"time":"[^"]*"/, '"time":"5"')],
    ["a time that has no four digits", good.replace(/"received":"/, '"received":"+27')],
    ["a time at the end of the calendar", good.replace(/"time":"..../, '"time":"9999')],
  ])("says what is wrong with %s", (_, text) => {
    expect(isMalformed(decodeEvent(text))).toBe(true);
  });

  const record = {
    device: warm.device,
    profile: "a/b@1",
    tags: {},
    attrs: {},
    metrics: [{ name: "x" }],
  };
  const range = { run: "k3f9q2aa", from: 1, to: 2, count: 2, class: "state", reason: "damaged" };
  it.each([
    ["gap", { ranges: [range] }, [{}, { ranges: [{}] }, { ranges: [{ ...range, to: "2" }] }]],
    ["watermark", { t: 5 }, [{}, { t: "5" }, { t: 1e300 }, { t: 8.64e15 }]],
    ["device", record, [{}, { ...record, tags: { a: 1 } }, { ...record, device: "f1" }]],
    ["status", { state: "online", cause: "connect" }, [[], null]],
  ])("takes a %s with what it is read for, and no other", (kind, fits, others) => {
    const text = (body: unknown) =>
      JSON.stringify({
        ...JSON.parse(good),
        type: `io.sluicegate.${kind}.v1`,
        data: body,
      });
    expect(decodeEvent(text(fits))).toMatchObject({ kind, data: fits });
    for (const other of others) expect(isMalformed(decodeEvent(text(other)))).toBe(true);
  });
});
