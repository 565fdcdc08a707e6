import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Kvm } from "@nats-io/kv";
import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, onTestFinished, test } from "vitest";
import { type HistoryDesk, openHistoryDesk } from "../../src/app/history-desk.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { positionsBucket } from "../../src/core/subject.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams, startHistorian } from "../support/history.ts";
import { influxd } from "../support/influxd.ts";
import { isHere } from "../support/programs-here.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { victoriaMetrics } from "../support/victoria-metrics.ts";

const patient = { timeout: 60_000 };
const alike = { devices: 2, alike: 2, differing: [], outside: 0 };

describe.skipIf(!isHere("influxd", "version"))("history", () => {
  test("that was deleted is filled in again from the streams, and is the same then", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const events = Array.from({ length: 20 }, (_, at) => reading(`f${at % 2}`, at, at));
    await publishRecords(connection, "aaaaaaaa", 1, events);
    const historian = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => historian.state().points, patient).toBe(20);
    const desk = await deskOf(url, influx.url);
    expect(await desk.check()).toEqual(alike);

    await influx.query("drop database sluicegate");
    await influx.query("create database sluicegate");
    expect((await desk.check()).differing).toContain(
      "plant-a/gw1/f0 2026-11-21: 10 of 10 are missing",
    );
    const [gateway, ...others] = await all(desk.rebuild(0));
    expect(gateway).toEqual({ stream: "GW_gw1", messages: 20, points: 20 });
    expect(others.every(({ points }) => points === 0)).toBe(true);
    expect(await desk.check()).toEqual(alike);
    expect(historian.state().failing).toBe(undefined);
  });

  test("is the same after a historian forgot how far it was", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const events = Array.from({ length: 20 }, (_, at) => reading(`f${at % 2}`, at, at));
    await publishRecords(connection, "aaaaaaaa", 1, events);
    for (const _ of ["before", "after"]) {
      const historian = startHistorian(backbone, url, { url: influx.url });
      await expect.poll(() => historian.state().points, patient).toBe(20);
      await historian.stop();
      const bucket = await new Kvm(connection).open(positionsBucket);
      expect(await bucket.get("historian")).toBeTruthy();
      await bucket.destroy();
    }
    const desk = await deskOf(url, influx.url);
    expect(await desk.check()).toEqual(alike);
  });

  test("shows what the database refuses, and writes it again", async () => {
    const influx = await influxd();
    await influx.query("create database sluicegate");
    const foreign = "states,device=f1 online=5 1";
    await fetch(`${influx.url}/write?db=sluicegate`, { method: "POST", body: foreign });
    const { url, backbone, connection } = await setUpStreams();
    const gone: GatewayEvent = {
      ...reading("f1", 0, 0),
      kind: "status",
      data: { state: "offline", cause: "keepalive" },
      timeMs: 1_000,
    };
    await publishRecords(connection, "aaaaaaaa", 1, [gone]);
    const historian = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => historian.state().refused, patient).toBe(1);
    const desk = await deskOf(url, influx.url);

    const [refused] = await desk.refused();
    expect(refused?.line).toMatch(/^states,device=f1/);
    expect(refused?.reason).toContain("400: partial write");
    expect((await desk.retry()).map(({ stored }) => stored)).toEqual([false]);
    await influx.query("drop measurement states");
    expect((await desk.retry()).map(({ stored }) => stored)).toEqual([true]);
    expect(await desk.refused()).toEqual([]);
    expect(await influx.query("select online from states")).toHaveLength(1);
  });
});

async function all<T>(given: AsyncIterable<T>): Promise<T[]> {
  const taken: T[] = [];
  for await (const one of given) taken.push(one);
  return taken;
}

const dayMs = 86_400_000;

/** Of two days, one stored twice, some at times that no database holds, of devices with odd names. */
async function publishOdd(connection: NatsConnection): Promise<void> {
  const names = ["f0", "f1", 'a,b =c"d\\', `${"x".repeat(479)}😀😀`].map((name) =>
    name.slice(0, 500),
  );
  const days = [reading("", 0, 0).timeMs - dayMs, reading("", 0, 0).timeMs];
  const events = names.flatMap((name, at) =>
    days.map((timeMs) => ({ ...reading(name, at, 0), timeMs })),
  );
  const far = [Date.UTC(1600, 0, 1), Date.UTC(2300, 0, 1)];
  const odd = far.map((timeMs) => ({ ...reading("f0", 1, 0), timeMs }));
  await publishRecords(connection, "aaaaaaaa", 1, [...events, ...odd]);
  await publishRecords(connection, "aaaaaaaa", 1, events.slice(0, 1));
}

/** All but the far ones. */
const oddAlike = { devices: 4, alike: 4, differing: [], outside: 2 };

describe.skipIf(!isHere("influxd", "version"))("history check", () => {
  test("counts each day of each device in a policy of its own, and leaves out what cannot be there", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    await publishOdd(connection);
    const written = { url: influx.url, keep: "36500d" };
    const historian = startHistorian(backbone, url, written);
    await expect.poll(() => historian.state().refused, patient).toBe(2);
    const desk = await deskOf(url, written);
    expect(await desk.check()).toEqual(oddAlike);

    await influx.query("delete from samples where device = 'f1' and time < '2026-11-21'");
    expect(await desk.check()).toMatchObject({
      ...{ devices: 4, alike: 3, differing: ["plant-a/gw1/f1 2026-11-20: 1 of 1 are missing"] },
    });
  });
});

describe.skipIf(!isHere("victoria-metrics", "-version"))("history check of VictoriaMetrics", () => {
  test("counts each day of each device in its own language", async () => {
    const victoria = await victoriaMetrics();
    const { url, backbone, connection } = await setUpStreams();
    await publishOdd(connection);
    const written = { kind: "victoria-metrics", url: victoria.url };
    const historian = startHistorian(backbone, url, written);
    await expect.poll(() => historian.state(), patient).toMatchObject({ points: 8, refused: 2 });
    await victoria.series();
    const desk = await deskOf(url, written);
    expect(await desk.check()).toEqual(oddAlike);

    const gone = new URLSearchParams({ "match[]": 'samples_value{device="f1"}' });
    await fetch(`${victoria.url}/api/v1/admin/tsdb/delete_series?${gone}`);
    expect((await desk.check()).differing).toEqual([
      "plant-a/gw1/f1 2026-11-20: 1 of 1 are missing",
      "plant-a/gw1/f1 2026-11-21: 1 of 1 are missing",
    ]);
  });
});

/** The desk of a site with this backbone and database. */
async function deskOf(backbone: string, database: string | object): Promise<HistoryDesk> {
  const file = join(await tempFolder(), "sluicegate.yaml");
  const written = { site: "a", gateway: { id: "hub" }, backbone: { servers: [backbone] } };
  const historian = typeof database === "string" ? { url: database } : database;
  await writeFile(file, JSON.stringify({ ...written, historian }));
  const loaded = await loadSite(file, machineFiles({}));
  if (!loaded.ok) throw new Error("the configuration has faults");
  const desk = await openHistoryDesk(loaded.site, [backbone], silentLogger);
  onTestFinished(() => desk.close());
  return desk;
}
