/** The registry and its file: bounds, one moment, damage. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeDisk } from "../../../src/buffer/disk.ts";
import type { EventOf } from "../../../src/core/event.ts";
import { toDeviceId, toSeq } from "../../../src/core/ids.ts";
import { DeviceRegistry } from "../../../src/gateway/registry/device-registry.ts";
import { RegistryFile, readRegistry } from "../../../src/gateway/registry/registry-file.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { silentLogger } from "../../support/silence.ts";
import { tempFolder } from "../../support/temp-folder.ts";

function reading(device: string, names: readonly string[], value = 1): EventOf<"measurement"> {
  const data = names.map((name) => ({ name, value, quality: "good" as const }));
  const times = { timeMs: value, receivedMs: value };
  return { kind: "measurement", device: toDeviceId(device), clock: "gateway", data, ...times };
}

async function write(folder: string, registry: DeviceRegistry): Promise<void> {
  const seq = toSeq(7);
  const log = { lastSeq: seq, durableSeq: seq, onDurable: () => () => {} };
  const surroundings = { clock: new ManualClock(), disk: nodeDisk, logger: silentLogger };
  const deps = { folder, log, registry, ...surroundings, unread: () => undefined };
  await new RegistryFile(deps).stop();
}

test("more devices and values than there is room for leave the newest devices and the first values", () => {
  const registry = new DeviceRegistry();
  for (let n = 0; n < 65_536 + 10; n += 1) registry.note(reading(`d${n}`, ["a"]));
  expect([...registry.all()]).toHaveLength(65_536);
  expect(registry.get(toDeviceId("d65545"))?.events).toBe(1);
  const names = Array.from({ length: 300 }, (_, n) => `m${n}`);
  registry.note(reading("wide", names));
  const kept = [...(registry.get(toDeviceId("wide"))?.values.keys() ?? [])];
  expect(kept).toEqual(names.slice(0, 256));
});

test("a file is of the moment in which it was begun, in parts that are not large", () => {
  const registry = new DeviceRegistry();
  const names = Array.from({ length: 200 }, (_, n) => `m${n}`);
  for (let n = 0; n < 50; n += 1) registry.note(reading(`d${n}`, names));
  const lines: string[] = [];
  let parts = 0;
  for (const part of registry.beginEdition(20_000)) {
    expect(part.length).toBeLessThan(10);
    lines.push(...part);
    parts += 1;
    registry.note(reading(`d${50 - parts}`, names, 2));
  }
  expect(parts).toBeGreaterThan(5);
  expect(lines).toHaveLength(50);
  expect(lines.every((line) => line.includes('"events":1'))).toBe(true);
});

test("what is written is read again, and a file that is damaged or cut is as none", async () => {
  const folder = await tempFolder();
  const registry = new DeviceRegistry();
  for (let n = 0; n < 20; n += 1) registry.note(reading(`d${n}`, ["a", "b"], n), `topic/${n}`);
  await write(folder, registry);
  const page = await readRegistry(nodeDisk, folder);
  expect(page?.seq).toBe(7);
  const written = [...registry.all()].map((entry) => ({ ...entry, edition: 0 }));
  expect(page?.entries).toEqual(written);

  const path = join(folder, "registry.ndjson");
  const text = await readFile(path, "utf8");
  const lines = text.split("\n");
  const damaged = [
    "",
    text.slice(0, text.length / 2),
    lines.slice(0, 10).join("\n"),
    lines.toSpliced(5, 1).join("\n"),
    lines.with(5, '{"device":3}').join("\n"),
    lines.slice(1).join("\n"),
    text.replace("d3", "\0\0"),
  ];
  for (const one of damaged) {
    await writeFile(path, one);
    expect(await readRegistry(nodeDisk, folder)).toBeUndefined();
  }
});
