/** Every screen, on a desk and on a phone, by day and by night: nothing is in the way of anybody. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { publishOnce } from "../support/publish-once.ts";

const screens = [
  "/",
  "/devices",
  "/devices/unread",
  "/live",
  "/alerts",
  "/dead-letters",
  "/flow",
  "/plans",
  "/system",
  "/system?tab=config",
  "/system?tab=streams",
  "/system?tab=processors",
  "/system?tab=audit",
  "/system?tab=about",
  "/devices/plant-a.gw1.tasmota-greenhouse?tab=values",
  "/devices/plant-a.gw1.tasmota-greenhouse?tab=history",
  "/devices/plant-a.gw1.tasmota-greenhouse?tab=events",
  "/devices/plant-a.gw1.tasmota-greenhouse?tab=commands",
  "/devices/plant-a.gw1.tasmota-greenhouse?tab=alerts",
  "/devices/plant-a.gw1.tasmota-greenhouse?tab=about",
];

describe.skipIf(chromiumPath === undefined)("the screens of the console", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let first: Visitor;
  let session: Awaited<ReturnType<Visitor["context"]["storageState"]>>;

  beforeAll(async () => {
    [site, browser] = await Promise.all([consoleSite(), launchChromium()]);
    await site.start();
    const message = '{"DS18B20":{"Id":"00000A1B2C3D","Temperature":21.4},"TempUnit":"C"}';
    await publishOnce(site.mqttUrl, "tele/greenhouse/SENSOR", message);
    await publishOnce(site.mqttUrl, "nobody/reads/this", "12");
    await publishOnce(site.mqttUrl, "tele/greenhouse/SENSOR", "no json");
    first = await visit(browser, site);
    session = await first.context.storageState();
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  for (const scheme of ["light", "dark"] as const)
    for (const width of [1_280, 375])
      it(`are clear to everybody in ${scheme} at ${width} px, and never wider than that`, async () => {
        const visitor = await visit(browser, site, { scheme, width }, session);
        const faults: string[] = [];
        for (const path of screens) {
          await visitor.go(path);
          await visitor.page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
          faults.push(...(await visitor.violations()).map((fault) => `${path}: ${fault}`));
          if (await visitor.isTooWide()) faults.push(`${path} is wider than the window`);
        }
        expect(faults).toEqual([]);
        expect(visitor.complaints).toEqual([]);
        await visitor.context.close();
      });
});
