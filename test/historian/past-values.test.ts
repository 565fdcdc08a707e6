import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { type Database, openDatabase } from "../../src/historian/database.ts";
import { addEventPoints } from "../../src/historian/event-points.ts";
import { historianOptions } from "../../src/historian/options.ts";
import { prepareDatabase } from "../../src/historian/prepare-database.ts";
import { origin, storedEvent } from "../support/gateway-stream.ts";
import { noSecrets } from "../support/history.ts";
import { influxd } from "../support/influxd.ts";
import { silentLogger } from "../support/silence.ts";
import { victoriaMetrics } from "../support/victoria-metrics.ts";
import { waitUntil } from "../support/wait-until.ts";

const minuteMs = 60_000;
/** A name that queries and selectors have to escape. */
const device = toDeviceId(`f'1" or 'a`);
const fromMs = Math.floor(systemClock.wallMs() / minuteMs) * minuteMs - 10 * minuteMs;

function told(second: number, value: number | string, quality: "good" | "bad" = "good") {
  const timeMs = fromMs + second * 1_000;
  const name = typeof value === "string" ? "door" : "temperature";
  const event: GatewayEvent = {
    ...{ kind: "measurement", device, timeMs, receivedMs: timeMs, clock: "device" },
    data: [{ name, unit: "Cel", value, quality }],
  };
  return storedEvent(event, "aaaaaaaa", second + 1);
}

async function written(written: object): Promise<Database> {
  const options = historianOptions.parse(written);
  const database = openDatabase(options, noSecrets, systemClock);
  await prepareDatabase(database, options, silentLogger);
  const lines: string[] = [];
  const events = [told(0, 1), told(10, 3), told(59, 8), told(60, 5), told(70, 900, "bad")];
  for (const event of [...events, told(5, "open")]) addEventPoints(lines, event, database.form);
  expect(await database.write(lines, new AbortController().signal)).toMatchObject({
    kind: "stored",
  });
  return database;
}

const wish = { origin, device, metric: "temperature", fromMs, toMs: fromMs + 10 * minuteMs };
const steps = [
  { atMs: fromMs, min: 1, max: 8, sum: 12, count: 3 },
  { atMs: fromMs + minuteMs, min: 5, max: 5, sum: 5, count: 1 },
];

test("InfluxDB puts values together by steps, and knows how far back it goes", async () => {
  const { url } = await influxd();
  const database = await written({ url });
  const { signal } = new AbortController();
  expect(await database.past({ ...wish, stepMs: minuteMs }, signal)).toEqual({
    ...{ steps, texts: [], unit: "Cel", firstMs: fromMs },
  });
  const door = await database.past({ ...wish, metric: "door", stepMs: minuteMs }, signal);
  expect(door.texts).toEqual([{ atMs: fromMs + 5_000, value: "open" }]);
  database.close();
});

test("VictoriaMetrics puts values together by the same steps", async () => {
  const program = await victoriaMetrics();
  const { url } = program;
  const database = await written({ url, kind: "victoria-metrics" });
  const { signal } = new AbortController();
  // It shows what was written a moment ago.
  await program.series();
  const past = await waitUntil(async () => {
    const found = await database.past({ ...wish, stepMs: minuteMs }, signal);
    return found.steps.length === 2 && found;
  }, "it shows what was written");
  expect(past).toEqual({ steps, texts: [], unit: "Cel", firstMs: undefined });
  database.close();
});
