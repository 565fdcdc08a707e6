/** A page of another origin, opened in the browser of somebody who is signed in: it gets and changes nothing. */
import { createServer, type Server } from "node:http";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../../src/demo/free-port.ts";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";

describe.skipIf(chromiumPath === undefined)("a page of another port of the same machine", () => {
  let site: ConsoleSite;
  let browser: Browser;
  let ana: Visitor;
  let other: Server;
  let foreign: string;

  beforeAll(async () => {
    [site, browser] = await Promise.all([consoleSite(), launchChromium()]);
    await site.start();
    ana = await visit(browser, site);
    const port = await freePort();
    // The browser takes it for the same site, so it sends the cookie along.
    foreign = `http://127.0.0.1:${port}`;
    other = createServer((_, answer) => {
      answer.writeHead(200, { "content-type": "text/html" });
      answer.end(
        `<form method="post" enctype="text/plain" action="${site.url}/api/v1/sign-out"></form>`,
      );
    });
    await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    other?.closeAllConnections();
    other?.close();
    await browser?.close();
    await site?.close();
  });

  it("reads no answer, opens no stream, writes by no way, and signs nobody out", async () => {
    const page = await ana.context.newPage();
    const statuses: string[] = [];
    page.on("response", (answer) => {
      if (answer.url().startsWith(site.url))
        statuses.push(`${answer.request().method()} ${answer.status()}`);
    });
    await page.goto(foreign);
    const tries: string = await page.evaluate(`(async () => {
      const said = (way) => way.then((answer) => answer.type, () => "refused");
      const at = ${JSON.stringify(site.url)} + "/api/v1";
      const stream = () => new Promise((resolve) => {
        const source = new EventSource(at + "/stream?topics=status", { withCredentials: true });
        source.onopen = () => resolve("open");
        source.onerror = () => { source.close(); resolve("refused"); };
      });
      return JSON.stringify([
        await said(fetch(at + "/status", { credentials: "include" })),
        await said(fetch(at + "/sign-out", {
          method: "POST", credentials: "include", headers: { "x-sluicegate": "1" },
        })),
        await said(fetch(at + "/sign-out", { method: "POST", credentials: "include", mode: "no-cors" })),
        await stream(),
      ]);
    })()`);
    // Some is sent all the same, and its answer hidden: whether it was done is looked at below.
    expect(JSON.parse(tries)).toEqual(Array(4).fill("refused"));
    await Promise.all([
      page.waitForResponse((answer) => answer.url().endsWith("/sign-out")),
      page.evaluate("document.forms[0].submit()"),
    ]);
    const written = statuses.filter((one) => one.startsWith("POST"));
    expect(written.length).toBeGreaterThan(0);
    for (const one of written) expect(one).toBe("POST 403");
    await page.close();
    const me = await ana.context.request.get(`${site.url}/api/v1/me`);
    expect(me.status()).toBe(200);
  });
});
