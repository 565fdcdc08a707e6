import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkGroups } from "../../../src/app/doctor/check.ts";
import { checks } from "../../../src/app/doctor/checks.ts";
import { toDeviceId } from "../../../src/core/ids.ts";
import type { GatewayStatus } from "../../../src/gateway/gateway-status.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { examine, plantProgram } from "./fixture.ts";
import { backboneFixtures } from "./fixtures/backbone.ts";
import { bufferFixtures } from "./fixtures/buffer.ts";
import { hubFixtures } from "./fixtures/hub.ts";
import { inputFixtures, somebodyListens } from "./fixtures/inputs.ts";
import { machineFixtures } from "./fixtures/machine.ts";
import { siteFixtures } from "./fixtures/site.ts";
import { gatewaySaying } from "./statuses.ts";

const fixtures = {
  ...machineFixtures,
  ...siteFixtures,
  ...backboneFixtures,
  ...bufferFixtures,
  ...inputFixtures,
  ...hubFixtures,
};

describe("the checks of the doctor", () => {
  it("each have a fixture in which they find something wrong", () => {
    expect(Object.keys(fixtures).sort()).toEqual(checks.map(({ id }) => id).sort());
  });

  it("stand in the order of their groups, each id once, with words for people", () => {
    const groups = checks.map(({ group }) => checkGroups.indexOf(group));
    expect(groups).toEqual(groups.toSorted((one, other) => one - other));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
    for (const { asks, explanation, id } of checks) {
      expect(id).toMatch(/^[a-z]+\.[a-z_]+$/);
      expect(asks).toMatch(/^(whether|which|how|what|when) /);
      expect(explanation.length).toBeGreaterThan(80);
    }
  });

  it.each(Object.entries(fixtures))("%s tells what it was made for", async (id, fixture) => {
    const findings = await examine(id, await fixture.set());
    const bad = findings.find(({ verdict, what }) => verdict !== "ok" && fixture.says.test(what));
    expect(bad, JSON.stringify(findings)).toMatchObject({ verdict: fixture.verdict });
    expect(bad?.why).toBeTruthy();
    expect(bad?.next).toBeTruthy();
  });
});

describe("what goes on at the inputs", () => {
  const quiet = { name: "bus", address: "bus", holding: false };
  const found = (id: string, facts: Partial<GatewayStatus>) =>
    examine(id, { status: gatewaySaying(facts) });

  it("is an error where a line or a broker is not there, whatever it would take", async () => {
    const link = { isConnected: false, sinceMs: 0, reason: "nothing listens there" };
    expect(await found("source.holding", { sources: [{ ...quiet, link }] })).toMatchObject([
      { verdict: "error", about: "bus", what: "no connection: nothing listens there" },
    ]);
  });

  it("is a warning where a device on a bus was never heard", async () => {
    const unheard = { device: toDeviceId("m1"), unit: 1, misses: 0 };
    expect(
      await found("modbus.members", { sources: [{ ...quiet, members: [unheard] }] }),
    ).toMatchObject([{ verdict: "warning", what: "1 of 1 silent: m1 at 1" }]);
  });

  it("names a port once", async () => {
    const source = { kind: "serial", path: "/dev/ttyNobody", framing: "lines", device: "scale-1" };
    const findings = await examine("serial.access", { config: { sources: [source] } });
    expect(findings).toMatchObject([{ what: expect.not.stringContaining("ttyNobody") }]);
  });

  it("asks for no port of a broker where a role of a hub runs, and no gateway", async () => {
    const listen = `127.0.0.1:${await somebodyListens()}`;
    const config = { sources: [{ kind: "mqtt-broker", listen }] };
    const status = { version: "1.0.0", processor: {} };
    expect(await examine("mqtt.port", { config, status })).toEqual([]);
  });

  it("says of each state of devices how they are found", async () => {
    const deviceStates = { ok: 1, silent: 1, "bad-quality": 1 };
    expect(await found("devices.silent", { devices: 3, deviceStates })).toMatchObject([
      {
        next: "sluicegate devices ls --state silent; sluicegate devices ls --state bad-quality",
      },
    ]);
  });
});

describe("service.processes", () => {
  it("misses no process where nothing was ever started, nor where units are only installed", async () => {
    const facts = "Id=sluicegate-gateway.service\nLoadState=loaded\nUnitFileState=disabled";
    for (const env of [await plantProgram("systemctl", ""), await plantProgram("systemctl", facts)])
      expect(await examine("service.processes", { env })).toMatchObject([
        { verdict: "skipped", what: expect.stringContaining("not started yet") },
      ]);
  });

  it("misses it where one ran before: its data is there", async () => {
    const folder = await tempFolder();
    await mkdir(join(folder, "data"));
    const env = await plantProgram("systemctl", "");
    expect(await examine("service.processes", { env, folder })).toMatchObject([
      { verdict: "error" },
    ]);
  });
});
