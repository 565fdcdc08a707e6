/** The client library by itself: points that are there already, written in batches. */
import { InfluxDB } from "influx";
import { historyPoints } from "../history-events.ts";
import { answer, perSecondSince, readArguments } from "./answer.ts";
import type { InfluxAnswer, InfluxArguments } from "./reports.ts";

const { atOnce, batch, database, shape, url } = readArguments<InfluxArguments>();
const { hostname, port } = new URL(url);
const client = new InfluxDB({ database, hosts: [{ host: hostname, port: Number(port) }] });
await client.createDatabase(database);
const points = historyPoints(shape);
const before = process.cpuUsage();
const startedMs = performance.now();
let next = 0;
const write = async (): Promise<void> => {
  while (next < points.length) {
    const some = points.slice(next, next + batch);
    next += batch;
    await client.writePoints(some, { precision: "n" });
  }
};
await Promise.all(Array.from({ length: atOnce }, write));
const { system, user } = process.cpuUsage(before);
answer({
  perSecond: perSecondSince(startedMs, points.length),
  cpuUs: (system + user) / points.length,
} satisfies InfluxAnswer);
