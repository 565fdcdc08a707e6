/** The flow of a site that carries on what it has, in a real browser. */
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { openWebhookServer, type WebhookServer } from "../support/open-webhook-server.ts";
import { publishOnce } from "../support/publish-once.ts";

const message = '{"DS18B20":{"Id":"00000A1B2C3D","Temperature":21.4},"TempUnit":"C"}';

describe.skipIf(chromiumPath === undefined)("the flow of a site with bridges", () => {
  let server: WebhookServer;
  let status = 503;
  let site: ConsoleSite;
  let browser: Browser;
  let ana: Visitor;

  beforeAll(async () => {
    server = await openWebhookServer(() => ({ status }));
    const configuration = `bridge: [{ name: plant-hub, kind: http, url: "${server.url}" }]`;
    [site, browser] = await Promise.all([consoleSite({ configuration }), launchChromium()]);
    await site.start();
    await publishOnce(site.mqttUrl, "tele/greenhouse/SENSOR", message);
    ana = await visit(browser, site);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await server?.close();
  });

  it("draws the bridge and its target, says why nothing is taken, and when it is over", async () => {
    await ana.go("/flow?node=target:plant-hub");
    const details = ana.page.getByRole("region", { name: /target of a bridge plant-hub/ });
    await details.getByText("takes nothing since").waitFor();
    await details.getByText(/503/).first().waitFor();
    await details.getByText("http", { exact: true }).waitFor();
    for (const title of ["bridge bridge:", "target of a bridge plant-hub:"])
      expect(await ana.page.locator("svg title", { hasText: title }).count()).toBe(1);
    expect(await ana.violations()).toEqual([]);

    status = 204;
    await details.getByText("has everything").waitFor();
    await details.getByText("last failure, over now").waitFor();
  });

  it("lists it among those who read, and fits on a phone", async () => {
    await ana.go("/system?tab=processors");
    await ana.page.getByRole("row", { name: /plant-hub.*bridge/ }).waitFor();
    const phone = await visit(browser, site, { width: 375 }, await ana.context.storageState());
    await phone.go("/flow");
    await phone.page.getByText("plant-hub").first().waitFor();
    expect(await phone.isTooWide()).toBe(false);
    expect(await phone.violations()).toEqual([]);
    await phone.context.close();
    expect(ana.complaints).toEqual([]);
  });
});
