import { describe, expect, it } from "vitest";
import type { TopAlert } from "../../src/cli/top-alerts.ts";
import { type TopPage, topLines } from "../../src/cli/top-screen.ts";
import { firstView, pressed, type TopView } from "../../src/cli/top-view.ts";
import type { Glance } from "../../src/cli/top-watch.ts";
import { toRunId, toSeq } from "../../src/core/ids.ts";
import type { GatewayStatus } from "../../src/gateway/gateway-status.ts";
import { Painter } from "../../src/screen/painter.ts";
import { ShownScreen } from "../support/shown-screen.ts";

const nowMs = Date.UTC(2026, 10, 21, 14, 2, 11);
const look = { color: true, unicode: true };

const gateway: GatewayStatus = {
  schema: "sluicegate.status/1",
  ...{ site: "plant-a", gateway: "gw1", uptimeMs: 270_000, droppedBefore: 0, devices: 2 },
  link: {
    ...{ kind: "offline", word: "buffering", reason: "refused", since: nowMs - 720_000, sent: 9 },
    ...{ inFlight: 0, ratePerSecond: 0, server: undefined },
  },
  buffer: {
    ...{
      run: toRunId("r1"),
      firstSeq: toSeq(1),
      lastSeq: toSeq(17_280),
      durableSeq: toSeq(17_280),
    },
    ...{ confirmed: undefined, waitingRecords: 17_280, oldestWaitingMs: nowMs - 720_000 },
    ...{ sizeBytes: 4_299_161, maxBytes: 536_870_912, settledSeq: toSeq(0), segments: 1 },
    ...{ droppedRecords: 0, writable: true, trouble: undefined },
  },
  flow: {
    ...{ received: 17_280, rejected: 3, late: 1, repeats: 2, passedOver: 2 },
    rates: { windowMs: 10_000, receivedPerSecond: 24, storedPerSecond: 24, sentPerSecond: 0 },
  },
  outlook: { fullInMs: 88_800_000 },
  deviceStates: { ok: 1, silent: 1 },
  commands: { open: 2, waiting: 1, ended: {} },
  sources: [{ name: "mqtt", address: "127.0.0.1:1883", holding: false }],
};

const glance: Glance = {
  ...{ nowMs, roles: { gateway }, gateway, stale: undefined },
  devices: {
    total: 2,
    devices: [
      { device: "probe-12", state: "silent", lastMs: nowMs - 3_240_000, events: 7, rejected: 3 },
      {
        device: "冷凍庫-07",
        state: "ok",
        lastMs: nowMs - 2_000,
        everyMs: 500,
        events: 9,
        rejected: 0,
      },
    ],
  },
};

const alert: TopAlert = {
  ...{ severity: "critical", rule: "FreezerWarm", about: "冷凍庫-07", state: "unacknowledged" },
  ...{ sinceMs: nowMs - 60_000, judgedAt: "hub", device: "冷凍庫-07" },
};

function shownAt(columns: number, rows: number, page: Partial<TopPage> = {}): string[] {
  const size = { columns, rows };
  const screen = new ShownScreen(size);
  const whole = { glance, alerts: [alert], hubAnswers: true, view: firstView, look, ...page };
  screen.write(new Painter(look).frame(topLines(whole, size), size));
  return screen.rows;
}

describe("the screen of top", () => {
  it("says at 80 columns how the link, the buffer and the devices are, those with alerts first", () => {
    expect(shownAt(80, 24).filter((row) => row !== "")).toEqual([
      " sluicegate top   plant-a/gw1   up 4m30s                           14:02:11 UTC",
      "Link      Buffering for 12m   refused",
      "Buffer    17,280 events wait   4.1 MiB, 0.8 % of 512.0 MiB   oldest 12m old",
      "          full in about 1d",
      "Flow      in 24.0/s   out 0.0/s (10 s mean)   rejected 3   late 1   repeats 2",
      "          lost 0",
      "Commands  2 open, 1 waiting",
      "Sources   mqtt",
      "Alerts    1 critical",
      "  ▲ critical  FreezerWarm  冷凍庫-07  unacknowledged  1m  hub",
      "Devices   1 ok, 1 silent   worst first",
      "DEVICE     STATE   LAST   RATE  EVENTS  REJECTED  REPEATS  ALERTS      PROFILE",
      "冷凍庫-07  ok        2s  2.0/s       9         0        -  1 critical  -",
      "probe-12   silent   54m      -       7         3        -              -",
      "q ends   ? keys   / filter   w worst   n name   r rate   l last heard",
    ]);
  });

  it("keeps an alert and a device in few rows, and its keys at every size", () => {
    const few = shownAt(80, 12).join("\n");
    expect(few).toContain("FreezerWarm");
    expect(few).toContain("冷凍庫-07");
    for (const columns of [1, 10, 40, 200])
      for (const rows of [1, 2, 3, 5, 9, 60])
        expect(shownAt(columns, rows)[rows - 1]).toMatch(/^q|^…/);
  });

  it("says since when what stands there is old", () => {
    const stale = { sinceMs: nowMs - 12_000, reason: "its process is gone" };
    const rows = shownAt(80, 24, { glance: { ...glance, stale } });
    expect(rows[1]).toBe("STALE     since 14:01:59 (12s): what stands here is of then");
    expect(rows[2]).toContain("its process is gone");
    expect(rows.join("\n")).toContain("17,280 events wait");
  });

  it("shows the roles that answer where no gateway runs", () => {
    const roles = { version: "0.1.0", notifier: { receivers: [] } };
    const rows = shownAt(80, 24, { glance: { ...glance, gateway: undefined, roles } });
    expect(rows[1]).toBe("Gateway   none runs here; what answers: notifier");
    expect(rows.join("\n")).toContain("FreezerWarm");
  });
});

describe("keys of top", () => {
  const viewOf = (...keys: readonly string[]) =>
    keys.reduce<TopView | "end">(
      (view, key) => (view === "end" ? view : pressed(view, key, 10)),
      firstView,
    );

  it("order, filter and scroll", () => {
    expect(viewOf("x")).toMatchObject({ order: "rejected" });
    expect(viewOf("/", ..."motor", "backspace", "enter")).toMatchObject({
      ...{ search: "moto", typing: undefined },
    });
    expect(viewOf("/", "q", "escape")).toMatchObject({ search: "", typing: undefined });
    expect(viewOf("down", "page-down", "up")).toMatchObject({ above: 10 });
    expect(viewOf("up", "?", "x")).toMatchObject({ above: 0, isHelp: false, order: "worst" });
  });

  it("end it, and are letters while a filter is typed", () => {
    expect(viewOf("q")).toBe("end");
    expect(viewOf("ctrl-c")).toBe("end");
    expect(viewOf("/", "q")).toMatchObject({ typing: "q" });
    expect(viewOf("/", "q", "ctrl-c")).toBe("end");
  });
});
