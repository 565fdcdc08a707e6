/** Data that programs of each format version left behind, in the hands of today's program. */
import { spawnSync } from "node:child_process";
import { cp, open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { checksum } from "../../src/buffer/checksum.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { segmentVersion } from "../../src/buffer/segment-header.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import type { RecordLog, StoredRecord } from "../../src/core/record.ts";
import { testBackbone } from "../support/backbone.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { natsServer } from "../support/nats-server.ts";
import { appendSamples, openSampleLog } from "../support/sample-log.ts";
import { streamBodies } from "../support/stream-bodies.ts";
import { tempFolder } from "../support/temp-folder.ts";

const golden = fileURLToPath(new URL(".", import.meta.url));
const versions = (await readdir(golden)).filter((name) => /^v\d+$/.test(name));
const folders = (
  await Promise.all(
    versions.map(async (version) =>
      (await readdir(join(golden, version))).map((name) => join(version, name)),
    ),
  )
).flat();

/** A copy of a golden data folder, and the events that were in it. */
async function copyOf(name: string): Promise<{ data: string; log: string; events: string[] }> {
  const data = join(await tempFolder(), "data");
  await cp(join(golden, name, "log"), join(data, "log"), { recursive: true });
  const events = await readFile(join(golden, name, "events.ndjson"), "utf8");
  return { data, log: join(data, "log"), events: events.trimEnd().split("\n") };
}

/** Publishes everything behind what was confirmed, on paper: gives the bodies, in order. */
async function drain(log: RecordLog): Promise<string[]> {
  const bodies: string[] = [];
  let last = log.confirmed;
  const reader = await log.openReader(toSeq(last?.seq ?? 0), { publishing: true });
  for (;;) {
    const records: readonly StoredRecord[] = await reader.next(10);
    if (records.length === 0) break;
    for (const { body, run, seq } of records) {
      bodies.push(Buffer.from(body).toString());
      last = { run, seq, streamSeq: toStreamSeq((last?.streamSeq ?? 0) + 1) };
    }
  }
  if (last) log.confirm(last);
  await reader.close();
  return bodies;
}

async function filesIn(folder: string): Promise<Record<string, string>> {
  const facts: Record<string, string> = {};
  for (const name of await readdir(folder)) {
    const { mtimeMs } = await stat(join(folder, name));
    facts[name] = `${mtimeMs} ${(await readFile(join(folder, name))).toString("base64")}`;
  }
  return facts;
}

/** Makes the newest segment one of a later version, as that version would have written its header. */
async function ageProgram(log: string): Promise<string> {
  const name =
    (await readdir(log))
      .filter((file) => file.endsWith(".seg"))
      .sort()
      .at(-1) ?? "";
  const file = await open(join(log, name), "r+");
  const header = Buffer.alloc(128);
  await file.read(header, 0, 128, 0);
  header.writeUInt16LE(segmentVersion + 1, 8);
  header.writeUInt32LE(checksum(header, 0, 124, 0), 124);
  await file.write(header, 0, 128, 0);
  await file.close();
  return name;
}

describe.each(folders)("the data folder %s", (name) => {
  it("is read whole, drains, and takes new events behind the old", async () => {
    const { events, log: folder } = await copyOf(name);
    const place = { disk: nodeDisk, folder, clock: systemClock };
    const log = await openSampleLog(place, "todayrun");
    const waiting = log.state().waitingRecords;
    expect(await drain(log)).toEqual(events.slice(events.length - waiting));
    expect(log.state().waitingRecords).toBe(0);
    await appendSamples(log, place, 3);
    expect(await drain(log)).toHaveLength(3);
    await log.close();
    const again = await openSampleLog(place, "nextrun0");
    expect(again.state()).toMatchObject({ waitingRecords: 0, droppedRecords: 0 });
    await again.close();
  });

  it("is refused by a program that is older than it, which changes nothing", async () => {
    const { log: folder } = await copyOf(name);
    const newer = await ageProgram(folder);
    const before = await filesIn(folder);
    const place = { disk: nodeDisk, folder, clock: systemClock };
    await expect(openSampleLog(place, "todayrun")).rejects.toMatchObject({
      code: "buffer.version",
      message: expect.stringContaining(newer),
    });
    expect(await filesIn(folder)).toEqual(before);
  });
});

describe("the program", () => {
  it("drains an old data folder into a real stream", async () => {
    const folder = await tempFolder();
    const { events, log } = await copyOf("v1/torn");
    await cp(log, join(folder, "data", "log"), { recursive: true });
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder, natsUrl: server.url });
    await gateway.start();
    await gateway.drained();
    const bodies = await streamBodies(testBackbone(server.url), "GW_gw1");
    const texts = bodies.map((body) => Buffer.from(body).toString());
    expect(texts.slice(0, events.length)).toEqual(events);
    expect(texts.some((text) => text.includes("io.sluicegate.gap.v1"))).toBe(false);
  });

  it("says which file a later version wrote, and leaves the folder as it is", async () => {
    const folder = await tempFolder();
    const { log } = await copyOf("v1/draining");
    await cp(log, join(folder, "data", "log"), { recursive: true });
    const newer = await ageProgram(join(folder, "data", "log"));
    const before = await filesIn(join(folder, "data", "log"));
    const gateway = await gatewayProcess({ folder, natsUrl: "nats://127.0.0.1:1" });
    const { status, stderr } = spawnSync(
      process.execPath,
      [program, "run", "gateway", "--config", gateway.configPath],
      { encoding: "utf8", timeout: 20_000 },
    );
    expect(status).toBe(78);
    expect(stderr).toContain(newer);
    expect(stderr).toContain("later version");
    expect(stderr).toContain("buffer.version");
    expect(await filesIn(join(folder, "data", "log"))).toEqual(before);
  });
});
