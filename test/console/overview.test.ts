import { describe, expect, it } from "vitest";
import type { AlertRow } from "../../src/api/shapes/alert.ts";
import type { DeviceRow } from "../../src/api/shapes/device.ts";
import type { LinkWord, StatusRow } from "../../src/api/shapes/status.ts";
import { newlyLoud, sayAlerts } from "../../src/console/frame/new-alerts.ts";
import { titleText } from "../../src/console/frame/page-title.ts";
import { attentionItems } from "../../src/console/screens/overview/attention.ts";
import { averaged } from "../../src/console/screens/overview/flow-samples.ts";
import { signInTrouble } from "../../src/console/screens/sign-in/sign-in-trouble.ts";

function alert(instance: string, more: Partial<AlertRow> = {}): [string, AlertRow] {
  const row: AlertRow = {
    ...{ instance, site: "plant-a", gateway: "gw1", device: "freezer-07", deviceKey: null },
    ...{ rule: "FreezerWarm", severity: "critical", state: "unacknowledged", isFiring: true },
    ...{ summary: "it is warm", value: "-11.4 °C", limit: "> -15 °C", labels: {} },
    ...{ startedMs: 1, firedMs: 1, endedMs: null, learnedMs: 1 },
    ...{ isLate: false, isStale: false, ackRequired: true, isFlapping: false },
    ...{ acked: null, shelf: null, outOfService: null, suppressedBy: null, judgedAt: "hub" },
    ...more,
  };
  return [instance, row];
}

function device(name: string, state: DeviceRow["state"]): [string, DeviceRow] {
  const key = `plant-a.gw1.${name}`;
  const row: DeviceRow = {
    ...{ key, site: "plant-a", gateway: "gw1", device: name, state, profile: null, family: null },
    ...{
      configured: true,
      intervalMs: null,
      everyMs: null,
      lastMs: 5,
      changedMs: null,
      link: null,
    },
    ...{ values: [], alerts: { critical: 0, warning: 0, info: 0 } },
    ...{ events: 0, rejected: 0, repeats: 0 },
  };
  return [key, row];
}

const calm: StatusRow = {
  ...{ atMs: 0, version: "1", site: "plant-a", roles: [], gateway: null, hub: null, devices: {} },
  alerts: { critical: 0, warning: 0, info: 0, unacknowledged: 0 },
  historian: null,
  commands: { open: 0, waiting: 0 },
  deadLetters: { messages: 0, groups: 0 },
};

