import { describe, expect, it } from "vitest";
import { describeEvent, describeTapLine } from "../../src/cli/tap-lines.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";

const evil = "\u001b]0;owned\u0007\u009b2J\r\nall is well\u2028";
const controls = /[\p{Cc}\p{Zl}\p{Bidi_Control}]/u;

describe("lines of tap", () => {
  it("are one line that no terminal obeys, whatever topic and payload hold", () => {
    const facts = { receivedMs: 0, topic: `a/${evil}`, payload: evil };
    const line = describeTapLine({ kind: "event", stage: "received", device: null, facts });
    expect(line).not.toMatch(controls);
    expect(line).toContain("\\u001b]0;owned\\u0007\\u009b2J\\r\\nall is well\\u2028");
  });

  it("are one line that no terminal obeys, whatever a measurement says", () => {
    const line = describeEvent({
      kind: "measurement",
      device: toDeviceId("d\u202e"),
      timeMs: 0,
      receivedMs: 0,
      clock: "gateway",
      data: [{ name: evil, value: evil, quality: "good" }],
      origin: { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
      position: { run: toRunId("aaaaaaaa"), seq: toSeq(1) },
    });
    expect(line).not.toMatch(controls);
  });

  it.each([
    [24, "+24ms"],
    [-300, "-300ms"],
    [-90_000, "-1m30s"],
    [666_464_869, "+7d17h"],
  ])(
    "say in one sign and units that fit how long after its time an event came: %d ms",
    (ms, said) => {
      const timeMs = Date.UTC(2026, 10, 21);
      const line = describeEvent({
        kind: "watermark",
        device: null,
        timeMs,
        receivedMs: timeMs + ms,
        clock: "gateway",
        data: { t: timeMs },
        origin: { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
        position: { run: toRunId("aaaaaaaa"), seq: toSeq(1) },
      });
      expect(line.split(" ").at(-3)).toBe(said);
    },
  );

  it("say in words what a device is and how it is", () => {
    const common = {
      device: toDeviceId("plug"),
      timeMs: 0,
      receivedMs: 0,
      clock: "gateway",
      origin: { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") },
      position: { run: toRunId("aaaaaaaa"), seq: toSeq(1) },
    } as const;
    const online = { state: "online", cause: "connect", client: "plug-1" } as const;
    expect(describeEvent({ ...common, kind: "status", data: online })).toBe(
      "00:00:00.000 plug online (connect) client plug-1 +0ms seq 1",
    );
    const record = {
      device: common.device,
      profile: "acme/plug@1",
      intervalMs: 30_000,
      tags: {},
      attrs: {},
      metrics: ["power", "voltage", "current", "energy"].map((name) => ({ name })),
    };
    expect(describeEvent({ ...common, kind: "device", data: record })).toBe(
      "00:00:00.000 plug device by acme/plug@1, every 30s, may measure power, voltage, current and 1 more +0ms seq 1",
    );
  });
});
