import { describe, expect, it, test } from "vitest";
import { eventIdOf, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { traceHeaders } from "../../src/forward/trace-headers.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import { reading } from "../support/gateway-stream.ts";

const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const encode = createEventEncoder({ site: toSiteId("plant-a"), gateway: toGatewayId("gw1") });
const id = eventIdOf(toGatewayId("gw1"), toRunId("abcd1234"), toSeq(1));

const of = (extensions: Record<string, string>): string =>
  Buffer.from(
    traceHeaders(Buffer.from(encode({ ...reading("f", 1, 0), extensions }, id))),
  ).toString();

test("the trace of an event is found in its bytes", () => {
  expect(of({ traceparent: parent })).toBe(`\r\ntraceparent: ${parent}`);
  expect(of({ traceparent: parent, tracestate: "a=1,b=2" })).toBe(
    `\r\ntraceparent: ${parent}\r\ntracestate: a=1,b=2`,
  );
  expect(of({ retained: "x" })).toBe("");
});

describe("no event writes a header of its own making", () => {
  it.each([
    `${parent}\r\nx: y`,
    "00-1\r\n",
    parent.toUpperCase(),
    `${parent} `,
    "x".repeat(55),
    `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331\r\n`,
  ])("%j", (traceparent) => {
    expect(of({ traceparent })).toBe("");
  });

  it.each(["a=1\r\nx: y", 'a="1"', "a=\u00e9", "x".repeat(600), "a=\\"])("%j", (tracestate) => {
    expect(of({ traceparent: parent, tracestate })).toBe(`\r\ntraceparent: ${parent}`);
  });
});

test("bytes that are no event have none", () => {
  for (const text of ["", "{}", ',"traceparent":"', `,"traceparent":"${parent}`])
    expect(traceHeaders(Buffer.from(text))).toHaveLength(0);
});
