/** A site on its first day: what a newcomer sees before anything is there, and at the first device. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { publishOnce } from "../support/publish-once.ts";

describe.skipIf(chromiumPath === undefined)("a site on its first day", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let ana: Visitor;

  beforeAll(async () => {
    [site, browser] = await Promise.all([consoleSite(), launchChromium()]);
    await site.start();
    ana = await visit(browser, site, { options: { reducedMotion: "reduce" } });
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it.each([
    { path: "/", says: /sluicegate sim/ },
    { path: "/devices", says: /sluicegate sim/ },
    { path: "/alerts", says: /Nothing asks for anybody/ },
    { path: "/dead-letters", says: /No rejected message/ },
    { path: "/plans", says: /plan/i },
    { path: "/devices/unread", says: /read/i },
  ])("says at $path what there is none of, and what to do", async ({ path, says }) => {
    await ana.go(path);
    await ana.page.getByRole("main").getByText(says).first().waitFor();
    expect(await ana.violations()).toEqual([]);
  });

  it("moves nothing for whoever asked for no motion", async () => {
    for (const path of ["/", "/devices", "/live", "/flow", "/system"]) {
      await ana.go(path);
      const moving: number = await ana.page.evaluate(
        "document.getAnimations().filter((one) => one.playState === 'running').length",
      );
      expect(moving, path).toBe(0);
    }
  });

  it("reads a chart with keys and as a table, with the same numbers", async () => {
    for (const celsius of [21.5, 22.25, 23.75])
      await publishOnce(
        site.mqttUrl,
        "tele/north/SENSOR",
        `{"DS18B20":{"Id":"01","Temperature":${celsius}},"TempUnit":"C"}`,
      );
    await ana.go("/devices/plant-a.gw1.tasmota-north?tab=history");
    const chart = ana.page.getByRole("group", { name: /temperature.*Arrow keys/ });
    await chart.focus();
    await chart.press("End");
    const said = chart.locator("p[role=status]").last();
    await expect.poll(() => said.textContent()).toMatch(/\d/);
    const valueSaid = async (): Promise<string | undefined> =>
      /(-?[\d.]+)\s*°C/.exec((await said.textContent()) ?? "")?.[1];
    let value = await valueSaid();
    for (let n = 0; n < 400 && value === undefined; n += 1) {
      await chart.press("ArrowLeft");
      value = await valueSaid();
    }
    expect(value).toBeDefined();
    await ana.page.getByRole("button", { name: /temperature.*table/ }).click();
    await ana.page
      .getByRole("cell", { name: value ?? "", exact: true })
      .first()
      .waitFor();
    expect(ana.complaints).toEqual([]);
  });
});
