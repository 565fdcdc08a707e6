import { expect, test } from "vitest";
import { parseLiveFilter } from "../../../src/app/web/live/live-filter.ts";

const event = {
  kind: "measurement",
  topic: "acme/f7/state",
  data: [
    { name: "temperature", value: -11.4, unit: "Cel", quality: "good" },
    { name: "door", value: true, quality: "uncertain" },
  ],
};

function shows(filter: string, device: string | null = "freezer-07", facts: object = event) {
  const made = parseLiveFilter(filter);
  return "fault" in made ? made.fault : made.wants(device, { ...facts });
}

test.each([
  "",
  "device:freezer-*",
  "device:freezer-* metric:temperature > -15",
  "temperature>-15",
  "temperature > -15 temperature <= -11.4",
  "door = true",
  "door != false",
  "quality:uncertain",
  "topic:acme/+/state",
  "-device:oven-*",
  "kind:measurement F7",
  "temper",
])("shows what fits: %s", (filter) => {
  expect(shows(filter)).toBe(true);
});

test.each([
  "device:oven-*",
  "metric:temperature > -11",
  "metric:pressure > 0",
  "door > 0",
  "-freezer",
  "kind:status",
  "topic:other/#",
  "quality:bad",
])("leaves out what does not: %s", (filter) => {
  expect(shows(filter)).toBe(false);
});

test.each([
  ["devise:freezer-*", "did you mean device"],
  ["temperature >", "a value is missing"],
  ["> 5", "stands between"],
  ["temperature > warm", "is no number"],
  ["device:x = 3", "only metrics are"],
  ["topic:a/#/b", "stands alone"],
  ["device:", "takes a pattern"],
  ["x".repeat(600), "characters at most"],
  ["x ".repeat(60), "words at most"],
])("says what is wrong: %s", (filter, fault) => {
  expect(shows(filter)).toContain(fault);
});

test.each([null, "freezer-07"])("takes events of any form, of %s", (device) => {
  for (const facts of [{}, { data: null }, { data: "x" }, { data: [null, 7, {}] }, { topic: 7 }])
    for (const filter of ["temperature > -15", "device:*", "topic:#", "x", "quality:good"])
      expect(shows(filter, device, facts)).toBeTypeOf("boolean");
});
