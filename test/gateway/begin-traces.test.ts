import { expect, test } from "vitest";
import { rootSpanIdOf } from "../../src/core/span.ts";
import { parseTraceParent } from "../../src/core/trace-context.ts";
import { beginTraces } from "../../src/gateway/begin-traces.ts";
import type { Normalized } from "../../src/normalize/normalized.ts";
import { givenMessage } from "../normalize/given.ts";
import { reading } from "../support/gateway-stream.ts";

const message = givenMessage("plant/p1/data", { t: 1 });
const theirs = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

function one(extensions?: Record<string, string>): Normalized {
  return { event: { ...reading("p1", 1, 0), extensions }, recordClass: "telemetry" };
}

function said(found: Normalized): (string | undefined)[] {
  if (found.passedOver !== undefined) return [];
  const { more = [] } = found;
  return [found, ...more].map(({ event }) => event.extensions?.["traceparent"]?.toString());
}

test("a trace is begun for each event of a share of the messages, and its first span is known by it", () => {
  const draws = [0.2, 0.5, 0, 0.999_999_999_99, 0.3, 0.9];
  const random = () => draws.shift() ?? 0.4;
  const found = one({ site: "b" });
  const both = { ...found, more: [one()] } as Normalized;
  const begin = beginTraces(() => both, 0.25, random);
  const [first = "", second = ""] = said(begin(message, true));
  for (const text of [first, second]) {
    const parent = parseTraceParent(text);
    expect(parent?.sampled).toBe(true);
    expect(parent?.parentId).toBe(rootSpanIdOf(parent?.traceId ?? ""));
  }
  expect(first).not.toBe(second);
  expect(said(begin(message, true))).toEqual([undefined, undefined]);
  expect(both).toEqual({ ...found, more: [one()] });
});

test("whoever has a trace keeps it, and what a broker had kept begins none", () => {
  const begin = beginTraces(() => one({ traceparent: theirs }), 1, Math.random);
  expect(said(begin(message, true))).toEqual([theirs]);
  const kept = givenMessage("plant/p1/data", { t: 1 }, { attributes: { retained: true } });
  expect(said(beginTraces(() => one(), 1, Math.random)(kept, true))).toEqual([undefined]);
  expect(
    said(beginTraces(() => ({ passedOver: "ignored" }), 1, Math.random)(message, true)),
  ).toEqual([]);
});
