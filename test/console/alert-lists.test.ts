import { describe, expect, it } from "vitest";
import { displayState } from "../../src/api/shapes/alert.ts";
import { groupAlerts, shortRule } from "../../src/console/screens/alerts/alert-groups.ts";
import {
  alertLists,
  asOver,
  countLists,
  isAckable,
  isInList,
  sortAlerts,
} from "../../src/console/screens/alerts/alert-lists.ts";
import { conditionWords, handlingWords } from "../../src/console/screens/alerts/alert-words.ts";
import { alertRow } from "./alert-row.ts";

const acked = { by: "ana", atMs: 3_000, reason: null };

describe("lists of alerts", () => {
  it("every state stands in exactly one list, beside the part of the active ones that nobody saw", () => {
    for (const state of displayState.options) {
      const lists = alertLists.filter(
        (list) => list !== "unacked" && isInList(list, alertRow("a", { state })),
      );
      expect(lists, state).toHaveLength(1);
    }
  });

  it("what was acknowledged stays active and leaves the unacknowledged ones", () => {
    const row = alertRow("a", { state: "acknowledged", acked });
    expect(isInList("active", row)).toBe(true);
    expect(isInList("unacked", row)).toBe(false);
  });

  it("what is told of no more is over: it does not fire, and asks for nobody", () => {
    const row = asOver(alertRow("a"));
    expect(conditionWords(row, 60_000)).toBe("not firing");
    expect(handlingWords(row, 60_000)).toBe("normal");
    expect(isAckable(row)).toBe(false);
  });

  it("counts each list", () => {
    const rows = [
      alertRow("a"),
      alertRow("b", { state: "acknowledged", acked }),
      alertRow("c", { state: "shelved" }),
      alertRow("d", { state: "returned-unacknowledged", isFiring: false }),
      alertRow("e", { state: "normal", isFiring: false }),
    ];
    expect(countLists(rows)).toEqual({
      ...{ active: 3, unacked: 2, shelved: 1, suppressed: 0, "out-of-service": 0, history: 1 },
    });
  });

  it("sorts by severity as people rank it, then by what began last, whatever order they come in", () => {
    const rows = [
      alertRow("a", { severity: "info", startedMs: 9 }),
      alertRow("b", { severity: "warning", startedMs: 5 }),
      alertRow("c", { severity: "critical", startedMs: 1 }),
      alertRow("d", { severity: "warning", startedMs: 7 }),
    ];
    const sorted = ["c", "d", "b", "a"];
    expect(sortAlerts(rows).map(({ instance }) => instance)).toEqual(sorted);
    expect(sortAlerts(rows.toReversed()).map(({ instance }) => instance)).toEqual(sorted);
  });
});

describe("groups of alerts", () => {
  const rows = [
    alertRow("a", { severity: "critical", site: "plant-b", device: "x" }),
    alertRow("b", { site: "plant-a", device: null, gateway: "gw2" }),
    alertRow("c", { site: "plant-b", rule: "plant-b/MotorHot", device: "x" }),
  ];

  it("stand in the order of their first rows, with counts by severity", () => {
    const groups = groupAlerts(rows, "site");
    expect(groups.map(({ name }) => name)).toEqual(["plant-b", "plant-a"]);
    expect(groups[0]).toMatchObject({ critical: 1, warning: 1, info: 0 });
    expect(groups[0]?.rows.map(({ instance }) => instance)).toEqual(["a", "c"]);
  });

  it("are named by the rule without its folder, and by what an alert is about where it has no device", () => {
    expect(groupAlerts(rows, "rule").map(({ name }) => name)).toEqual(["FreezerWarm", "MotorHot"]);
    expect(groupAlerts(rows, "device").map(({ name }) => name)).toEqual(["x", "gw2"]);
    expect(shortRule("Plain")).toBe("Plain");
  });

  it("without grouping all stand in one group, and no rows make no group", () => {
    expect(groupAlerts(rows, "none")).toHaveLength(1);
    expect(groupAlerts([], "site")).toEqual([]);
  });
});
