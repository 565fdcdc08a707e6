/**
 * Takes the pictures of the README, and one of the overview in each state of the link, all of a real
 * site with simulated devices.
 *
 *     npm run pictures
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { execPath } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { program } from "../support/gateway-program.ts";

const pictures = fileURLToPath(new URL("../../src/console/pictures/", import.meta.url));

const rules = `version: 1
groups:
  - name: cold_chain
    rules:
      - alert: FreezerWarm
        select: { profile: sluicegate/sim-freezer, metric: temperature }
        condition: { threshold: { above: -17.8 } }
        severity: critical
        annotations: { summary: "{{ device.name }} is at {{ value }} {{ unit }}" }
      - alert: MotorHot
        select: { profile: sluicegate/sim-motor, metric: winding_temp }
        condition: { threshold: { above: 66 } }
        severity: warning
        annotations: { summary: "{{ device.name }} is at {{ value }} {{ unit }}" }
`;

function simulate(site: ConsoleSite): ChildProcess {
  return spawn(
    execPath,
    [program, "sim", "--url", site.mqttUrl, "--devices", "24", "--every", "1s"],
    { stdio: "ignore" },
  );
}

async function take({ page }: Visitor, name: string): Promise<void> {
  await page.screenshot({ path: `${pictures}${name}.png` });
  process.stdout.write(`${name}.png\n`);
}

/** The link of the overview, once it is what it is to be. */
async function takeLink(visitor: Visitor, word: string): Promise<void> {
  await visitor.page.locator(`.status-link[data-link=${word}]`).waitFor({ timeout: 60_000 });
  await pause(1_000);
  await take(visitor, `link-${word}`);
}

async function takeReadme(browser: Browser): Promise<void> {
  const site = await consoleSite({
    files: { "rules.yaml": rules },
    configuration: "rules: { files: [rules.yaml] }\n",
  });
  await site.start();
  const sim = simulate(site);
  try {
    const visitor = await visit(browser, site);
    await pause(45_000);
    await site.stopBackbone();
    await takeLink(visitor, "buffering");
    await pause(20_000);
    await site.startBackbone();
    await takeLink(visitor, "linked");
    await pause(30_000);
    await take(visitor, "overview");
    await visitor.page.emulateMedia({ colorScheme: "dark" });
    await visitor.go("/flow");
    await pause(5_000);
    await take(visitor, "flow");
  } finally {
    sim.kill("SIGKILL");
    await site.close();
  }
}

await mkdir(pictures, { recursive: true });
const browser = await launchChromium();
try {
  await takeReadme(browser);
} finally {
  await browser.close();
}
