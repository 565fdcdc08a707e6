/** What a page of a thousand devices asks of the browser that shows it, and whether it holds still. */
import { spawn } from "node:child_process";
import { execPath } from "node:process";
import type { CDPSession, Page } from "playwright-core";
import { chromiumPath, launchChromium } from "../support/chromium.ts";
import { consoleSite } from "../support/console-site.ts";
import { visit } from "../support/console-visitor.ts";
import { program } from "../support/gateway-program.ts";
import { type FigureGroup, formatMegabytes } from "./figures.ts";

const devices = 1_000;
const everyS = 5;
/** As people feel it. */
const longTaskMs = 200;

interface Facts {
  readonly heapBytes: number;
  readonly taskS: number;
}

/** Looks at the list of devices for so many seconds, and then at what flows. */
export async function measurePage(seconds: number): Promise<FigureGroup> {
  const title = `A page of ${devices.toLocaleString("en-US")} devices, ${devices / everyS} events/s, ${seconds} s`;
  if (chromiumPath === undefined)
    return { title, figures: [{ what: "not measured", measured: "no Chromium is here" }] };
  const [site, browser] = await Promise.all([consoleSite(), launchChromium()]);
  await site.start();
  const sim = spawn(
    execPath,
    [program, "sim", "--url", site.mqttUrl, "--devices", `${devices}`, "--every", `${everyS}s`],
    { stdio: "ignore" },
  );
  try {
    const { context, go, page } = await visit(browser, site);
    await page.addInitScript(
      "window.longTasks = []; new PerformanceObserver((list) => window.longTasks.push(" +
        "...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({ type: 'longtask' });",
    );
    const devtools = await context.newCDPSession(page);
    await devtools.send("Performance.enable");
    await go("/devices?sort=name");
    await page.waitForTimeout(15_000);
    await page.mouse.move(600, 400);
    await page.mouse.wheel(0, 12_000);
    await page.waitForTimeout(5_000);

    const rowsBefore = await rowsOf(page);
    const before = await factsOf(devtools);
    await page.evaluate("window.longTasks.length = 0");
    await page.waitForTimeout(seconds * 1_000);
    const after = await factsOf(devtools);
    const tasks: readonly number[] = await page.evaluate("window.longTasks");
    const rowsAfter = await rowsOf(page);
    await go("/live?stage=normalized");
    const live = page.getByText(/^shown .* of /).first();
    await live.waitFor();
    await page.waitForTimeout(5_000);
    const shown = (await live.textContent()) ?? "";
    return {
      title,
      figures: [
        { what: "what flows, at most 20 rows/s", measured: shown },
        {
          what: "busy main thread of the page",
          measured: percent(after.taskS - before.taskS, seconds),
        },
        {
          what: `tasks above ${longTaskMs} ms`,
          measured: `${tasks.filter((ms) => ms > longTaskMs).length}`,
        },
        { what: "longest task", measured: `${Math.max(0, ...tasks)} ms` },
        {
          what: "heap, behind / before",
          measured: `${formatMegabytes(after.heapBytes)} / ${formatMegabytes(before.heapBytes)}`,
        },
        {
          what: "first rows in sight moved",
          measured: rowsBefore === rowsAfter ? "no" : `from ${rowsBefore} to ${rowsAfter}`,
        },
      ],
    };
  } finally {
    sim.kill("SIGKILL");
    await browser.close();
    await site.close();
  }
}

/** Names of the rows in sight, in their order. */
async function rowsOf(page: Page): Promise<string> {
  const texts = await page.getByRole("row").allTextContents();
  return texts.flatMap((text) => /sim-[a-z]+-\d+/.exec(text)?.[0] ?? []).join(" ");
}

async function factsOf(devtools: CDPSession): Promise<Facts> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
  return { heapBytes: of("JSHeapUsedSize"), taskS: of("TaskDuration") };
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}
