import { describe, expect, it } from "vitest";
import { loadSite } from "../../../src/config/site/load-site.ts";
import { memorySite, siteText } from "../../support/memory-site.ts";

const bus = "- { kind: modbus, path: /dev/ttyUSB0, members: [{ device: m1, address: 1 }] }";

describe("two sources on one line", () => {
  it("are refused with the place of both, whatever their kinds", async () => {
    const text = `${siteText}sources:\n  ${bus}\n  ${bus}\n`;
    const { faults } = await loadSite("sluicegate.yaml", memorySite({ "sluicegate.yaml": text }));
    expect(faults).toContainEqual(
      expect.objectContaining({
        message: "/dev/ttyUSB0 is the line of sources[0], too: a line is for one source",
        path: ["sources", 1, "path"],
      }),
    );
  });

  it.each([
    ["modbus-tcp://10.0.0.8", "modbus-tcp://10.0.0.8:502/"],
    ["modbus-tcp://PLC:1502", "tcp://plc:1502"],
  ])("are one line however it is written: %s and %s", async (first, second) => {
    const of = (path: string): string =>
      `- { kind: modbus, path: "${path}", members: [{ device: m1, address: 1 }] }`;
    const text = `${siteText}sources:\n  ${of(first)}\n  ${of(second)}\n`;
    const { faults } = await loadSite("sluicegate.yaml", memorySite({ "sluicegate.yaml": text }));
    expect(faults).toContainEqual(expect.objectContaining({ path: ["sources", 1, "path"] }));
  });
});

describe("a member of a bus", () => {
  const faultsOf = async (devices: string): Promise<unknown> => {
    const text = `${siteText}${devices}sources:\n  ${bus}\n`;
    const { faults } = await loadSite("sluicegate.yaml", memorySite({ "sluicegate.yaml": text }));
    return faults.map(({ code, message, severity }) => [severity, code, message]);
  };

  it.each([
    ["", "no entry of devices is m1, so it is not asked for anything"],
    [
      "  - { id: m1, profile: acme/fz-200 }\n",
      "m1 is not asked for anything: its profile acme/fz-200 has no registers",
    ],
  ])("that nothing says what to ask for is told: %j", async (devices, message) => {
    expect(await faultsOf(devices)).toEqual([["warning", "config.unasked-device", message]]);
  });
});
