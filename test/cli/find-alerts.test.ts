import { expect, test } from "vitest";
import { findAlerts } from "../../src/cli/find-alerts.ts";
import { transitionOf } from "../alerts/given-alerts.ts";

const heads = [
  { ...transitionOf("f1", 0, 1), instance: "00aa000000000001" },
  { ...transitionOf("f2", 0, 1), instance: "00bb000000000002" },
  { ...transitionOf("f1", 0, 1, { alert: "DoorOpen" }), instance: "00aa000000000003" },
];
const ofSite = {
  ...transitionOf("", 0, 1, { alert: "CoolingFailure" }),
  ...{ instance: "00cc000000000004", labels: { site: "plant-a", metric: "temperature" } },
};
const find = (alert: string, device?: string, site?: string) =>
  findAlerts([...heads, ofSite], { alert, device, ...(site !== undefined && { site }) }).map(
    ({ instance }) => instance,
  );

test("an alert is meant by its id, the beginning of it, its rule with or without the group, and its device", () => {
  expect(find("00aa000000000001")).toEqual(["00aa000000000001"]);
  expect(find("00AA")).toEqual(["00aa000000000001", "00aa000000000003"]);
  expect(find("cold/FreezerWarm")).toEqual(["00aa000000000001", "00bb000000000002"]);
  expect(find("FreezerWarm", "f2")).toEqual(["00bb000000000002"]);
  expect(find("CoolingFailure", "plant-a")).toEqual(["00cc000000000004"]);
  expect(find("DoorOpen", undefined, "plant-*")).toEqual(["00aa000000000003"]);
});

test("who misspells a name is told which was meant", () => {
  expect(() => find("00a")).toThrow(/no alert is called 00a/);
  expect(() => find("FreezerWram")).toThrow(/did you mean FreezerWarm\?/);
  expect(() => find("FreezerWarm", "f3")).toThrow(/has not fired for f3; did you mean f1\?/);
  expect(() => find("FreezerWarm", "pump")).toThrow(/it has for f1, f2/);
  expect(() => find("DoorOpen", undefined, "plant-b")).toThrow(/alerts ls --all/);
});
