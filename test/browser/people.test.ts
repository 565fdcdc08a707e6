/** Several tabs, several people, and devices that mean no good. */
import { execFileSync } from "node:child_process";
import { execPath } from "node:process";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { program } from "../support/gateway-program.ts";
import { publishOnce } from "../support/publish-once.ts";

const password = "a passphrase of some length";

describe.skipIf(chromiumPath === undefined)("who looks at the console", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let ana: Visitor;

  const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
  const say = (device: string, message: string) =>
    publishOnce(site.mqttUrl, `tele/${device}/SENSOR`, message);
  const reading = (celsius: number) =>
    `{"DS18B20":{"Id":"01","Temperature":${celsius}},"TempUnit":"C"}`;

  beforeAll(async () => {
    [site, browser] = await Promise.all([consoleSite(), launchChromium()]);
    execFileSync(
      execPath,
      [program, "console-users", "add", "vic", "--role", "viewer", "--config", site.configPath],
      { input: `${password}\n`, stdio: ["pipe", "ignore", "inherit"] },
    );
    await site.start();
    await say("north", reading(-5));
    ana = await visit(browser, site);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("needs one connection for seven tabs, and the seventh is as live as the first", async () => {
    let open = 0;
    const count = (page: Page): void => {
      page.on("request", (request) => {
        if (!request.url().includes("/api/v1/stream")) return;
        open += 1;
        const over = (ended: { url(): string }): void => {
          if (ended === request) open -= 1;
        };
        page.on("requestfinished", over);
        page.on("requestfailed", over);
      });
    };
    const context = await browser.newContext({ storageState: await ana.context.storageState() });
    const pages: Page[] = [];
    for (let n = 0; n < 7; n += 1) {
      const page = await context.newPage();
      count(page);
      pages.push(page);
      await page.goto(`${site.url}/devices`);
      await rowOf(page, "tasmota-north").waitFor();
    }
    await expect.poll(() => open).toBe(1);
    await say("north", reading(31.25));
    for (const page of pages) await rowOf(page, "tasmota-north").getByText("31.25").waitFor();
    await pages[0]?.close();
    await say("north", reading(32.75));
    await rowOf(pages[6] ?? ana.page, "tasmota-north")
      .getByText("32.75")
      .waitFor({ timeout: 60_000 });
    await context.close();
  });

  it("is told when a sign-in has ended, and comes back to where it was", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const at = `${site.url}/devices/plant-a.gw1.tasmota-north?tab=commands`;
    await page.goto(at);
    const signIn = async () => {
      await page.getByLabel("Name").fill("vic");
      await page.getByLabel("Password").fill(password);
      await page.getByRole("button", { name: "Sign in" }).click();
      await page.getByRole("heading", { name: "tasmota-north" }).waitFor();
    };
    await expect.poll(() => page.getByLabel("Name").isVisible()).toBe(true);
    expect(await page.getByText("not signed in any more").count()).toBe(0);
    await signIn();
    await context.clearCookies();
    await page
      .getByRole("tab", { name: "History" })
      .or(page.getByRole("link", { name: "History" }))
      .first()
      .click();
    await page.getByText("You are not signed in any more.").waitFor();
    await signIn();
    expect(page.url()).toContain("tasmota-north?tab=history");
    await context.close();
  });

  it("finds by name and password what they may see, and as a viewer nothing to change", async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${site.url}/devices`);
    await page.getByLabel("Name").fill("vic");
    await page.getByLabel("Password").fill("wrong");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText(/name or password is wrong/i).waitFor();
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await rowOf(page, "tasmota-north").waitFor();

    const acting = /^(Ack|Shelve|Send|Discard|Re-process|Accept|Run|Cancel|Try$)/;
    for (const path of [
      "/devices/plant-a.gw1.tasmota-north?tab=commands",
      "/alerts",
      "/dead-letters",
      "/plans",
    ]) {
      await page.goto(site.url + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      expect(await page.getByRole("button", { name: acting }).count(), path).toBe(0);
    }
    const refused = await context.request.post(`${site.url}/api/v1/alerts/ack`, {
      data: { instances: ["x"] },
      headers: { "x-sluicegate": "1", origin: site.url },
    });
    expect(refused.status()).toBe(403);
    await context.close();
  });

  it("is not harmed by names and values of devices that mean no good", async () => {
    const evil = "<script>window.harmed=1</script><img src=x onerror=window.harmed=1>";
    const many = Array.from({ length: 1_000 }, (_, n) => `"m${n}":${n}`).join(",");
    await publishOnce(
      site.mqttUrl,
      "tele/evil/SENSOR",
      JSON.stringify({ DS18B20: { Id: "01", Temperature: 1 }, Note: evil, Text: "‮hebrew שלום" }),
    );
    await publishOnce(site.mqttUrl, `tele/${"n".repeat(120)}/SENSOR`, reading(2));
    await publishOnce(site.mqttUrl, "tele/wide/SENSOR", `{"ANALOG":{${many}}}`);
    await publishOnce(site.mqttUrl, "nobody/<script>/x", evil);
    for (const width of [1_280, 375]) {
      const visitor = await visit(browser, site, { width }, await ana.context.storageState());
      for (const path of [
        "/devices",
        "/devices/unread",
        "/dead-letters",
        "/live?stage=received",
        "/devices/plant-a.gw1.tasmota-evil?tab=events",
        "/devices/plant-a.gw1.tasmota-evil?tab=about",
        "/devices/plant-a.gw1.tasmota-wide?tab=values",
      ]) {
        await visitor.go(path);
        await visitor.page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
        expect(await visitor.isTooWide(), `${path} at ${width}`).toBe(false);
        expect(await visitor.page.evaluate("window.harmed"), path).toBeUndefined();
      }
      expect(visitor.complaints.filter((line) => !/40\d/.test(line))).toEqual([]);
      await visitor.context.close();
    }
  });

  it("finds rows where they were while data comes, and learns how many are newer", async () => {
    const { page } = ana;
    await ana.go("/devices?sort=seen");
    await rowOf(page, "tasmota-north").waitFor();
    const names = async (): Promise<readonly string[]> =>
      (await page.getByRole("row").allTextContents()).flatMap(
        (text) => /tasmota-(?:north|evil|wide|fresh|n+)/.exec(text) ?? [],
      );
    const before = await names();
    await say("evil", reading(3));
    await say("fresh", reading(4));
    await page.getByRole("button", { name: /newer/ }).waitFor();
    const after = await names();
    expect(after.filter((name) => before.includes(name))).toEqual(before);
    await expect
      .poll(async () => {
        const newer = page.getByRole("button", { name: /newer/ });
        if (await newer.isVisible()) await newer.click();
        return (await names())[0];
      })
      .toBe("tasmota-fresh");
  });

  it("sees at an address what somebody else saw there", async () => {
    await ana.go("/devices");
    await ana.page.getByPlaceholder("Name, gateway, profile").fill("fresh");
    await ana.page.waitForURL(/fresh/);
    const other = await visit(browser, site, {}, await ana.context.storageState());
    await other.page.goto(ana.page.url());
    await rowOf(other.page, "tasmota-fresh").waitFor();
    expect(await rowOf(other.page, "tasmota-").count()).toBe(1);
    await other.context.close();
  });
});
