/** The administrator's rights are enough for all that an administrator does. */
import { expect, test } from "vitest";
import { toGatewayId, toSiteId } from "../../src/core/ids.ts";
import { runCommand } from "../support/command-line.ts";
import { permittedBackbone } from "../support/permitted-backbone.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("an administrator saves the backbone, puts it back and prepares it again, and is refused nothing", async () => {
  const gw1 = { site: toSiteId("plant-a"), gateway: toGatewayId("gw1") };
  const hub = await permittedBackbone([gw1]);
  const gateway = await hub.connectAs("gateway-gw1", "sluicegate-gw1");
  await gateway.request("ev.plant-a.gw1.d1.measurement", "{}");
  const cwd = await tempFolder();
  const as = ["--nats", hub.url, "--credentials", hub.seedFile("administrator")];
  const run = async (...args: readonly string[]): Promise<string> => {
    const { status, stderr, stdout } = await runCommand(["backbone", ...args, ...as], { cwd });
    expect(status, stderr).toBe(0);
    return stdout;
  };
  await runCommand(["init", "--yes"], { cwd });
  expect(await run("backup", "saved")).toMatch(/GW_gw1: 1 message,/);
  expect(await run("restore", "saved", "--replace", "--yes")).toMatch(/GW_gw1: 1 message,/);
  expect(await run("prepare", "plant-a/gw1", "--anew")).toMatch(/^GW_gw1\tthere/m);
  expect(await hub.refusals()).toEqual([]);
});
