/** Messages that a wrong profile rejects, and what a person makes of them. */
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { EventOf, StoredEvent } from "../../src/core/event.ts";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { type GatewayProgram, program } from "../support/gateway-program.ts";
import { connect } from "../support/mqtt-device.ts";
import { natsServer } from "../support/nats-server.ts";
import { readGatewayStream } from "../support/read-gateway-stream.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const profile = (path: string): string => `profile: acme/probe
version: 1
about: A probe.
match: { topic: "acme/{device}/state" }
time: { path: at, format: epoch_s }
metrics: [{ name: temperature, path: ${path}, unit: Cel }]
examples:
  - { topic: acme/p1/state, payload: { ${path}: 1 }, expect: { metrics: { temperature: { value: 1, unit: Cel } } } }
`;

async function events(url: string): Promise<StoredEvent[]> {
  return (await readGatewayStream(url)).map((body) => {
    const event = decodeEvent(Buffer.from(body).toString());
    if (isMalformed(event)) throw new Error(event.malformed);
    return event;
  });
}

function ask(gateway: GatewayProgram, ...words: string[]): Promise<{ stdout: string }> {
  return promisify(execFile)(process.execPath, [program, ...words, "--config", gateway.configPath]);
}

test("what a wrong profile rejected is stored once when it is mended, with its own times", async () => {
  const { url } = await natsServer();
  const folder = await tempFolder();
  const file = join(folder, "profiles/acme/probe.yaml");
  await mkdir(join(folder, "profiles/acme"), { recursive: true });
  await writeFile(file, profile("celsius"));
  const gateway = await gatewayProcess({
    folder,
    natsUrl: url,
    configuration: "profiles: { folders: [profiles] }\n",
  });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "p" });
  const atS = Math.floor(Date.now() / 1_000) - 3_600;
  // More than a minute's quota of one topic, so they come from several devices.
  for (let n = 0; n < 100; n += 1)
    await device.publish(`acme/p${n % 10}/state`, JSON.stringify({ t: n, at: atS + n }));
  await device.publish("acme/p0/state", "no JSON");
  await device.publish("nobody/reads", "this");
  await gateway.drained();

  const listed = (await ask(gateway, "dlq", "ls")).stdout;
  expect(listed).toContain("102 rejected in 12 groups");
  expect(listed).toMatch(/1 {2}no-profile {2}no profile {2}nobody\/reads/);
  await expect(ask(gateway, "dlq", "try", "--code", "no-metric")).rejects.toMatchObject({
    code: 1,
    stdout: expect.stringContaining("0 of 100 would be stored") as string,
  });
  await expect(ask(gateway, "dlq", "reprocess")).rejects.toMatchObject({ code: 2 });

  await writeFile(file, profile("t"));
  await ask(gateway, "reload");
  const tried = (await ask(gateway, "dlq", "try", "--profile", "acme/*", "--code", "no-metric"))
    .stdout;
  expect(tried).toContain("100 of 100 would be stored");
  expect((await events(url)).filter(({ kind }) => kind === "measurement")).toEqual([]);

  // Killed while it works: what was decided stands, the rest is done by the next.
  const first = ask(gateway, "dlq", "reprocess", "--profile", "acme/*", "--code", "no-metric");
  const gone = first.catch(() => {});
  await gateway.kill();
  await gone;
  await gateway.start();
  await gateway.drained();
  await ask(gateway, "dlq", "reprocess", "--profile", "acme/*", "--code", "no-metric");
  await gateway.drained();
  const again = (await ask(gateway, "dlq", "reprocess", "--code", "no-metric")).stdout;
  expect(again).toContain("no rejected messages wait");

  const stored = (await events(url)).filter((event) => event.kind === "measurement");
  expect(stored).toHaveLength(100);
  const rejections = new Map<string, EventOf<"rejection">>(
    (await events(url)).flatMap((event) =>
      event.kind === "rejection"
        ? [[`${event.origin.gateway}.${event.position.run}.${event.position.seq}`, event] as const]
        : [],
    ),
  );
  for (const event of stored) {
    const value = Number(event.data[0]?.value);
    expect(event.timeMs).toBe((atS + value) * 1_000);
    const rejection = rejections.get(String(event.extensions?.["reprocessed"]));
    expect(rejection?.receivedMs).toBe(event.receivedMs);
    expect(rejection?.data.topic).toBe(`acme/p${value % 10}/state`);
  }
  expect(new Set(stored.map(({ data }) => data[0]?.value)).size).toBe(100);

  const left = JSON.parse((await ask(gateway, "dlq", "ls", "-o", "json")).stdout);
  expect(left.groups.map(({ topic }: { topic: string }) => topic).sort()).toEqual([
    "acme/p0/state",
    "nobody/reads",
  ]);
  await expect(
    ask(gateway, "dlq", "discard", "--all", "--yes", "--reason", " "),
  ).rejects.toMatchObject({
    code: 2,
  });
  await ask(gateway, "dlq", "discard", "--topic", "nobody/#", "--yes", "--reason", "not ours");
  await gateway.drained();
  const decision = (await events(url)).findLast((event) => event.kind === "decision");
  expect(decision?.data).toMatchObject({ decision: "discarded", reason: "not ours" });
  expect((await ask(gateway, "dlq", "show")).stdout).toContain("payload  no JSON");
  expect((await ask(gateway, "dlq", "ls")).stdout).toContain("1 rejected in 1 group");
});

test("without a backbone what is on the disk can be read again", async () => {
  const { url } = await natsServer();
  const folder = await tempFolder();
  const file = join(folder, "profiles/acme/probe.yaml");
  await mkdir(join(folder, "profiles/acme"), { recursive: true });
  await writeFile(file, profile("celsius"));
  const gateway = await gatewayProcess({
    folder,
    natsUrl: "nats://127.0.0.1:1",
    configuration: "profiles: { folders: [profiles] }\n",
  });
  await gateway.start();
  const device = await connect({ port: gateway.mqttPort, clientId: "p" });
  await device.publish("acme/p1/state", '{"t":5}');
  await writeFile(file, profile("t"));
  await ask(gateway, "reload");
  expect((await ask(gateway, "dlq", "reprocess", "--all")).stdout).toContain("1 of 1 stored");
  expect((await ask(gateway, "dlq", "reprocess", "--all")).stdout).toContain(
    "no rejected messages wait",
  );
  await gateway.stop();
  await gateway.redirect(Number(new URL(url).port));
  await gateway.start();
  await gateway.drained();
  await waitUntil(async () => (await events(url)).length > 0, "the events");
  const stored = (await events(url)).filter((event) => event.kind === "measurement");
  expect(stored.map(({ data }) => data[0]?.value)).toEqual([5]);
});
