/**
 * Takes the pictures of the README, and one of the overview in each state of the link, all of a real
 * site with simulated devices.
 *
 *     npm run pictures
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { execPath } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import type { Browser } from "playwright-core";
import { launchChromium } from "../support/chromium.ts";
import { type ConsoleSite, consoleSite } from "../support/console-site.ts";
import { type Visitor, visit } from "../support/console-visitor.ts";
import { program } from "../support/gateway-program.ts";

const pictures = fileURLToPath(new URL("../../src/console/pictures/", import.meta.url));

const linkStates = fileURLToPath(new URL("link-states/", import.meta.url));

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

function simulate(site: ConsoleSite, every = "1s"): ChildProcess {
  return spawn(
    execPath,
    [program, "sim", "--url", site.mqttUrl, "--devices", "24", "--every", every],
    { stdio: "ignore" },
  );
}

async function take({ page }: Visitor, name: string): Promise<void> {
  await page.screenshot({ path: `${pictures}${name}.png` });
  process.stdout.write(`${name}.png\n`);
}

/** The overview, once the link is what it is to be. */
async function takeLink({ page }: Visitor, word: string): Promise<void> {
  await page.locator(`.status-link[data-link=${word}]`).waitFor({ timeout: 120_000 });
  await pause(1_000);
  await page.screenshot({ path: `${linkStates}${word}.png` });
  process.stdout.write(`${word}.png\n`);
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
    await pause(8_000);
    await take(visitor, "flow");
  } finally {
    sim.kill("SIGKILL");
    await site.close();
  }
}

/** A backbone that takes connections and says nothing. */
async function takeConnecting(browser: Browser): Promise<void> {
  const site = await consoleSite();
  await site.stopBackbone();
  const lines = new Set<Socket>();
  const silent = createServer((line) => void lines.add(line.on("error", () => {})));
  silent.listen(Number(new URL(site.natsUrl).port), "127.0.0.1");
  try {
    await site.start();
    await takeLink(await visit(browser, site), "connecting");
  } finally {
    for (const line of lines) line.destroy();
    silent.close();
    await site.close();
  }
}

/** Somebody else's stream has the subjects of the gateway. */
async function takeBlocked(browser: Browser): Promise<void> {
  const site = await consoleSite();
  const connection = await connect({ servers: site.natsUrl });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: "OTHER", subjects: ["ev.plant-a.gw1.>"] });
  await connection.close();
  const sim = simulate(site);
  try {
    await site.start();
    await takeLink(await visit(browser, site), "blocked");
  } finally {
    sim.kill("SIGKILL");
    await site.close();
  }
}

/** A buffer of 1 MiB that gives up its oldest events while the backbone is away. */
async function takeDropping(browser: Browser): Promise<void> {
  const site = await consoleSite({
    configuration: "buffer: { max_bytes: 1MiB, on_full: drop_oldest }\n",
  });
  await site.start();
  const visitor = await visit(browser, site);
  const sim = simulate(site, "100ms");
  try {
    await pause(3_000);
    await site.stopBackbone();
    await takeLink(visitor, "dropping");
  } finally {
    sim.kill("SIGKILL");
    await site.close();
  }
}

await mkdir(pictures, { recursive: true });
await mkdir(linkStates, { recursive: true });
const browser = await launchChromium();
try {
  await takeReadme(browser);
  await takeConnecting(browser);
  await takeBlocked(browser);
  await takeDropping(browser);
} finally {
  await browser.close();
}
