import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { joinMemory } from "../../src/rules/engine-snapshot.ts";
import { publishPlay } from "../faults/alert-play.ts";
import { at, GatewayScript, minutes, startMs } from "../rules/gateway-script.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import { makeGatewayStream } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { startNotifier } from "../support/notifying.ts";
import { withShippedRules } from "../support/shipped-rules.ts";
import { startProcessor } from "../support/start-processor.ts";
import { webhookServer } from "../support/webhook-server.ts";

const devices = Array.from({ length: 20 }, (_, n) => `d${n + 1}`);
const rules = withShippedRules({
  version: 1,
  groups: [
    {
      name: "cold_chain",
      rules: [
        {
          alert: "FreezerWarm",
          select: { metric: "temperature" },
          condition: { threshold: { above: -15 } },
          for: "2m",
          severity: "warning",
        },
      ],
    },
  ],
});

/** When devices are warm, in minutes; d1 to d12 within the outage. */
const warm = new Map<string, readonly [from: number, to: number]>([
  ...devices.slice(0, 12).map((device, n) => [device, [12 + n, 17 + n]] as const),
  ["d13", [40, 99]],
  ["d14", [41, 99]],
  ["d15", [5, 20]],
]);
const cutMinute = 10;
const backMinute = 50;
/** The last word of d16. */
const deadMinute = 30;

/** What the gateway has in its log, whether the hub hears it or not. */
function writeLog(): { script: GatewayScript; cutAt: number } {
  const script = new GatewayScript();
  for (const device of devices) script.device(device, { intervalMs: minutes });
  let cutAt = 0;
  for (let minute = 0; minute <= backMinute; minute += 1) {
    for (const device of devices) {
      if (device === "d16" && minute > deadMinute) continue;
      const [from, to] = warm.get(device) ?? [99, 99];
      script.sample(device, minute * minutes, minute >= from && minute < to ? -10 : -20);
    }
    script.watermark(minute * minutes, undefined, minute * minutes);
    if (minute === cutMinute) cutAt = script.events.length;
  }
  return { script, cutAt };
}

interface Told {
  readonly cause?: string;
  readonly alerts?: readonly TellsOf[];
}
interface TellsOf {
  readonly rule: string;
  readonly labels: { readonly device: string };
  readonly state: string;
  readonly late: boolean;
  readonly started_at: string;
  readonly fired_at: string;
  readonly ended_at: string | null;
  readonly observed_at: string;
}

test("an outage of forty minutes makes no device silent; what began and ended in it is told in one digest, what still fires by itself, each with its times", async () => {
  const { url } = await natsServer();
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const hook = await webhookServer();
  const chat = await webhookServer();
  const receivers = {
    hook: { kind: "webhook", url: hook.url, timeout: "2m" },
    chat: { kind: "ntfy", url: chat.url, topic: "cold", timeout: "2m" },
  };
  const options = notifyOptions.parse({ receivers, late: "digest" });
  let nowMs = startMs + cutMinute * minutes;
  const wallMs = (): number => nowMs;
  startProcessor(url, {
    clock: { ...systemClock, wallMs },
    createEngine: (memory) =>
      createRuleEngine(rules, memory && joinMemory(memory.head, memory.parts)),
  });
  await startNotifier(testBackbone(url), url, receivers, undefined, {
    clock: { ...fastClock(5), wallMs },
    options,
  });
  const posts = (): (Told & TellsOf)[] => hook.posts.map(({ body }) => JSON.parse(body));
  const { cutAt, script } = writeLog();

  await publishPlay(connection, script.events.slice(0, cutAt), 0);
  await expect.poll(() => posts().length, { timeout: 60_000 }).toBe(1);
  nowMs = startMs + backMinute * minutes;
  await publishPlay(connection, script.events.slice(cutAt), cutAt);
  await expect.poll(() => posts().length, { timeout: 60_000 }).toBe(6);

  const [before, ...after] = posts();
  expect(before).toMatchObject({ labels: { device: "d15" }, state: "firing", late: false });
  const [digest, ...others] = after.filter(({ cause }) => cause === "digest");
  expect(others).toEqual([]);
  const times = ({ ended_at, fired_at, labels, started_at }: TellsOf): unknown => [
    labels.device,
    started_at,
    fired_at,
    ended_at,
  ];
  const inTheOutage = devices.slice(0, 12).map((device, n) => {
    const [from, to] = [(12 + n) * minutes, (17 + n) * minutes];
    return [device, at(from), at(from + 2 * minutes), at(to)];
  });
  expect(digest?.alerts?.map(times).sort()).toEqual(inTheOutage.sort());
  const single = after.filter(({ cause }) => cause === undefined);
  const learned = { late: true, observed_at: at(backMinute * minutes) };
  expect(
    single.sort((one, other) => one.labels.device.localeCompare(other.labels.device)),
  ).toMatchObject([
    { labels: { device: "d13" }, state: "firing", fired_at: at(42 * minutes), ...learned },
    { labels: { device: "d14" }, state: "firing", fired_at: at(43 * minutes), ...learned },
    { labels: { device: "d15" }, state: "ended", ended_at: at(20 * minutes), ...learned },
    { rule: "sluicegate/DeviceSilent", labels: { device: "d16" }, state: "firing", ...learned },
  ]);
  const silent = (await storedTransitions(connection)).filter(({ rule }) => /Silent/.test(rule));
  expect(silent.map(({ fired_at, labels }) => [labels["device"], fired_at])).toEqual([
    ["d16", at((deadMinute + 3) * minutes)],
  ]);
  expect(new Set(hook.posts.map(({ headers }) => headers["idempotency-key"])).size).toBe(6);
  await expect.poll(() => chat.posts.length, { timeout: 60_000 }).toBe(6);
  const said = chat.posts
    .map(({ body }) => body)
    .findLast((body) => body.includes("FIRING warning] FreezerWarm d13"));
  expect(said).toMatch(/Since: 2026-11-21 12:40:00 UTC.*learned 2026-11-21 12:50:00 UTC/);
}, 180_000);
