import { expect, test } from "vitest";
import { givenReader, outcomeOf } from "./given.ts";

const metrics = [{ name: "temperature", path: "*.T", probe: ["Id", "Address"] }];
const read = givenReader({ metrics });

test("a probe that says who it is has the same name whatever else answers", () => {
  const both = { "DS-1": { Id: "A1", T: 61.2 }, "DS-2": { Id: "A2", T: 38.9 } };
  expect(outcomeOf(read(both))).toEqual([
    ["temperature_A1", 61.2],
    ["temperature_A2", 38.9],
  ]);
  expect(outcomeOf(read({ DS: { Id: "A2", T: 38.8 } }))).toEqual([["temperature_A2", 38.8]]);
  expect(outcomeOf(read({ DS: { Address: 17, T: 38.8 } }))).toEqual([["temperature_17", 38.8]]);
});

test("one without identity has the plain name where it is the only such one", () => {
  expect(outcomeOf(read({ AM: { T: 20 }, DS: { Id: "A2", T: 38.8 } }))).toEqual([
    ["temperature", 20],
    ["temperature_A2", 38.8],
  ]);
  expect(outcomeOf(read({ AM: { T: 20 }, SHT: { T: 21 } }))).toEqual([
    ["temperature_AM", 20],
    ["temperature_SHT", 21],
  ]);
});

test("two probes of one identity are told apart by their keys", () => {
  expect(outcomeOf(read({ a: { Id: "A1", T: 1 }, b: { Id: "A1", T: 2 } }))).toEqual([
    ["temperature_A1", 1],
    ["temperature_b", 2],
  ]);
});

test("the configuration names probes by their identity, or by the key of one that has none", () => {
  const named = givenReader({ metrics }, { probes: { A1: "supply", A2: "", SHT: "room" } });
  const payload = { x: { Id: "A1", T: 1 }, y: { Id: "A2", T: 2 }, SHT: { T: 3 }, AM: { T: 4 } };
  expect(outcomeOf(named(payload))).toEqual([
    ["temperature_supply", 1],
    ["temperature", 2],
    ["temperature_room", 3],
    ["temperature_AM", 4],
  ]);
});
