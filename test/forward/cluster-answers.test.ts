/** What a cluster says while its leader changes, said by one server and a way that alters it. */
import { expect, test } from "vitest";
import { MemoryLog } from "../support/memory-log.ts";
import { natsServer } from "../support/nats-server.ts";
import { alterAnswers, withoutBatches } from "./alter-answers.ts";
import { countingMetrics, idsOf, origin, readIds, startForwarding, until } from "./rig.ts";

const refusal =
  '{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 5"},"stream":"GW_gw1","seq":0}';

test("gives no record up that one server refused and another stored", async () => {
  const server = await natsServer();
  let told = 0;
  const url = await alterAnswers(server.port, (lines) =>
    withoutBatches(lines).replace(
      /MSG (\S+\.5) (\d+) +\d+\r\n\{"stream":/,
      (stored, inbox, subscription) => {
        told += 1;
        const refused = `MSG ${inbox} ${subscription} ${refusal.length}\r\n${refusal}\r\n`;
        return told === 1 ? `${refused}${stored}` : stored;
      },
    ),
  );
  const log = new MemoryLog(origin);
  log.appendMany(100);
  startForwarding(url, log);
  await until("all sent", () => log.confirmed?.seq === log.lastSeq);
  expect(told).toBeGreaterThan(0);
  expect(log.gaps()).toEqual([]);
  expect(await readIds(server.url)).toEqual(idsOf(1, 100));
});

test("confirms nothing by an answer that names another place, and asks the stream", async () => {
  const server = await natsServer();
  let told = 0;
  const url = await alterAnswers(server.port, (lines) =>
    withoutBatches(lines).replace(/("stream":"GW_gw1", ?"seq":)5\}/, (stored, before) => {
      told += 1;
      return told === 1 ? `${before}6}` : stored;
    }),
  );
  const log = new MemoryLog(origin);
  log.appendMany(5);
  startForwarding(url, log);
  await until("all sent", () => log.confirmed?.seq === 5);
  expect(told).toBe(1);
  expect(log.confirmations.map(({ seq, streamSeq }) => [seq, streamSeq])).not.toContainEqual([
    5, 6,
  ]);
  expect(log.confirmed).toMatchObject({ seq: 5, streamSeq: 5 });
  expect(await readIds(server.url)).toEqual(idsOf(1, 5));
});

test("takes a server that is behind the others for no loss of the backbone", async () => {
  const server = await natsServer();
  const log = new MemoryLog(origin);
  log.appendMany(50);
  const first = startForwarding(server.url, log);
  await until("all sent", () => log.confirmed?.seq === 50);
  await first.stop();
  let told = 0;
  const url = await alterAnswers(server.port, (lines) =>
    lines.replace('"last_seq":50,', () => {
      told += 1;
      return '"last_seq":30,';
    }),
  );
  log.appendMany(50);
  const metrics = countingMetrics();
  startForwarding(url, log, { metrics });
  await until("all sent", () => log.confirmed?.seq === 100);
  expect(told).toBeGreaterThan(0);
  expect(metrics.total("gateway_forward_regressions_total")).toBe(0);
  expect(await readIds(server.url)).toEqual(idsOf(1, 100));
});
