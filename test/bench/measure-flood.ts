/** How long it takes to tell of an outage: thousands of alerts of one site that fire at once. */
import { connect } from "@nats-io/transport-node";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { waitWhileMoving } from "../support/wait-until.ts";
import { alertsAtOnce, appendAtOnce } from "./alerts-at-once.ts";
import {
  type Figure,
  type FigureGroup,
  formatCount,
  formatMegabytes,
  formatMs,
} from "./figures.ts";
import { openNoticeReceiver, type Told } from "./notice-receiver.ts";
import { readProcess } from "./process-facts.ts";
import type { Workshop } from "./workshop.ts";

/** One way to be told of them. */
interface Way {
  readonly receiver: string;
  readonly what: string;
  /** Of its route. */
  readonly group: string;
}

const groupWaitMs = 5_000;
const wait = `group_wait: ${groupWaitMs}ms, group_interval: ${groupWaitMs}ms`;
const ways: readonly Way[] = [
  { receiver: "site", what: "one group", group: `group_by: [alertname, site], ${wait}, ` },
  {
    receiver: "gateway",
    what: "a group for each gateway",
    group: `group_by: [alertname, site, gateway], ${wait}, `,
  },
  { receiver: "each", what: "each by itself", group: "" },
];
const patienceMs = 60_000;

/** What a receiver was told of. */
class Count {
  notices = 0;
  alerts = 0;
  lastMs = 0;

  take({ atMs, body }: Told): void {
    const { alerts, left_out: leftOut } = body;
    this.notices += 1;
    this.alerts += Array.isArray(alerts) ? alerts.length + Number(leftOut ?? 0) : 1;
    this.lastMs = atMs;
  }
}

export async function measureFlood(
  workshop: Workshop,
  alerts: number,
  nodeOptions: readonly string[],
): Promise<FigureGroup> {
  const figures: Figure[] = [];
  for (const way of ways) figures.push(...(await tell(workshop, way, alerts, nodeOptions)));
  return { title: `An outage: ${formatCount(alerts)} alerts of a site at once`, figures };
}

/** A notifier that tells one receiver; everything was there before it began. */
async function tell(
  workshop: Workshop,
  { group, receiver, what }: Way,
  alerts: number,
  nodeOptions: readonly string[],
): Promise<readonly Figure[]> {
  const nats = await workshop.nats();
  const connection = await connect({ servers: nats.url, noAsyncTraces: true });
  await ensureStream(connection, alertsStreamContract(backboneOptions.parse({})));
  const count = new Count();
  const hook = await openNoticeReceiver((told) => count.take(told));
  const notifier = await workshop.role({
    role: "notifier",
    natsUrl: nats.url,
    nodeOptions: [...workshop.tellsBlocks, ...nodeOptions],
    configuration: `notify:
  receivers:
    ${receiver}: { kind: webhook, url: "${hook.url}/${receiver}" }
  routes: [{ ${group}receivers: [${receiver}] }]
  default: [${receiver}]`,
  });
  await notifier.start();
  // Once it is told of something, it listens.
  await appendAtOnce(connection, alertsAtOnce(1, Date.now(), "Listening"));
  await waitWhileMoving(
    () => count.alerts === 1,
    () => count.alerts,
    "the notifier listens",
  );
  notifier.forgetBlocks();
  const before = readProcess(notifier.pid);
  const beganMs = Date.now();
  await appendAtOnce(connection, alertsAtOnce(alerts, beganMs, "FreezerWarm"));
  const appendedMs = Date.now() - beganMs;
  await waitWhileMoving(
    () => count.alerts > alerts,
    () => count.alerts,
    "everything is told",
    patienceMs,
  );
  const after = readProcess(notifier.pid);
  const longestBlockMs = await notifier.stop();
  await hook.close();
  await connection.close();
  await nats.kill();
  const tookMs = count.lastMs - beganMs;
  return [
    { what: `${what}: all are told after`, measured: formatMs(tookMs) },
    { what: `${what}: of these, until all were stored`, measured: formatMs(appendedMs) },
    {
      what: `${what}: notices`,
      measured: `${formatCount(count.notices - 1)}, ${formatCount(((count.notices - 1) * 1_000) / tookMs)}/s`,
    },
    {
      what: `${what}: processor time per alert`,
      measured: `${(((after.cpuMs - before.cpuMs) * 1_000) / alerts).toFixed(0)} µs`,
    },
    { what: `${what}: longest block`, measured: formatMs(longestBlockMs), goal: "under 50 ms" },
    {
      what: `${what}: memory before and at its highest (RSS)`,
      measured: `${formatMegabytes(before.rssBytes)}, ${formatMegabytes(after.peakRssBytes)}`,
    },
  ];
}
