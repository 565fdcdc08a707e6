import { describe, expect, test } from "vitest";
import { eventIdOf, toGatewayId, toRunId, toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { hasPassed, lastReads } from "../../src/processor/passed-records.ts";
import type { GatewayPosition } from "../../src/stream/gateway-reader.ts";

/** A gateway whose runs were read up to these records, the oldest first. */
function readUpTo(...runs: readonly [run: string, seq: number][]) {
  const read = runs.map(([run, seq]) => ({ run: toRunId(run.repeat(8)), seq: toSeq(seq) }));
  const [newest = { run: toRunId(""), seq: toSeq(0) }] = read.slice(-1);
  const mark = { created: "", streamSeq: toStreamSeq(1), ...newest };
  const position: GatewayPosition = { mark, runs: read, holes: [] };
  return (stream: string) => (stream === "GW_gw=2E1" ? position : undefined);
}

const event = (run: string, seq: number) => `gw.1.${run.repeat(8)}.${seq}`;

test("an event has passed once its record, or a later one, was read", () => {
  const read = readUpTo(["a", 50], ["b", 90]);
  expect(hasPassed(event("b", 90), read)).toBe(true);
  expect(hasPassed(event("b", 91), read)).toBe(false);
  expect(hasPassed(event("a", 12), read)).toBe(true);
  // Of a run that was lost whole: numbers go on over runs.
  expect(hasPassed(event("x", 70), read)).toBe(true);
  expect(hasPassed(event("x", 95), read)).toBe(false);
});

test("the rest of a log has passed when the gateway began another on a new disk", () => {
  const read = readUpTo(["a", 900], ["b", 3]);
  expect(hasPassed(event("a", 950), read)).toBe(true);
  expect(hasPassed(event("b", 4), read)).toBe(false);
});

test("nothing has passed of a gateway that was never read", () => {
  expect(hasPassed("gw2.aaaaaaaa.1", readUpTo(["a", 5]))).toBe(false);
  expect(hasPassed("by hand", readUpTo(["a", 5]))).toBe(false);
});

describe("the last events read", () => {
  const read = {
    positionOf: readUpTo(["a", 900], ["b", 3]),
    gatewaysOf: () => ["gw.1", "gw2"].map(toGatewayId),
  };
  const siteWide = { labels: { site: "plant-a" } };
  const found = eventIdOf(toGatewayId("gw2"), toRunId("cccccccc"), toSeq(7));

  test("of a gateway name its newest run", () => {
    expect(lastReads({ labels: { gateway: "gw.1" } }, read)).toEqual([event("b", 3)]);
    expect(lastReads({ labels: { gateway: "gw2" } }, read)).toEqual([]);
  });

  test("are the one that an alert of a gateway was found in", () => {
    expect(lastReads({ labels: { gateway: "gw2" } }, read, found)).toEqual([found]);
  });

  test("of a site are those of each of its gateways, the one it was found in first", () => {
    expect(lastReads(siteWide, read, found)).toEqual([found, event("b", 3)]);
    // Of the other one nothing was read.
    expect(lastReads(siteWide, read)).toEqual([event("b", 3)]);
  });

  test("are none for an alert that is found in no event", () => {
    expect(lastReads(siteWide, { ...read, gatewaysOf: () => [] })).toEqual([]);
  });
});
