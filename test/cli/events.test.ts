import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { GatewayEvent } from "../../src/core/event.ts";
import { fnv1a64 } from "../../src/core/fnv1a.ts";
import { toDeviceId } from "../../src/core/ids.ts";
import { appendTransition } from "../../src/stream/alert-log.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { transitionOf } from "../alerts/given-alerts.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { endChild } from "../support/end-child.ts";
import { program } from "../support/gateway-program.ts";
import { makeGatewayStream, publishRecords, reading } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { waitUntil } from "../support/wait-until.ts";

/** The stream of a gateway at a server, with a command line beside it. */
async function setUp() {
  const { url } = await natsServer();
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw9 }\n");
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const run = (...args: string[]) => runCommand([...args, "--nats", url], { cwd });
  return { url, cwd, connection, run };
}

const nowMs = Date.now();

function at(event: GatewayEvent, timeMs: number, receivedMs = timeMs): GatewayEvent {
  return { ...event, timeMs, receivedMs };
}

function status(device: string, state: "online" | "offline", timeMs: number): GatewayEvent {
  return {
    ...{ kind: "status", device: toDeviceId(device), timeMs, receivedMs: timeMs, clock: "gateway" },
    data: { state, cause: state === "online" ? "connect" : "keepalive" },
  };
}

test("events are found by time, device and kind, in whole lines with their ids", async () => {
  const { connection, run } = await setUp();
  const minute = (back: number) => nowMs - back * 60_000;
  await publishRecords(connection, "abcd1234", 1, [
    at(reading("old", 1, 0), minute(90)),
    at(reading("freezer-1", -18, 0), minute(50)),
    status("freezer-1", "offline", minute(40)),
    longReading(minute(30)),
  ]);
  await connection.publish("ev.plant-a.gw1.mast-1.measurement", "no event");

  const listed = await run("events");
  expect(listed.status).toBe(0);
  const [day, ...lines] = listed.stdout.trim().split("\n");
  expect(day).toMatch(/^\d{4}-\d\d-\d\d \(UTC, by receipt\)$/);
  const told = lines.filter((line) => !line.includes("by receipt"));
  expect(told[0]).toMatch(
    /^\d\d:\d\d:\d\d\.\d{3} gw1\.abcd1234\.2 freezer-1 temperature -18 °C \+0ms$/,
  );
  expect(told[1]).toContain("gw1.abcd1234.3 freezer-1 offline (keepalive)");
  expect(told[2]).toMatch(/ wind_speed_0 0 .* wind_speed_8 8 .*\+0ms$/);
  expect(told).toHaveLength(3);
  expect(listed.stderr).toBe("(1 message passed over: no events)\n");

  const some = await run("events", "--since", "2h", "--device", "freezer-1", "--kind", "status");
  expect(some.stdout).toMatch(/gw1\.abcd1234\.3/);
  expect(some.stdout).not.toContain("abcd1234.2");
  const first = await run("events", "--since", "2h", "--limit", "1", "--until", "45m");
  expect(first.stdout).toContain("gw1.abcd1234.1 old");
  expect(first.stderr).toMatch(/^\(there is more: --since \d{4}.*Z\)\n/);
  const newest = await run("events", "--limit", "2");
  expect(newest.stdout).not.toContain("abcd1234.2");
  expect(newest.stdout).toMatch(/abcd1234\.3 [\s\S]*abcd1234\.4 /);
  const before = await run("events", "--limit", "1", "--until", "1h");
  expect(before.stdout).toContain("gw1.abcd1234.1 old");

  const shown = await run("events", "show", "gw1.abcd1234.3", "-o", "json");
  expect(JSON.parse(shown.stdout)).toMatchObject({
    ...{ stream: "GW_gw1", streamSeq: 3, event: { data: { cause: "keepalive" } } },
  });
  const missing = await run("events", "show", "gw1.abcd1234.77");
  expect(missing.stderr).toContain("no stream holds");
  expect(missing.status).toBe(4);
  const wrong = await run("events", "--kind", "measurment", "--since", "2026-11-21T14:00:00");
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.stderr).toContain("did you mean measurement?");
  const zone = await run("events", "--since", "2026-11-21T14:00:00");
  expect(zone.stderr).toContain("say in which zone: 2026-11-21T14:00:00Z for UTC");
});

