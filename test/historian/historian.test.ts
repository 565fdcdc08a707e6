/** With a real influxd; a machine without one leaves these out, and says so. */
import { describe, expect, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { readRefusedPoints } from "../../src/stream/history-rejected.ts";
import { createPositionStore } from "../../src/stream/reading-positions.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, testBackbone } from "../support/backbone.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams, startHistorian } from "../support/history.ts";
import { type InfluxProgram, influxd } from "../support/influxd.ts";
import { append, transition } from "../support/notifying.ts";
import { isHere } from "../support/programs-here.ts";
import { victoriaMetrics } from "../support/victoria-metrics.ts";

const patient = { timeout: 60_000 };

/** Count and sum over all devices. */
async function totals(influx: InfluxProgram): Promise<unknown> {
  const query = "select count(value), sum(value) from samples";
  const [series] = await influx.query(query).catch(() => []);
  return series?.values[0]?.slice(1);
}

const readings = (count: number, from = 0): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading(`f${at % 3}`, from + at, from + at));

describe.skipIf(!isHere("influxd", "version"))("a historian", () => {
  test("makes a point of every event, also where two are of one millisecond", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const twice = [reading("freezer-07", 1, 0), reading("freezer-07", 2, 0)];
    await publishRecords(connection, "aaaaaaaa", 1, [...twice, reading("freezer-08", 4, 1)]);

    const historian = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => historian.state().points, patient).toBe(3);

    const query = "select value, metric, unit, quality from samples group by device";
    const series = await influx.query(query);
    expect(series.map(({ tags, values }) => [tags?.["device"], values])).toEqual([
      [
        "freezer-07",
        [
          ["2026-11-21T14:00:00.000000001Z", 1, "temperature", "Cel", "good"],
          ["2026-11-21T14:00:00.000000002Z", 2, "temperature", "Cel", "good"],
        ],
      ],
      ["freezer-08", [["2026-11-21T14:00:01.000000003Z", 4, "temperature", "Cel", "good"]]],
    ]);
  });

  test("keeps names of strangers inside their tags", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const names = [
      "a,b =c",
      'q"uo\\te\\',
      "time",
      "a\nevil v=666 1\nb",
      "ünï, =",
      "x".repeat(1_024),
    ];
    const data = names.map((name, value) => ({ name, value, quality: "good" }) as const);
    const { timeMs } = reading("d", 0, 0);
    const event = { kind: "measurement", timeMs, receivedMs: timeMs, clock: "device" } as const;
    const device = toDeviceId('d,e v="1" \\');
    await publishRecords(connection, "aaaaaaaa", 1, [{ ...event, device, data }]);

    const historian = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => historian.state().points, patient).toBe(names.length);

    const measurements = await influx.query("show measurements");
    expect(measurements[0]?.values).toEqual([["samples"]]);
    const series = await influx.query("select value from samples group by device, metric");
    expect(series).toHaveLength(names.length);
    expect(series[0]?.tags?.["device"]).toBe('d,e v="1" %5C');
  });

  test("stores what is good of a write, and keeps what is refused until it is taken", async () => {
    const influx = await influxd();
    await influx.query("create database sluicegate");
    const foreign = "states,device=f1 online=5 1";
    await fetch(`${influx.url}/write?db=sluicegate`, { method: "POST", body: foreign });
    const { url, backbone, connection } = await setUpStreams();
    const gone: GatewayEvent = {
      ...reading("f1", 0, 0),
      kind: "status",
      data: { state: "offline", cause: "keepalive" },
      // In the week of the foreign point: its shard knows the type.
      timeMs: 1_000,
    };
    await publishRecords(connection, "aaaaaaaa", 1, [reading("f1", 1, 0), gone, ...readings(5, 1)]);

    const historian = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => historian.state().points, patient).toBe(6);

    expect(historian.state()).toMatchObject({ refused: 1, failing: undefined });
    const [refused] = await readRefusedPoints(connection);
    expect(refused?.line).toMatch(/^states,.*online=false/);
    expect(refused?.reason).toContain("field type conflict");
  });

  test("loses nothing while the database is killed and started again", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const historian = startHistorian(backbone, url, { url: influx.url, batch: { age: "10ms" } });
    await publishRecords(connection, "aaaaaaaa", 1, readings(50));
    await expect.poll(() => totals(influx), patient).toEqual([50, 1_225]);

    await influx.kill();
    await publishRecords(connection, "aaaaaaaa", 51, readings(50, 50));
    await expect.poll(() => historian.state().failing?.reason, patient).toContain("no answer");
    await influx.start();

    await expect.poll(() => totals(influx), patient).toEqual([100, 4_950]);
    await expect.poll(() => historian.state().failing, patient).toBe(undefined);
  });

  test("saves where it is only once the database has it, and goes on from there", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const store = createPositionStore("historian", backbone, backboneOptionsFor(url), Math.random);
    const readUpTo = async (): Promise<number | undefined> => {
      const { positions } = await store.load(AbortSignal.timeout(5_000));
      return positions?.gateways["GW_gw1"]?.mark.streamSeq;
    };
    await influx.kill();
    await publishRecords(connection, "aaaaaaaa", 1, readings(10));
    const first = startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => first.state().failing?.reason, patient).toContain("no answer");
    expect(await readUpTo()).toBe(undefined);
    await influx.start();
    await expect.poll(readUpTo, patient).toBe(10);
    await first.stop();

    await publishRecords(connection, "aaaaaaaa", 11, readings(10, 10));
    const next = startHistorian(testBackbone(url, "next"), url, { url: influx.url });
    await expect.poll(() => totals(influx), patient).toEqual([20, 190]);
    expect(next.state().points).toBe(10);
  });

  test("keeps an alert episode as one point, which its end overwrites", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
    const historian = startHistorian(backbone, url, { url: influx.url });
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => historian.state().points, patient).toBe(1);
    await append(connection, transition("f1", 1, 2));
    await expect.poll(() => historian.state().points, patient).toBe(2);

    const query = "select firing, severity, duration_s, summary, device, instance from alerts";
    const [series] = await influx.query(query);
    expect(series?.values.map(([, ...fields]) => fields)).toEqual([
      [false, "warning", 1, "f1 is warm", "f1", "f1"],
    ]);
  });

  test("makes its retention policy, and counts what is older than that", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const old = { ...reading("f1", 1, 0), timeMs: Date.UTC(2001, 0, 1) };
    await publishRecords(connection, "aaaaaaaa", 1, [old]);

    const historian = startHistorian(backbone, url, { url: influx.url, keep: "30d" });
    await expect.poll(() => historian.state().expired, patient).toBe(1);

    const [policies] = await influx.query("show retention policies");
    expect(policies?.values).toContainEqual(["sluicegate", "720h0m0s", "24h0m0s", 1, false]);
  });

  test("writes less at a time where the database finds a write too large", async () => {
    const influx = await influxd("max-body-size = 2000");
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(100));
    startHistorian(backbone, url, { url: influx.url });
    await expect.poll(() => totals(influx), patient).toEqual([100, 4_950]);
  });

  test("leaves the writing to one of several, and takes over from it", async () => {
    const influx = await influxd();
    const { url, backbone, connection } = await setUpStreams();
    const one = startHistorian(backbone, url, { url: influx.url });
    await publishRecords(connection, "aaaaaaaa", 1, readings(5));
    await expect.poll(() => one.state().points, patient).toBe(5);
    const other = startHistorian(testBackbone(url, "other"), url, { url: influx.url });
    await expect.poll(() => other.state().standby, patient).toBe(true);

    await one.stop();
    await publishRecords(connection, "aaaaaaaa", 6, readings(5, 5));
    await expect.poll(() => other.state().points, patient).toBe(5);
    expect(await totals(influx)).toEqual([10, 45]);
  });
});

