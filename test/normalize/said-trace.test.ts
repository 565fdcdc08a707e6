import { describe, expect, it, test } from "vitest";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { Findings } from "../../src/normalize/walk/findings.ts";
import { givenCatalog, givenMessage, givenNormalizer, givenProfile } from "./given.ts";

const limits = { maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 4_096 };
const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const other = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-00";
const generic = givenProfile({
  profile: "sluicegate/generic",
  match: undefined,
  metrics: [{ name: "{key}", path: "**", type: "any" }],
});

function given(differs: object = {}) {
  const unread = new Findings();
  const catalog = givenCatalog({ profiles: [givenProfile(differs), generic], generic: true });
  const normalize = givenNormalizer({ catalog, ...limits, unread });
  const read = (payload: object | string, user?: readonly (readonly [string, string])[]) =>
    normalize(
      givenMessage("plant/p1/data", payload, user && { attributes: { properties: { user } } }),
      true,
    );
  return { read, normalize, unread };
}

test("the trace of a message is that of its property, else of a field of the outermost object", () => {
  const { read, unread } = given();
  expect(read({ t: 1, traceparent: parent, tracestate: "a=1" }).event.extensions).toEqual({
    traceparent: parent,
    tracestate: "a=1",
  });
  const user = [
    ["traceparent", other],
    ["tracestate", "b=1"],
    ["tracestate", "c=2"],
  ] as const;
  expect(read({ t: 1, traceparent: parent, tracestate: "a=1" }, user).event.extensions).toEqual({
    traceparent: other,
    tracestate: "b=1,c=2",
  });
  expect(unread.list()).toEqual([]);
});

test("what is no trace is left out, and the event says so", () => {
  const { read } = given();
  const left = "traceparent is none by W3C Trace Context, and was left out";
  expect(read({ t: 1, traceparent: "00-1" }).event.extensions).toEqual({ misfits: left });
  const twice = [
    ["traceparent", parent],
    ["traceparent", other],
  ] as const;
  expect(read({ t: 1 }, twice).event.extensions).toEqual({ misfits: left });
  expect(read({ t: 1, traceparent: parent }, twice).event.extensions).toEqual({
    traceparent: parent,
    misfits: left,
  });
  expect(read({ t: 1, traceparent: parent, tracestate: "A=1" }).event.extensions).toEqual({
    traceparent: parent,
    misfits: "tracestate is none by W3C Trace Context, and was left out",
  });
  expect(read({ t: 1, tracestate: "a=1" }).event.extensions).toEqual({
    misfits: "tracestate came without traceparent, and was left out",
  });
  const bad = read({ t: "warm", traceparent: "x" }).event;
  expect(bad.kind).toBe("rejection");
});

describe("a field of that name", () => {
  it("is no metric, also where wildcards take what is there", () => {
    const { normalize } = given();
    const payload = { t: 1, traceparent: parent };
    const { event } = normalize(givenMessage("nobody/knows", payload), true);
    expect(event).toMatchObject({
      data: [{ name: "t" }],
      extensions: { traceparent: parent },
    });
    const { read } = given({ metrics: [{ name: "v", path: "*", type: "any" }] });
    expect(read({ t: 1, traceparent: parent }).event.data).toMatchObject([{ name: "v" }]);
  });

  it("is one where the profile names it, and is a trace all the same", () => {
    const { read } = given({
      metrics: [
        { name: "t", path: "t" },
        { name: "trace", path: "traceparent", type: "text" },
      ],
    });
    expect(read({ t: 1, traceparent: parent }).event).toMatchObject({
      data: [{ name: "t" }, { name: "trace", value: parent }],
      extensions: { traceparent: parent },
    });
  });

  it("is what it always was where it is no text, or stands deeper", () => {
    const { read, unread } = given();
    read({ t: 1, traceparent: 5, meta: { traceparent: parent } });
    expect(unread.list().map(({ place }) => place)).toEqual(["traceparent", "meta.traceparent"]);
  });
});

test("a member has its own trace, else that of the message around it", () => {
  const catalog = givenCatalog({
    profiles: [
      givenProfile({
        each: { path: "list", key: "device" },
        device: undefined,
        metrics: [{ name: "t", path: "t" }],
        examples: [
          {
            topic: "plant/p1/data",
            payload: { list: { a: { t: 1 } } },
            expect: { device: "acme-a", metrics: { t: 1 } },
          },
        ],
      }),
    ],
  });
  const unread = new Findings();
  const normalize = createNormalizer({ catalog, ...limits, unread });
  const payload = {
    traceparent: parent,
    list: { a: { t: 1 }, b: { t: 2, traceparent: other } },
  };
  const found = normalize(givenMessage("plant/p1/data", payload), true);
  if (found.passedOver !== undefined) throw new Error("nothing was stored");
  const events = [found, ...(found.more ?? [])].map(({ event }) => event.extensions);
  expect(events).toEqual([{ traceparent: parent }, { traceparent: other }]);
  expect(unread.list()).toEqual([]);
});
