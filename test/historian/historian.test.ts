import { expect, test } from "vitest";
import { toDeviceId } from "../../src/core/ids.ts";
import { publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { setUpStreams, startHistorian } from "../support/history.ts";
import { influxd } from "../support/influxd.ts";

const patient = { timeout: 30_000 };

test("every event of a gateway is a point, also where two are of one millisecond", async () => {
  const influx = await influxd();
  const { url, backbone, connection } = await setUpStreams();
  const twice = [reading("freezer-07", 1, 0), reading("freezer-07", 2, 0)];
  await publishRecords(connection, "aaaaaaaa", 1, [...twice, reading("freezer-08", 4, 1)]);

  const historian = startHistorian(backbone, url, { url: influx.url });
  await expect.poll(() => historian.state().points, patient).toBe(3);

  const series = await influx.query(
    "select value, metric, unit, quality from samples group by device",
  );
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
void toDeviceId;
void startMs;
