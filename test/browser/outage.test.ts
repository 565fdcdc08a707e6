/** A page that stays open while parts of the site go away and come back. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { publishOnce } from "../support/publish-once.ts";

const patienceMs = 60_000;

describe.skipIf(chromiumPath === undefined)("a page that is left open", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let visitor: Visitor;

  const link = () => visitor.page.locator(".status-link").getAttribute("data-link");
  const becomes = (word: string) => expect.poll(link, { timeout: patienceMs }).toBe(word);
  const say = (celsius: number) =>
    publishOnce(
      site.mqttUrl,
      "tele/north/SENSOR",
      `{"DS18B20":{"Id":"01","Temperature":${celsius}},"TempUnit":"C"}`,
    );

  beforeAll(async () => {
    [site, browser] = await Promise.all([consoleSite(), launchChromium()]);
    await site.start();
    visitor = await visit(browser, site);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("says that the backbone is away, counts what waits, and that it went out", async () => {
    await say(1);
    await becomes("linked");
    await site.stopBackbone();
    await becomes("buffering");
    for (let n = 0; n < 5; n += 1) await say(n);
    const buffer = visitor.page.locator(".status-extra", { hasText: "Buffer" });
    await expect
      .poll(async () => Number(/\d+/.exec((await buffer.textContent()) ?? "")), {
        timeout: patienceMs,
      })
      .toBeGreaterThan(4);
    await site.startBackbone();
    await becomes("linked");
    await expect.poll(() => buffer.textContent(), { timeout: patienceMs }).toMatch(/ 0$/);
  });

  it("keeps what it knows while the process is gone, says since when, and goes on without a reload", async () => {
    await visitor.go("/devices");
    const device = visitor.page.getByRole("row").filter({ hasText: "tasmota-north" });
    await device.waitFor();
    await visitor.page.evaluate("window.stillHere = true");
    await site.kill();
    await visitor.page
      .getByText(/last update/i)
      .first()
      .waitFor({ timeout: patienceMs });
    expect(await device.isVisible()).toBe(true);
    await site.start();
    await say(77.5);
    await device.getByText("77.5").waitFor({ timeout: patienceMs });
    await visitor.page
      .getByText(/last update/i)
      .first()
      .waitFor({ state: "detached" });
    expect(await visitor.page.evaluate("window.stillHere")).toBe(true);
    expect(visitor.complaints.filter((line) => line.startsWith("error:"))).toEqual([]);
  });
});