describe("what needs attention", () => {
  it("is nothing where all is as it should be", () => {
    expect(attentionItems(calm, new Map(), new Map([device("a", "ok")]))).toEqual([]);
  });

  it("has the line to the backbone while that is away, and not while it catches up", () => {
    const link = { sinceMs: 3, reason: "refused", servers: [], server: null };
    const flow = { inPerS: 0, outPerS: 0, windowMs: 1, received: 0, rejected: 0, late: 0 };
    const withLink = (word: LinkWord): StatusRow => ({
      ...calm,
      gateway: {
        ...{ gateway: "gw1", uptimeMs: 1, sources: [] },
        link: { ...link, word, nextTryMs: null, lastAckMs: null },
        buffer: {
          events: 0,
          bytes: 0,
          maxBytes: 1,
          oldestMs: null,
          fullInMs: null,
          goneInMs: null,
        },
        flow: { ...flow, repeats: 0, passedOver: 0, dropped: 0, droppedBefore: 0 },
      },
    });
    const words = (word: LinkWord) =>
      attentionItems(withLink(word), new Map(), new Map()).map((item) => [item.word, item.text]);
    expect(words("buffering")).toEqual([["buffering", "refused"]]);
    expect(words("blocked")).toEqual([["blocked", "refused"]]);
    expect([...words("linked"), ...words("draining"), ...words("connecting")]).toEqual([]);
  });

  it("has alerts first, the worst before the others, then devices, then dead letters", () => {
    const alerts = new Map([
      alert("1", { severity: "warning", rule: "MotorHot" }),
      alert("2"),
      alert("3", { state: "shelved" }),
      alert("4", { isFiring: false }),
    ]);
    const devices = new Map([device("a", "ok"), device("b", "silent"), device("c", "never")]);
    const status = { ...calm, deadLetters: { messages: 14, groups: 1 } };
    const items = attentionItems(status, alerts, devices);
    expect(items.map(({ what, word }) => `${word} ${what}`)).toEqual([
      "critical FreezerWarm",
      "warning MotorHot",
      "silent b",
      "never seen c",
      "dead letters 14",
    ]);
    expect(items[0]).toMatchObject({
      text: "freezer-07 · -11.4 °C, limit > -15 °C",
      href: "/alerts/2",
      toAck: { instance: "2" },
    });
  });

  it("is said once of a device that has an alert", () => {
    const [key, row] = device("b", "silent");
    const said = { deviceKey: key, device: "b", value: null, limit: null, summary: "b is silent" };
    const items = attentionItems(calm, new Map([alert("1", said)]), new Map([[key, row]]));
    expect(items.map(({ text }) => text)).toEqual(["b is silent"]);
  });

  it("are gateways that are away, with what to do", () => {
    const hub = { connected: true, sinceMs: 0, server: "hub:4222", reason: null };
    const items = (gatewaysAway: number) =>
      attentionItems({ ...calm, hub: { ...hub, gateways: 3, gatewaysAway } }, new Map(), new Map());
    expect(items(0)).toEqual([]);
    expect(items(1)).toMatchObject([
      { word: "away", what: "1 of 3 gateways", tone: "warning", href: "/system" },
    ]);
  });

  it("is not asked to be acknowledged twice", () => {
    const acked = { by: "ana", atMs: 1, reason: null };
    const [item] = attentionItems(calm, new Map([alert("1", { acked })]), new Map());
    expect(item?.toAck).toBeUndefined();
  });
});

describe("new alerts", () => {
  it("are those that fire and fired not before, unless somebody keeps them quiet", () => {
    const rows = new Map([alert("1"), alert("2"), alert("3", { state: "suppressed" })]);
    expect(newlyLoud(new Set(["1"]), rows).map(({ instance }) => instance)).toEqual(["2"]);
  });

  it("are said by name where it is one, and by number where there are many", () => {
    const [, one] = alert("1");
    const [, two] = alert("2", { severity: "warning" });
    expect(sayAlerts([one])).toBe("New critical alert: FreezerWarm, freezer-07");
    expect(sayAlerts([one, two])).toBe("2 new alerts: 1 critical, 1 warning");
  });

  it("are in the title of the page", () => {
    expect(titleText(3, "Devices", "plant-a")).toBe("● 3 alerts · Devices · plant-a");
    expect(titleText(0, "Devices", "plant-a")).toBe("Devices · plant-a");
  });
});

describe("what flowed", () => {
  it("is averaged over stretches, and a stretch without values is a gap", () => {
    const columns = averaged(
      {
        stepMs: 1_000,
        atMs: [0, 1_000, 2_000, 3_000, 4_000],
        inPerS: [1, 3, null, null, 9],
        outPerS: [0, 0, 0, 2, 9],
        backlog: [0, 0, 0, 0, 9],
        outages: [],
      },
      2_000 * 300,
    );
    expect(columns).toEqual({
      atMs: [1_000, 3_000],
      inPerS: [2, null],
      outPerS: [0, 1],
      backlog: [0, 0],
    });
  });
});

describe("who is not let in", () => {
  it("is told why, and what to do, in sentences", () => {
    const refused = { status: 401, code: "sign-in.refused", title: "no" };
    expect(signInTrouble(refused).title).toBe("Name or password is wrong.");
    const link = { title: "this link was used", advice: "sluicegate console prints a new one" };
    expect(signInTrouble({ status: 401, code: "sign-in.link-used", ...link })).toEqual({
      title: "This link was used.",
      advice: "sluicegate console prints a new one.",
    });
    const locked = { title: "there were too many wrong tries", advice: "try again in 15 min" };
    expect(signInTrouble({ status: 429, code: "sign-in.locked", ...locked })).toEqual({
      title: "There were too many wrong tries.",
      advice: "Try again in 15 min.",
    });
  });
});
