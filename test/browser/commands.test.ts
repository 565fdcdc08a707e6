/** Commands from the page to a device and back, and messages that nobody could read. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { connectAsync } from "mqtt";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { program } from "../support/gateway-program.ts";
import { publishOnce } from "../support/publish-once.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";

const patienceMs = 60_000;
const profile = (path: string): string => `profile: acme/probe
version: 1
about: A probe.
match: { topic: "acme/{device}/state" }
time: { path: at, format: epoch_s }
metrics: [{ name: temperature, path: ${path}, unit: Cel }]
examples:
  - { topic: acme/p1/state, payload: { ${path}: 1 }, expect: { metrics: { temperature: { value: 1, unit: Cel } } } }
`;

describe.skipIf(chromiumPath === undefined)("what the console changes", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let sim: ChildProcess;
  let ana: Visitor;

  const commands = "/devices/plant-a.gw1.sim-freezer-01?tab=commands";
  const send = async (name: string, fill?: readonly [label: RegExp, text: string]) => {
    await ana.go(commands);
    await ana.page.getByLabel("Command", { exact: true }).selectOption(name);
    if (fill) await ana.page.getByLabel(fill[0]).fill(fill[1]);
    await ana.page.getByRole("button", { name: "Send", exact: true }).click();
    return ana.page.getByRole("dialog");
  };

  beforeAll(async () => {
    [site, browser] = await Promise.all([
      consoleSite({
        files: { "profiles/acme/probe.yaml": profile("celsius") },
        configuration: "profiles: { folders: [profiles] }\n",
      }),
      launchChromium(),
    ]);
    await site.start();
    sim = spawn(
      execPath,
      [program, "sim", "--url", site.mqttUrl, "--devices", "1", "--every", "1s"],
      { stdio: "ignore" },
    );
    ana = await visit(browser, site);
    await ana.go("/devices");
    await ana.page.getByRole("row").filter({ hasText: "sim-freezer-01" }).waitFor();
  });
  afterAll(async () => {
    if (sim?.exitCode === null && sim.signalCode === null) {
      sim.kill("SIGKILL");
      await once(sim, "exit");
    }
    await browser?.close();
    await site?.close();
  });

  it("tells a device to do something, and shows that it did", async () => {
    const dialog = await send("set_point", [/level/, "-20"]);
    await dialog.getByRole("button", { name: "Send" }).click();
    await ana.page
      .getByRole("article", { name: "set_point, acknowledged" })
      .waitFor({ timeout: patienceMs });
  });

  it("says at the field what a device does not take, and sends nothing", async () => {
    await ana.go(commands);
    await ana.page.getByLabel("Command", { exact: true }).selectOption("set_point");
    const level = ana.page.getByLabel(/level/);
    await level.fill("-99");
    await ana.page.getByRole("button", { name: "Send", exact: true }).click();
    expect(await level.getAttribute("aria-invalid")).toBe("true");
    expect(await ana.page.getByRole("dialog").count()).toBe(0);
  });

  it("sends what is dangerous only to a device whose name was typed", async () => {
    const dialog = await send("defrost");
    await dialog.getByRole("button", { name: "Send" }).click();
    await dialog.getByText(/Type sim-freezer-01/).waitFor();
    await dialog.getByLabel(/To go on, type/).fill("sim-freezer-01");
    await dialog.getByRole("button", { name: "Send" }).click();
    await dialog.waitFor({ state: "detached" });
    await ana.page
      .getByRole("article", { name: "defrost, acknowledged" })
      .waitFor({ timeout: patienceMs });
  });

  it("says of a device that hears and does not answer that time was over", async () => {
    sim.kill("SIGKILL");
    await once(sim, "exit");
    const deaf = await connectAsync(site.mqttUrl, { clientId: "freezer-01", protocolVersion: 4 });
    await deaf.subscribeAsync("sim/freezer/freezer-01/command", { qos: 1 });
    await deaf.publishAsync("sim/freezer/freezer-01/status", "online", { qos: 1, retain: true });
    await deaf.publishAsync(
      "sim/freezer/freezer-01/telemetry",
      JSON.stringify({ n: 1, boot: "deaf", temperature: -18, door: false, compressor: true }),
      { qos: 1 },
    );
    const dialog = await send("set_point", [/level/, "-12"]);
    await dialog.getByRole("button", { name: "Send" }).click();
    await ana.page
      .getByRole("article", { name: "set_point, timed out" })
      .waitFor({ timeout: patienceMs });
    await deaf.endAsync();
  });

  it("stores what a mended profile reads of rejected messages, with their own times, once", async () => {
    const atS = Math.floor(Date.now() / 1_000) - 3_600;
    for (let n = 0; n < 14; n += 1)
      await publishOnce(
        site.mqttUrl,
        `acme/p${n}/state`,
        JSON.stringify(n < 12 ? { t: n, at: atS + n } : { other: n }),
      );
    const { page } = ana;
    await ana.go("/dead-letters");
    const group = page.getByRole("listitem").filter({ hasText: "14 messages" });
    await group.waitFor({ timeout: patienceMs });
    await writeFile(join(site.folder, "profiles/acme/probe.yaml"), profile("t"));
    execFileSync(execPath, [program, "reload", "--config", site.configPath]);
    await group.getByRole("button", { name: "Try" }).click();
    await group.getByText(/12 of 14/).waitFor();
    await group.getByRole("button", { name: "Re-process" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Re-process" }).click();
    await page
      .getByRole("listitem")
      .filter({ hasText: "2 messages" })
      .waitFor({ timeout: patienceMs });

    const read = async () =>
      (await readGatewayStream(site.natsUrl)).flatMap((body) => {
        const event = decodeEvent(Buffer.from(body).toString());
        if (isMalformed(event) || event.kind !== "measurement") return [];
        return /(^|-)p\d+$/.test(event.device ?? "") ? [event.timeMs / 1_000 - atS] : [];
      });
    await expect
      .poll(async () => (await read()).sort((one, other) => one - other), { timeout: patienceMs })
      .toEqual(Array.from({ length: 12 }, (_, n) => n));
  });
});