describe.skipIf(!isHere("victoria-metrics", "-version"))("VictoriaMetrics", () => {
  test("takes the same points, and once what is written twice", async () => {
    const victoria = await victoriaMetrics();
    const { url, backbone, connection } = await setUpStreams();
    await publishRecords(connection, "aaaaaaaa", 1, readings(6));
    const written = { kind: "victoria-metrics", url: victoria.url };
    const first = startHistorian(backbone, url, written);
    await expect.poll(() => first.state().points, patient).toBe(6);
    await first.stop();
    const store = createPositionStore("historian", backbone, backboneOptionsFor(url), Math.random);
    const { revision } = await store.load(AbortSignal.timeout(5_000));
    const nothing = { format: 1, gateways: {}, alerts: null, derived: null } as const;
    await store.save(nothing, revision, AbortSignal.timeout(5_000));
    const again = startHistorian(testBackbone(url, "again"), url, written);
    await expect.poll(() => again.state().points, patient).toBe(6);

    const series = await victoria.series();
    expect(series.map(({ metric }) => metric["__name__"])).toEqual(Array(3).fill("samples_value"));
    const values = series.flatMap(({ values: held }) => held);
    expect([...values].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("is not given times that it would drop in silence: they are kept as refused", async () => {
    const victoria = await victoriaMetrics();
    const { url, backbone, connection } = await setUpStreams();
    const [at1600, in2300] = [Date.UTC(1600, 0, 1), Date.UTC(2300, 0, 1)];
    const odd = [at1600, in2300].map((timeMs) => ({ ...reading("f1", 1, 0), timeMs }));
    await publishRecords(connection, "aaaaaaaa", 1, [...readings(3), ...odd, ...readings(3, 3)]);
    const written = { kind: "victoria-metrics", url: victoria.url };
    const historian = startHistorian(backbone, url, written);
    await expect.poll(() => historian.state(), patient).toMatchObject({ points: 6, refused: 2 });
    const refused = await readRefusedPoints(connection);
    expect(refused.map(({ reason }) => reason)).toEqual(
      Array(2).fill(expect.stringContaining("no times before 1970")),
    );
    expect((await victoria.series()).flatMap(({ values }) => values)).toHaveLength(6);
  });
});
