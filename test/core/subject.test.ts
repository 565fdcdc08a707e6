import { describe, expect, it } from "vitest";
import { toDeviceId, toGatewayId, toSiteId } from "../../src/core/ids.ts";
import {
  alertSubject,
  eventSubject,
  gatewayStream,
  gatewaySubjects,
  parseAlertSubject,
  partitionAlerts,
  partitionOf,
  siteAlerts,
} from "../../src/core/subject.ts";

const site = toSiteId("plant a");
const gateway = toGatewayId("gw.1");

describe("eventSubject()", () => {
  it("names site, gateway, device and kind, escaped", () => {
    const address = {
      site,
      gateway,
      device: toDeviceId("freezer/07"),
      kind: "measurement",
    } as const;
    expect(eventSubject(address)).toBe("ev.plant=20a.gw=2E1.freezer=2F07.measurement");
  });

  it("writes = for the gateway's own events", () => {
    const address = { site, gateway, device: null, kind: "watermark" } as const;
    expect(eventSubject(address)).toBe("ev.plant=20a.gw=2E1.=.watermark");
  });

  it("lies inside the subjects of the gateway's stream", () => {
    expect(gatewaySubjects(site, gateway)).toBe("ev.plant=20a.gw=2E1.>");
    expect(gatewayStream(gateway)).toBe("GW_gw=2E1");
  });
});

describe("partitionOf()", () => {
  it("gives the numbers that FNV-1a over the escaped token gives", () => {
    expect(partitionOf(toSiteId("a"))).toBe(0xe40c292c % 64);
    expect(partitionOf(toSiteId("foobar"))).toBe(0xbf9cf968 % 64);
  });
});

describe("alertSubject()", () => {
  it("names partition, site and instance, and is read back", () => {
    const subject = alertSubject(site, "00c0ffee");
    expect(subject).toBe(`alert.c.${partitionOf(site)}.plant=20a.00c0ffee`);
    expect(parseAlertSubject(subject)).toEqual({ site, instance: "00c0ffee" });
  });

  it("lies below those of its site, and those of its partition", () => {
    expect(siteAlerts(site)).toBe(`alert.c.${partitionOf(site)}.plant=20a.>`);
    expect(partitionAlerts(7)).toBe("alert.c.7.>");
  });
});

describe("parseAlertSubject()", () => {
  it.each([
    "alert.c.00c0ffee",
    "alert.c.1.a",
    "alert.c.65.a.00c0ffee",
    "alert.o.44.a.00c0ffee",
    "alert.c.44.a.00c0ffee.x",
    "alert.c.44.=.00c0ffee",
  ])("refuses %s", (subject) => {
    expect(parseAlertSubject(alertSubject(toSiteId("a"), "x"))).toBeDefined();
    expect(parseAlertSubject(subject)).toBeUndefined();
  });
});
