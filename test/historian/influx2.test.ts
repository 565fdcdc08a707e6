/** With a real influxd of 2.x, where `INFLUXD2_BIN` names one. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { openHistoryDesk } from "../../src/app/history-desk.ts";
import { systemClock } from "../../src/app/system-clock.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { openDatabase } from "../../src/historian/database.ts";
import { historianOptions } from "../../src/historian/options.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { noSecrets, setUpStreams, startHistorian } from "../support/history.ts";
import { influxd2, influxd2Program } from "../support/influxd2.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

const patient = { timeout: 60_000 };

describe.skipIf(influxd2Program === undefined)("InfluxDB 2.x", () => {
  test("takes the same points at the same endpoint, and is asked for a bucket before", async () => {
    const influx = await influxd2(influxd2Program ?? "");
    const { url, backbone, connection } = await setUpStreams();
    const odd = { ...reading("f1", 7, 9), timeMs: Date.UTC(1600, 0, 1) };
    const hostile = reading('d,e v="1" \\\n', 7, 9);
    const events: GatewayEvent[] = [reading("f1", 1, 0), reading("f1", 2, 0), odd, hostile];
    await publishRecords(connection, "aaaaaaaa", 1, events);
    const written = { url: influx.url, token: { file: "influx.token" } };
    const secrets = { ...noSecrets, token: influx.token };
    const database = openDatabase(historianOptions.parse(written), secrets, systemClock);
    const historian = startHistorian(backbone, url, written, { database, random: () => 0 });
    await expect
      .poll(() => historian.state().failing?.reason, patient)
      .toContain("influx bucket create --name sluicegate");

    await influx.makeBucket("sluicegate");
    await expect.poll(() => historian.state(), patient).toMatchObject({ points: 3, refused: 1 });
    expect(historian.state().failing).toBe(undefined);

    const folder = await tempFolder();
    const file = join(folder, "sluicegate.yaml");
    await writeFile(join(folder, "influx.token"), influx.token);
    const site = { site: "a", gateway: { id: "hub" }, backbone: { servers: [url] } };
    await writeFile(file, JSON.stringify({ ...site, historian: written }));
    const loaded = await loadSite(file, machineFiles({}));
    if (!loaded.ok) throw new Error("the configuration has faults");
    const desk = await openHistoryDesk(loaded.site, [url], silentLogger);
    onTestFinished(() => desk.close());
    expect(await desk.check()).toMatchObject({ devices: 2, differing: [] });
  });

  test("counts what its bucket does not keep any more, and stores the rest", async () => {
    const influx = await influxd2(influxd2Program ?? "");
    await influx.makeBucket("short", 86_400);
    const written = { url: influx.url, database: "short" };
    const secrets = { ...noSecrets, token: influx.token };
    const database = openDatabase(historianOptions.parse(written), secrets, systemClock);
    onTestFinished(() => database.close());
    const old = ["samples,device=a value=1 5", "samples,device=b value=1 6"];
    const { signal } = new AbortController();
    const outcome = await database.write([...old, "samples,device=a value=1"], signal);
    expect(outcome).toEqual({ kind: "expired", points: 2 });
  });
});
