import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { makeGatewayStream, publishRecords, reading, startMs } from "../support/gateway-stream.ts";
import { natsServer } from "../support/nats-server.ts";
import { readStream } from "../support/read-gateway-stream.ts";
import { startProcessor } from "../support/start-processor.ts";

/** A server with the stream of gw1, another without anything, and a recording of the first. */
async function setUp() {
  const [{ url }, other] = [await natsServer(), await natsServer()];
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw9 }\n");
  const connection = await connectionOf(testBackbone(url));
  await makeGatewayStream(connection, backboneOptionsFor(url));
  const events = [0, 1, 2, 3].map((second) => reading("freezer-1", second, second));
  await publishRecords(connection, "abcd1234", 1, events);
  const run = (...args: string[]) => runCommand([...args, "--nats", url], { cwd });
  await run("record", "-o", "all.ndjson");
  return { url, to: other.url, cwd, connection, run };
}

async function texts(url: string, stream: string): Promise<readonly string[]> {
  return (await readStream(url, stream)).map((body) => Buffer.from(body).toString());
}

function eventsOf(bodies: readonly string[]): readonly GatewayEvent[] {
  return bodies.map(decodeEvent).flatMap((event) => (isMalformed(event) ? [] : event));
}

test("a recording played twice is stored once, byte for byte, also where it was cut off", async () => {
  const { cwd, run, to, url } = await setUp();
  const file = (await run("record", "-o", "-")).stdout;
  const half = file.slice(0, file.indexOf("\n", file.indexOf("\n") + 1) + 50);
  await writeFile(join(cwd, "half.ndjson"), half);
  const begun = await run("replay", "half.ndjson", "--to", to);
  expect(begun).toMatchObject({ status: 0, stdout: "2 events stored\n" });
  expect(begun.stderr).toContain("half.ndjson:3: passed over: not JSON");
  const ended = await run("replay", "all.ndjson", "--to", to);
  expect(ended.stdout).toBe("2 events stored, 2 stood there already\n");
  expect((await run("replay", "all.ndjson", "--to", to)).stdout).toBe(
    "0 events stored, 4 stood there already\n",
  );
  expect(await texts(to, "GW_gw1")).toEqual(await texts(url, "GW_gw1"));

  const processor = startProcessor(to);
  const partition = () => processor.state().partitions[0];
  await expect.poll(() => partition()?.gateways[0]?.readUpTo, { timeout: 30_000 }).toBe(4);
  expect(partition()?.mishaps?.latest).toEqual([]);
});

test("nothing is played into what a gateway writes, or between others without their leave", async () => {
  const { run, to, url } = await setUp();
  const self = await run("replay", "--from-stream", "gw1", "--to", url, "--i-mean-it");
  expect(self).toMatchObject({ status: 2, stdout: "" });
  expect(self.stderr).toContain("into GW_gw1: it is the stream that is played");
  const own = await run("replay", "all.ndjson", "--to", url, "--i-mean-it");
  expect(own.stderr).toContain("its gateway wrote these events there itself");
  const beside = await run("replay", "all.ndjson", "--to", url, "--as", "copy");
  expect(beside.stderr).toContain("gateway gw1 has a stream there");
  expect(await texts(url, "GW_copy")).toEqual([]);

  const target = await connectionOf(testBackbone(to));
  await makeGatewayStream(target, backboneOptionsFor(to));
  await publishRecords(target, "zzzz9999", 1, [reading("freezer-1", 9, 9)]);
  const lives = await run("replay", "all.ndjson", "--to", to, "--i-mean-it");
  expect(lives.stderr).toMatch(/into GW_gw1: a gateway wrote there \S+ ago/);
  const payloads = await run("replay", "all.ndjson", "--to", "mqtt://127.0.0.1");
  expect(payloads.stderr).toContain("not the payloads");
  expect((await run("replay", "--to", to)).stderr).toContain("say what is played");
});

test("under another name and at another time it is the same story, and goes on with its time", async () => {
  const { run, to, url } = await setUp();
  const rebase = ["--from-stream", "gw1", "--to", to, "--as", "copy", "--rebase", "now"];
  const beforeMs = systemClock.wallMs();
  const played = await run("replay", ...rebase, "--until", new Date(startMs + 2_000).toISOString());
  expect(played).toMatchObject({ status: 0, stdout: "2 events stored\n" });
  const rest = await run("replay", ...rebase, "--speed", "1000x");
  expect(rest.stdout).toBe("2 events stored, 2 stood there already\n");
  const events = eventsOf(await texts(to, "GW_copy"));
  const firstMs = events[0]?.timeMs ?? 0;
  expect(firstMs).toBeGreaterThanOrEqual(beforeMs);
  expect(events.map(({ timeMs }) => timeMs - firstMs)).toEqual([0, 1_000, 2_000, 3_000]);
  expect(events.map(({ data }) => data)).toEqual(
    eventsOf(await texts(url, "GW_gw1")).map(({ data }) => data),
  );

  const other = await run("replay", "all.ndjson", "--to", to, "--as", "copy");
  expect(other.stderr).toContain("it holds 4 messages of something else; --i-mean-it goes on");
  const meant = await run("replay", "all.ndjson", "--to", to, "--as", "copy", "--i-mean-it");
  expect(meant.stdout).toBe("4 events stored\n");
});
