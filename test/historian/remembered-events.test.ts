/** What was written into a real influxd, read back as events. */
import { describe, expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { StoredEvent } from "../../src/core/event.ts";
import { toDeviceId, toGatewayId, toRunId, toSeq, toSiteId } from "../../src/core/ids.ts";
import { openDatabase } from "../../src/historian/database.ts";
import { addEventPoints } from "../../src/historian/event-points.ts";
import { historyRows } from "../../src/historian/history-rows.ts";
import { historianOptions } from "../../src/historian/options.ts";
import { rememberedEvents, rememberedGateways } from "../../src/historian/remembered-events.ts";
import { Backtest } from "../../src/rules/trial/backtest.ts";
import { recorded } from "../rules/trial/recorded.ts";
import { trialRules, warm } from "../rules/trial/trials.ts";
import { noSecrets } from "../support/history.ts";
import { influxd } from "../support/influxd.ts";
import { isHere } from "../support/programs-here.ts";

const everything = { from: -9_000_000_000_000_000_000n, to: 9_000_000_000_000_000_000n };

/** A database with the points of these events. */
async function databaseWith(events: readonly StoredEvent[]) {
  const influx = await influxd();
  await influx.query("create database sluicegate");
  const options = historianOptions.parse({ url: influx.url });
  const database = openDatabase(options, noSecrets, systemClock);
  onTestFinished(() => database.close());
  const lines: string[] = [];
  for (const event of events) addEventPoints(lines, event, { texts: true });
  const { signal } = new AbortController();
  expect(await database.write(lines, signal)).toEqual({ kind: "stored" });
  if (!database.queries) throw new Error("it cannot be asked");
  return database.queries;
}

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const one of given) taken.push(one);
  return taken;
}

const gateway = { site: toSiteId("plant a\\"), gateway: toGatewayId("gw'1") };
let seq = 0;

function event(device: string, timeMs: number, rest: object): StoredEvent {
  seq += 1;
  const position = { run: toRunId("aaaaaaaa"), seq: toSeq(seq) };
  const moment = { timeMs, receivedMs: timeMs, clock: "device" } as const;
  const measured = { kind: "measurement", data: [] } as const;
  const about = { ...measured, ...moment, device: toDeviceId(device) };
  return { ...about, ...rest, origin: gateway, position };
}

describe.skipIf(!isHere("influxd", "version"))("a database", () => {
  test("gives back what devices said, each event whole, in the order of their times", async () => {
    const start = Date.UTC(2026, 10, 21, 14);
    const data = [
      { name: "door", value: true, quality: "uncertain" },
      { name: "t\n1", value: -11.5, unit: "Cel", quality: "good" },
      { name: "mode", value: 'a "b" \\ c', quality: "bad" },
    ] as const;
    const one = { name: "n", value: 1, quality: "good" } as const;
    const said = [
      event("d,1 =\\", start, { data }),
      event("d,1 =\\", start, { data: [one] }),
      event("e%0A", start, { data: [{ ...one, value: 2 }] }),
      event("e%0A", start + 5, { kind: "status", data: { state: "offline", cause: "will" } }),
      event("f", -5, { data: [{ ...one, value: 5e-324 }] }),
    ];
    const queries = await databaseWith(said);
    const [found, ...others] = await rememberedGateways(queries);
    expect(others).toEqual([]);
    if (!found) throw new Error("no gateway is there");
    expect(found.origin).toEqual(gateway);
    const events = await all(
      rememberedEvents(queries, found, { ...everything, records: new Map() }),
    );
    const heard = events.filter(({ kind }) => kind !== "watermark");
    const spoken = (given: StoredEvent | undefined) => ({
      ...{ device: given?.device, timeMs: given?.timeMs, data: given?.data },
    });
    const [a, b, c, d, early] = said;
    expect(heard.map(spoken)).toEqual([early, a, b, c, d].map(spoken));
  });

  test("gives back every point of a moment, however few a page holds", async () => {
    const data = Array.from({ length: 9 }, (_, value) => {
      return { name: `m${value}`, value, quality: "good" } as const;
    });
    const said = [1_000, 2_000, 3_000].map((timeMs) => event("d", timeMs, { data }));
    const queries = await databaseWith(said);
    const wish = { measurement: "samples", columns: ["metric", "value"], where: "time > 0" };
    const rows = await all(historyRows(queries, { ...wish, ...everything, pageRows: 4 }));
    expect(rows.map(({ columns }) => columns["value"])).toEqual(
      Array.from({ length: 27 }, (_, at) => at % 9),
    );
  });

  test("makes a backtest find the episodes that the streams hold, with their times", async () => {
    const events = recorded("-18x5 -10x30 -18x20 -10x20 -18x20 -5x15");
    const queries = await databaseWith(events);
    const [found] = await rememberedGateways(queries);
    if (!found) throw new Error("no gateway is there");
    const rules = trialRules([warm]);
    const [streams, database] = [new Backtest(rules), new Backtest(rules)];
    for (const each of events) streams.feed(each);
    const records = new Map(
      events.flatMap((each) => (each.kind === "device" ? [[each.data.device, each.data]] : [])),
    );
    for await (const each of rememberedEvents(queries, found, { ...everything, records }))
      database.feed(each);
    const { episodes } = streams.result();
    expect(episodes).toHaveLength(3);
    expect(database.result().episodes).toEqual(episodes);
  });
});
