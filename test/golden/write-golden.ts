/**
 * Writes the golden data folders of one format version: what a box of that version may leave behind.
 *
 * Run once per version, `tsx test/golden/write-golden.ts v<n>`, and commit the result: later programs
 * must read it as it is. It refuses to write over a version that is there.
 */
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rm,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { exportBuffer } from "../../src/buffer/tools/export-buffer.ts";
import { openBufferFolder } from "../../src/buffer/tools/open-buffer-folder.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { appendSamples, openSampleLog, type SamplePlace } from "../support/sample-log.ts";
import { keysOf } from "./golden-folders.ts";

const version = process.argv[2] ?? "";
const keys = keysOf(version);
const target = fileURLToPath(new URL(version, import.meta.url));
if (!/^v\d+$/.test(version)) throw new Error("name the version: v2");
if (
  await access(target).then(
    () => true,
    () => false,
  )
)
  throw new Error(`${target} is there`);

/** Closed in order, two runs. */
async function writeClosed(place: SamplePlace): Promise<void> {
  for (const run of ["golden01", "golden02"]) {
    const log = await openSampleLog(place, run);
    await appendSamples(log, place, 22);
    await log.close();
  }
}

/** A closed run, then one that was killed: the last segment has no footer. */
async function writeKilled(place: SamplePlace, away: string): Promise<void> {
  const closed = await openSampleLog(place, "golden01");
  await appendSamples(closed, place, 20);
  await closed.close();
  const killed = await openSampleLog(place, "golden02");
  await appendSamples(killed, place, 24);
  await cp(place.folder, away, { recursive: true });
  await killed.close();
}

/** The same, and a power cut tore the write that was under way. */
async function writeTorn(place: SamplePlace, away: string): Promise<void> {
  await writeKilled(place, away);
  const last = (await readdir(away))
    .filter((name) => name.endsWith(".seg"))
    .sort()
    .at(-1);
  const path = join(away, last ?? "");
  const file = await open(path, "r+");
  const { size } = await file.stat();
  await file.write(Buffer.alloc(200, 0x5a), 0, 200, size);
  await file.close();
  await truncate(path, size + 190);
}

/** The backbone has the first 30 of 44. */
async function writeDraining(place: SamplePlace): Promise<void> {
  const log = await openSampleLog(place, "golden01");
  await appendSamples(log, place, 44);
  const reader = await log.openReader(toSeq(0), { publishing: true });
  await reader.next(30);
  log.confirm({ run: log.run, seq: toSeq(30), streamSeq: toStreamSeq(30) });
  await reader.close();
  await log.close();
}

const scratch = await mkdtemp(join(tmpdir(), "sluicegate-golden-"));
try {
  for (const [name, write] of Object.entries({
    closed: writeClosed,
    killed: writeKilled,
    torn: writeTorn,
    draining: writeDraining,
  })) {
    const place = {
      disk: nodeDisk,
      folder: join(scratch, name, "log"),
      clock: new ManualClock(),
      keys,
    };
    const away = join(scratch, `${name}-away`);
    await write(place, away);
    const left = (await access(away).then(
      () => true,
      () => false,
    ))
      ? away
      : place.folder;
    await mkdir(join(target, name), { recursive: true });
    await cp(left, join(target, name, "log"), { recursive: true });
    await writeFile(join(target, name, "events.ndjson"), await eventsOf(join(target, name)));
  }
} finally {
  await rm(scratch, { recursive: true });
}

async function eventsOf(folder: string): Promise<string> {
  let lines = "";
  await exportBuffer(
    await openBufferFolder(nodeDisk, folder, undefined, keys),
    false,
    { from: 1, to: Number.MAX_SAFE_INTEGER },
    {
      record(body) {
        lines += `${body}\n`;
      },
      chunkEnd: async () => {},
      damage() {},
    },
  );
  return lines;
}
