import { describe, expect, test } from "vitest";
import { notifyOptions } from "../../src/notify/options.ts";
import { RouteTable } from "../../src/notify/route-table.ts";
import { groupOf } from "../../src/notify/telling-plan.ts";
import { transition } from "../support/notifying.ts";

const log = { kind: "log" };
const receivers = { pager: log, mail: log, boss: log, record: log };

function tableOf(notify: object): RouteTable {
  return new RouteTable(notifyOptions.parse({ receivers, ...notify }));
}

/** Who is told of an alert with these labels. */
function toldOf(table: RouteTable, labels: Record<string, string>, changes: object = {}): string[] {
  const alert = transition("f1", 1, 1, { labels: { site: "plant-a", ...labels }, ...changes });
  return Object.keys(receivers).filter((name) => table.planFor(name, alert));
}

describe("routes", () => {
  test("tell all receivers, or those of default, where there are none", () => {
    expect(toldOf(tableOf({}), {})).toEqual(["pager", "mail", "boss", "record"]);
    expect(toldOf(tableOf({ default: ["mail"] }), {})).toEqual(["mail"]);
    const alert = transition("f1", 1, 1);
    expect(tableOf({}).planFor("mail", alert)).toMatchObject({ groupBy: undefined, late: "all" });
  });

  test("let the first that matches decide, by labels, patterns and lists", () => {
    const table = tableOf({
      default: ["record"],
      routes: [
        { match: { severity: "critical" }, receivers: ["pager"] },
        { match: { team: ["cold", "facil*"] }, receivers: ["mail"] },
        {
          match: { alertname: "Freezer*", group: "cold_chain", site: "north" },
          receivers: ["boss"],
        },
      ],
    });
    expect(toldOf(table, { team: "cold" }, { severity: "critical" })).toEqual(["pager"]);
    expect(toldOf(table, { team: "facilities" })).toEqual(["mail"]);
    expect(toldOf(table, { site: "north" })).toEqual(["boss"]);
    expect(toldOf(table, { team: "else" })).toEqual(["record"]);
  });

  test("go on behind one that says so", () => {
    const table = tableOf({
      default: ["record"],
      routes: [
        { match: { severity: "warning" }, receivers: ["pager"], continue: true },
        { match: { site: "plant-a" }, receivers: ["mail"] },
        { receivers: ["boss"] },
      ],
    });
    expect(toldOf(table, {})).toEqual(["pager", "mail"]);
  });

  test("ask those within a route first, which take from it what they do not say", () => {
    const table = tableOf({
      default: ["record"],
      group_by: ["site"],
      group_wait: "30s",
      routes: [
        {
          match: { team: "cold" },
          receivers: ["mail"],
          group_interval: "5m",
          continue: true,
          routes: [
            { match: { severity: "critical" }, receivers: ["pager"], group_wait: "0s" },
            { match: { severity: ["critical", "warning"] }, repeat_interval: "1h" },
          ],
        },
      ],
    });
    const cold = { labels: { site: "plant-a", team: "cold" } };
    const critical = transition("f1", 1, 1, { ...cold, severity: "critical" });
    expect(table.planFor("mail", critical)).toBeUndefined();
    expect(table.planFor("pager", critical)).toMatchObject({
      groupBy: ["site"],
      groupWaitMs: 0,
      groupIntervalMs: 300_000,
      repeatMs: undefined,
      late: "digest",
    });
    expect(table.planFor("mail", transition("f1", 1, 1, cold))).toMatchObject({
      groupWaitMs: 30_000,
      repeatMs: 3_600_000,
    });
    const info = transition("f1", 1, 1, { ...cold, severity: "info" });
    expect(table.planFor("mail", info)).toMatchObject({ repeatMs: undefined });
  });

  test("let the receivers that a rule names go before them", () => {
    const table = tableOf({ routes: [{ receivers: ["pager"] }] });
    expect(toldOf(table, {}, { handling: { notify: ["mail", "gone"] } })).toEqual(["mail"]);
    expect(toldOf(table, {}, { handling: { notify: ["gone"] } })).toEqual(["pager"]);
  });

  test("tell whom an escalation names only later, and at once who is told anyway", () => {
    const escalate = { after: "15m", receivers: ["boss", "pager"] };
    const table = tableOf({ routes: [{ receivers: ["pager"], escalate }] });
    const alert = transition("f1", 1, 1);
    expect(table.planFor("boss", alert)?.escalateAfterMs).toBe(900_000);
    expect(table.planFor("pager", alert)?.escalateAfterMs).toBeUndefined();
    expect(table.planFor("mail", alert)).toBeUndefined();
  });

  test("know until when nothing is told, by muted and by active times", () => {
    const noon = Date.parse("2026-11-28T12:00:00Z"); // a Saturday
    const table = tableOf({
      routes: [
        { match: { severity: "info" }, receivers: ["mail"], mute: [{ weekdays: ["sat..sun"] }] },
        { receivers: ["mail"], active: [{ hours: ["13:00-18:00"] }] },
      ],
    });
    const info = table.planFor("mail", transition("f1", 1, 1, { severity: "info" }));
    expect(info?.mutedUntilMs(noon)).toBe(Date.parse("2026-11-30T00:00:00Z"));
    expect(info?.mutedUntilMs(Date.parse("2026-11-30T12:00:00Z"))).toBeUndefined();
    const plan = table.planFor("mail", transition("f1", 1, 1));
    expect(plan?.mutedUntilMs(noon)).toBe(noon + 3_600_000);
    expect(plan?.mutedUntilMs(noon + 3_600_000)).toBeUndefined();
  });

  test("make groups of what is alike in the labels of group_by, each route its own", () => {
    const table = tableOf({
      group_by: ["alertname", "site", "line"],
      routes: [{ receivers: ["mail"] }],
    });
    const group = (name: string, labels: Record<string, string>) => {
      const alert = transition("f1", 1, 1, { labels });
      const plan = table.planFor(name, alert);
      return plan && groupOf(alert, plan);
    };
    expect(group("mail", { site: "a", device: "1" })).toEqual(
      group("mail", { site: "a", device: "2" }),
    );
    expect(group("mail", { site: "a" })?.key).not.toBe(group("mail", { site: "b" })?.key);
    expect(group("mail", { site: "a" })?.labels).toEqual({
      alertname: "FreezerWarm",
      site: "a",
      line: "",
    });
  });
});

describe("the configuration of routes", () => {
  test("finds names of receivers that there are not, wherever they stand", () => {
    const { error } = notifyOptions.safeParse({
      receivers,
      default: ["pagr"],
      routes: [
        {
          receivers: ["mail"],
          escalate: { after: "5m", receivers: ["bos"] },
          routes: [{ receivers: ["nobody"] }],
        },
      ],
    });
    expect(error?.issues.map(({ path }) => path.join("."))).toEqual([
      "default.0",
      "routes.0.escalate.receivers.0",
      "routes.0.routes.0.receivers.0",
    ]);
  });

  test.each([
    [{ routes: [{ routes: [{ routes: [] }] }] }, "routes.0.routes.0"],
    [{ routes: [{ mute: [{ weekdays: ["saturday"] }] }] }, "routes.0.mute.0.weekdays.0"],
    [{ group_by: ["a-b"] }, "group_by.0"],
    [{ group_interval: "0s" }, "group_interval"],
  ])("refuses %j", (notify, path) => {
    const { error } = notifyOptions.safeParse({ receivers, ...notify });
    expect(error?.issues[0]?.path.join(".")).toBe(path);
  });
});
