/** An alert, as those see it who have to do something about it. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { publishOnce } from "../support/publish-once.ts";

const rules = `version: 1
groups:
  - name: kitchen
    rules:
      - alert: TooWarm
        select: { metric: temperature_01 }
        condition: { threshold: { above: -15 } }
        severity: critical
        runbook_url: https://example.com/runbooks/too-warm
        annotations: { summary: "{{ device.name }} thaws" }
`;

describe.skipIf(chromiumPath === undefined)("alerts on the console", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let ana: Visitor;
  let ben: Visitor;

  const say = (device: string, celsius: number) =>
    publishOnce(
      site.mqttUrl,
      `tele/${device}/SENSOR`,
      `{"DS18B20":{"Id":"01","Temperature":${celsius}},"TempUnit":"C"}`,
    );
  const rowOf = (page: Page, device: string) =>
    page.getByRole("row").filter({ hasText: `tasmota-${device}` });

  beforeAll(async () => {
    [site, browser] = await Promise.all([
      consoleSite({
        files: { "rules.yaml": rules },
        configuration: "rules: { files: [rules.yaml] }\n",
      }),
      launchChromium(),
    ]);
    await site.start();
    ana = await visit(browser, site);
    ben = await visit(browser, site, {}, await ana.context.storageState());
    await ana.go("/alerts");
    await ben.go("/alerts");
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it("appear on a page that is open, in its title, and aloud", async () => {
    await say("north", -5);
    await rowOf(ana.page, "north").waitFor();
    await expect.poll(() => ana.page.title()).toMatch(/1 alert/);
    await ana.page
      .getByRole("alert")
      .getByText(/TooWarm/)
      .waitFor({ state: "attached" });
  });

  it("are opened with keys alone, and Escape leads back to the list", async () => {
    const { page } = ana;
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/alerts\/./);
    const alert = page.getByRole("region", { name: /Alert TooWarm/ });
    await alert.locator("header").getByText("tasmota-north thaws").waitFor();
    const runbook = alert.getByRole("link", { name: "https://example.com/runbooks/too-warm" });
    expect(await runbook.getAttribute("rel")).toBe("noreferrer");
    await page.keyboard.press("Escape");
    await page.waitForURL(/\/alerts$/);
    await page.getByRole("region", { name: /Alert TooWarm/ }).waitFor({ state: "detached" });
  });

  it("are acknowledged with keys alone, and whoever looks elsewhere sees who it was", async () => {
    const { page } = ana;
    const isReached = () =>
      rowOf(page, "north").evaluate((row) => row.contains(row.ownerDocument.activeElement));
    // There is one row: pressed again, the key leads to the same.
    await expect
      .poll(async () => {
        await page.keyboard.press("j");
        return isReached();
      })
      .toBe(true);
    await page.keyboard.press("a");
    await page.getByRole("dialog").waitFor();
    const comment = page.getByLabel("Comment (may be left out)");
    expect(await comment.evaluate((box) => box === box.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.type("on my way");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await rowOf(ben.page, "north")
      .getByText(/on my way/)
      .waitFor();
  });

  it("say who was first when two acknowledge the same", async () => {
    await say("south", -5);
    for (const { page } of [ana, ben]) {
      await rowOf(page, "south").getByRole("button", { name: "Ack" }).click();
      await page.getByRole("dialog").waitFor();
    }
    const answered = ben.page.waitForResponse((response) => response.url().endsWith("/ack"));
    await ana.page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
    await ana.page.getByRole("dialog").waitFor({ state: "detached" });
    await ben.page.getByRole("dialog").getByRole("button", { name: "Acknowledge" }).click();
    expect((await answered).status()).toBe(409);
    const dialog = ben.page.getByRole("dialog");
    expect(await dialog.getByRole("alert").textContent()).toMatch(/acknowledged/i);
    await dialog.getByRole("button", { name: "Cancel" }).click();
  });

  it("go on the shelf with a reason only, and the form leads to it", async () => {
    const { page } = ana;
    await rowOf(page, "south").getByRole("button", { name: "Shelve" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Shelve" }).click();
    const reason = dialog.getByLabel("Reason");
    expect(await reason.evaluate((box) => box === box.ownerDocument.activeElement)).toBe(true);
    await reason.fill("the door is being mended");
    await dialog.getByRole("button", { name: "Shelve" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("link", { name: /Shelved/ }).click();
    await rowOf(page, "south")
      .getByText(/the door is being mended/)
      .waitFor();
  });

  it("tell their story at an address of their own", async () => {
    await ana.go("/alerts");
    await rowOf(ana.page, "north").click();
    await ana.page.waitForURL(/\/alerts\/[^/]+$/);
    await ben.page.goto(ana.page.url());
    const story = ben.page.getByRole("region", { name: /Alert TooWarm/ });
    await story
      .getByText(/on my way/)
      .first()
      .waitFor();
    await story.getByText(/its condition held long enough/).waitFor();
    await story.getByText(/rules\.yaml/).waitFor();
    expect(ben.complaints.filter((line) => !line.includes("409"))).toEqual([]);
  });
});
