import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Kvm } from "@nats-io/kv";
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

const patient = { timeout: 60_000 };

describe.skipIf(!isHere("influxd", "version"))("history", () => {
  test("that was deleted is filled in again from the streams, and is the same then", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const events = Array.from({ length: 20 }, (_, at) => reading(`f${at % 2}`, at, at));
    await publishRecords(connection, "aaaaaaaa", 1, events);
    const historian = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => historian.state().points, patient).toBe(20);
    const desk = await deskOf(url, influx.url);
    expect(await desk.check()).toEqual({ devices: 2, differing: [] });

    await influx.query("drop database sluicegate");
    await influx.query("create database sluicegate");
    expect((await desk.check()).differing).toContain("plant-a/gw1/f0: 10 of 10 are missing");
    const [gateway, ...others] = await all(desk.rebuild(0));
    expect(gateway).toEqual({ stream: "GW_gw1", messages: 20, points: 20 });
    expect(others.every(({ points }) => points === 0)).toBe(true);
    expect(await desk.check()).toEqual({ devices: 2, differing: [] });
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
    expect(await desk.check()).toEqual({ devices: 2, differing: [] });
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

/** The desk of a site with this backbone and database. */
async function deskOf(backbone: string, database: string): Promise<HistoryDesk> {
  const file = join(await tempFolder(), "sluicegate.yaml");
  const written = { site: "a", gateway: { id: "hub" }, backbone: { servers: [backbone] } };
  await writeFile(file, JSON.stringify({ ...written, historian: { url: database } }));
  const loaded = await loadSite(file, machineFiles({}));
  if (!loaded.ok) throw new Error("the configuration has faults");
  const desk = await openHistoryDesk(loaded.site, [backbone], silentLogger);
  onTestFinished(() => desk.close());
  return desk;
}
