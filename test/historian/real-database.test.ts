/** The historian and its commands with a real influxd, through what happens to one. */
import { readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createServer } from "node:tls";
import { describe, expect, onTestFinished, test } from "vitest";
import { type HistoryDesk, openHistoryDesk } from "../../src/app/history-desk.ts";
import { openSiteDatabase } from "../../src/app/open-site-database.ts";
import { loadSite } from "../../src/config/site/load-site.ts";
import { machineFiles } from "../../src/config/site/site-files.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { createRuleEngine } from "../../src/rules/engine.ts";
import { ruleSet } from "../rules/gateway-script.ts";
import { testBackbone } from "../support/backbone.ts";
import { TestAuthority } from "../support/certificates.ts";
import { publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { setUpStreams, startHistorian } from "../support/history.ts";
import { influxd } from "../support/influxd.ts";
import { isHere } from "../support/programs-here.ts";
import { answer, scriptedDatabase } from "../support/scripted-database.ts";
import { silentLogger } from "../support/silence.ts";
import { startProcessor } from "../support/start-processor.ts";
import { tempFolder } from "../support/temp-folder.ts";

const patient = { timeout: 60_000 };
const { signal } = new AbortController();

/** A site that writes its history there, with files beside its configuration. */
async function siteWith(historian: object, files: Readonly<Record<string, string>> = {}) {
  const folder = await tempFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const file = join(folder, "sluicegate.yaml");
  await writeFile(file, JSON.stringify({ site: "a", gateway: { id: "hub" }, historian }));
  const loaded = await loadSite(file, machineFiles({}));
  if (!loaded.ok || !loaded.site.config.historian) throw new Error("the configuration has faults");
  return { site: loaded.site, options: loaded.site.config.historian };
}

async function deskOf(backbone: string, historian: object): Promise<HistoryDesk> {
  const { site } = await siteWith(historian);
  const desk = await openHistoryDesk(site, [backbone], silentLogger);
  onTestFinished(() => desk.close());
  return desk;
}

async function written(given: AsyncIterable<{ readonly points: number }>): Promise<number> {
  let points = 0;
  for await (const one of given) points += one.points;
  return points;
}

test("a token out of a file stands in each write, and its line end does not", async () => {
  const scripted = await scriptedDatabase([answer(204)]);
  const wish = { url: scripted.url, token: { file: "influx.token" } };
  const { options, site } = await siteWith(wish, { "influx.token": "abc-_=\n" });
  const database = await openSiteDatabase(site, options, {});
  onTestFinished(() => database.close());
  expect(await database.write(["samples value=1 1"], signal)).toEqual({ kind: "stored" });
  expect(scripted.heads[0]?.authorization).toBe("Token abc-_=");
});

describe.skipIf(!isHere("influxd", "version"))("InfluxDB 1.x", () => {
  test("has what rules derive at the start of each pane, a correction in its place", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const rules = ruleSet({
      ...{ record: "minute", select: { metric: "temperature" }, agg: "avg", every: "1m" },
      lateness: "10m",
    });
    startProcessor(url, { createEngine: () => createRuleEngine(rules) });
    const historian = startHistorian(backbone, url, { url: influx.url });
    await publishRecords(connection, "aaaaaaaa", 1, [
      reading("f1", 10, 10),
      reading("f1", 20, 50),
      reading("f1", 0, 70),
      markOf(71),
      { ...reading("f1", 60, 30), receivedMs: startMs + 72_000 },
      reading("f1", 0, 190),
      markOf(191),
    ]);
    const query = 'select value, "count", rev, "series", agg, device from derived';
    const rows = async () => (await influx.query(query).catch(() => []))[0]?.values;
    await expect.poll(rows, patient).toEqual([
      ["2026-11-21T14:00:00Z", 30, 3, 2, "minute", "avg", "f1"],
      ["2026-11-21T14:01:00Z", 0, 1, 1, "minute", "avg", "f1"],
    ]);
    expect(historian.state().refused).toBe(0);
  });

  test("that is deleted while it is written to is made again, and filled again from a time on", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const wish = { url: influx.url, keep: "36500d" };
    const historian = startHistorian(backbone, url, wish);
    const readings = (from: number): GatewayEvent[] =>
      Array.from({ length: 10 }, (_, at) => reading("f1", at, from + at));
    await publishRecords(connection, "aaaaaaaa", 1, readings(0));
    await expect.poll(() => historian.state().points, patient).toBe(10);

    await influx.query("drop database sluicegate");
    await publishRecords(connection, "aaaaaaaa", 11, readings(10));
    await expect.poll(() => historian.state().points, patient).toBe(20);
    expect(historian.state().failing).toBe(undefined);
    const count = async () => {
      const [series] = await influx.query('select count(value) from "sluicegate"."samples"');
      return series?.values[0]?.[1];
    };
    expect(await count()).toBe(10);

    const desk = await deskOf(url, wish);
    expect(await written(desk.rebuild(startMs + 5_000))).toBe(15);
    expect(await count()).toBe(15);
    expect(await written(desk.rebuild(Number.NEGATIVE_INFINITY))).toBe(20);
    expect(await count()).toBe(20);
  });

  test("keeps a policy that somebody changed, and the journal says so once", async () => {
    const influx = await influxd();
    const { url, backbone } = await setUpStreams();
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (text: string) => void warnings.push(text) };
    const policies = async () => (await influx.query("show retention policies"))[0]?.values ?? [];
    const first = startHistorian(backbone, url, { url: influx.url, keep: "30d" }, { logger });
    await expect.poll(() => policies().catch(() => []), patient).toHaveLength(2);
    await first.stop();
    await influx.query("alter retention policy sluicegate on sluicegate duration 60d");
    expect(warnings).toEqual([]);
    const again = testBackbone(url, "again");
    startHistorian(again, url, { url: influx.url, keep: "30d" }, { logger });
    await expect.poll(() => warnings, patient).toHaveLength(1);
    expect(warnings[0]).toContain("ALTER RETENTION POLICY");
    expect(await policies()).toContainEqual(["sluicegate", "1440h0m0s", "24h0m0s", 1, false]);
  });

  test("is written to and asked behind a certificate of one's own CA, by a user with a password", async () => {
    const influx = await influxd("auth-enabled = true");
    await influx.query("create user hist with password 'p w' with all privileges");
    const folder = await tempFolder();
    const authority = await TestAuthority.create(folder, "ca");
    const port = await behindTls(await authority.sign("db"), new URL(influx.url).port);
    const ca = await readFile(authority.files.cert, "utf8");
    const wish = { url: `https://127.0.0.1:${port}`, username: "hist", password: { file: "pw" } };
    const files = { "ca.pem": ca, pw: "p w\n" };
    const { options, site } = await siteWith({ ...wish, tls: { ca: "ca.pem" } }, files);
    const database = await openSiteDatabase(site, options, {});
    onTestFinished(() => database.close());
    await database.queries?.createDatabase();
    expect(await database.write(["samples,device=d value=1 1"], signal)).toEqual({
      kind: "stored",
    });
    expect(await database.counted().totalsOfDay(0)).toEqual(
      new Map([["//d", { count: 1, sum: 1 }]]),
    );

    const strange = await siteWith(wish, files);
    const untrusted = await openSiteDatabase(strange.site, strange.options, {});
    onTestFinished(() => untrusted.close());
    expect(await untrusted.write(["samples value=1 1"], signal)).toMatchObject({
      ...{ kind: "trouble", reason: expect.stringMatching(/unable to verify|self.signed/) },
    });
    const wrong = await siteWith({ ...wish, tls: { ca: "ca.pem" } }, { ...files, pw: "x" });
    const refused = await openSiteDatabase(wrong.site, wrong.options, {});
    onTestFinished(() => refused.close());
    expect(await refused.write(["samples value=1 1"], signal)).toMatchObject({ needsPeople: true });
  });
});

function markOf(second: number): GatewayEvent {
  const t = startMs + second * 1_000;
  const moment = { timeMs: t, receivedMs: t, clock: "gateway" } as const;
  return { ...moment, kind: "watermark", device: null, data: { t } };
}

/** What is there in plain, in TLS; gone when the test ends. */
async function behindTls(files: { cert: string; key: string }, plainPort: string) {
  const [cert, key] = await Promise.all([readFile(files.cert), readFile(files.key)]);
  const server = createServer({ cert, key }, (socket) => {
    const plain = connect(Number(plainPort), "127.0.0.1");
    for (const [one, other] of [
      [socket, plain],
      [plain, socket],
    ] as const) {
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" ? address?.port : undefined;
}