function longReading(timeMs: number): GatewayEvent {
  const data = Array.from({ length: 9 }, (_, index) => ({
    ...({ name: `wind_speed_${index}`, value: index, quality: "good" } as const),
  }));
  const device = toDeviceId("mast-1");
  return { kind: "measurement", device, timeMs, receivedMs: timeMs, clock: "device", data };
}

test("what was at a moment and what was known then differ by what came late", async () => {
  const { connection, run, url } = await setUp();
  await publishRecords(connection, "abcd1234", 1, [
    status("freezer-1", "online", nowMs - 3_600_000),
    at(reading("freezer-1", -20, 0), nowMs - 3_600_000),
    at(reading("freezer-1", -11, 0), nowMs - 1_000_000, nowMs),
    at(reading("freezer-1", 99, 0), nowMs + 86_400_000, nowMs),
  ]);
  await ensureStream(connection, alertsStreamContract(backboneOptionsFor(url)));
  const warm = transitionOf("freezer-1", 0, 1);
  await appendTransition(connection, { ...warm, instance: fnv1a64(warm.instance) }, undefined);

  const was = await run("state", "freezer-1", "--at", new Date(nowMs - 900_000).toISOString());
  expect(was.stdout).toMatch(/temperature +-11 °C +good/);
  expect(was.stdout).toContain("Link      online (connect)");
  expect(was.stdout).toContain("3 events of before then were stored later");
  expect(was.stdout).toContain("FreezerWarm freezer-1");
  const known = await run(
    ...["state", "freezer-1", "--as-known", "-o", "json"],
    ...["--at", new Date(nowMs - 900_000).toISOString()],
  );
  expect(JSON.parse(known.stdout)).toMatchObject({
    ...{ schema: "sluicegate.state/1", asKnown: true, values: [], alerts: [], cameLater: 3 },
  });
  const now = await run("state", "freezer-1", "--as-known", "-o", "json");
  expect(JSON.parse(now.stdout)).toMatchObject({ values: [{ name: "temperature", value: 99 }] });

  const alert = await run("state", "FreezerWarm", "freezer-1");
  expect(alert.stdout).toMatch(/^FreezerWarm freezer-1 +unacknowledged +at /);
  const before = await run("state", "FreezerWarm", "freezer-1", "--at", "2020-01-01");
  expect(before.stdout).toMatch(/normal[\s\S]*it had not fired before\nThen +firing warning/);
  expect((await run("state", "freezer-9")).stderr).toContain("no gateway has a device freezer-9");
});

test("a recording holds the bytes of the stream, whole lines of it, until Ctrl-C", async () => {
  const { connection, cwd, run, url } = await setUp();
  await publishRecords(connection, "abcd1234", 1, [reading("a", 1, 0), reading("b", 2, 1)]);
  expect(await run("record", "-o", "all.ndjson")).toMatchObject({
    ...{ status: 0, stderr: "(2 events recorded)\n" },
  });
  const file = await readFile(join(cwd, "all.ndjson"), "utf8");
  const bodies = (await readGatewayStream(url)).map((body) => Buffer.from(body).toString());
  expect(file.replace(/,"streamseq":"\d+","streamtime":"[^"]+"\}\n/g, "}\n")).toBe(
    bodies.map((body) => `${body}\n`).join(""),
  );
  expect(await run("record", "-o", "all.ndjson")).toMatchObject({ status: 74 });

  const child = spawn(
    process.execPath,
    [program, "record", "--follow", "--since", "100000d", "-o", "live.ndjson", "--nats", url],
    { cwd },
  );
  onTestFinished(() => endChild(child));
  const exit = once(child, "exit");
  const lines = async () =>
    (await readFile(join(cwd, "live.ndjson"), "utf8").catch(() => "")).split("\n");
  await waitUntil(async () => (await lines()).length === 3, "what there is");
  await publishRecords(connection, "abcd1234", 3, [reading("c", 3, 2)]);
  await waitUntil(async () => (await lines()).length === 4, "what comes");
  child.kill("SIGINT");
  expect(await exit).toEqual([0, null]);
  expect((await lines()).at(-1)).toBe("");
});
