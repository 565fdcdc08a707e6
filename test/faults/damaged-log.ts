/** A log that is left, damaged and started again, and what must hold of it then. */
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeDisk } from "../../src/buffer/disk.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { Disk } from "../../src/core/disk.ts";
import { gapRangesOf } from "../../src/core/gap-range.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { appendSamples, openSampleLog, type SamplePlace } from "../support/sample-log.ts";
import type { Fault, LogFiles, Template } from "./log-mutator.ts";

/** Records in a log that is left. */
export const recordCount = 160;

/** What became of one fault. */
export interface Outcome {
  readonly startMs: number;
  /** Records that were given with other bytes than they were appended with. */
  readonly wrong: number;
  /** Records that are gone, were not confirmed, and are declared. */
  readonly declared: number;
  /** What went against the promise; empty when nothing did. */
  readonly faults: readonly string[];
  /** Gone and undeclared: the end of a segment that was never closed, taken for a torn write. */
  readonly ambiguous: number;
}

/** A log as it was left, and every record in it. */
export interface Left {
  readonly template: Template;
  readonly bodies: ReadonlyMap<number, string>;
  readonly isClosed: boolean;
  /** What the backbone has of it. */
  readonly confirmedSeq: number;
}

/** A log of two runs, closed in order or copied while the second was still writing. */
export async function leaveLog(
  folder: string,
  isClosed: boolean,
  confirmedSeq: number,
): Promise<Left> {
  const place = { disk: nodeDisk, folder: join(folder, "ours"), clock: new ManualClock() };
  const away = join(folder, "away");
  const first = await openSampleLog(place, "firstrun");
  await appendSamples(first, place, recordCount / 2);
  await first.close();
  const second = await openSampleLog(place, "nextrun0");
  await appendSamples(second, place, recordCount / 2);
  const bodies = new Map((await readAll(second)).map(({ seq, body }) => [seq, body]));
  if (confirmedSeq > 0) {
    const seq = toSeq(confirmedSeq);
    second.confirm({ run: first.run, seq, streamSeq: toStreamSeq(confirmedSeq) });
    // What is published is in the cursor before it is given, and so is what was confirmed.
    const reader = await second.openReader(seq, { publishing: true });
    await reader.next(1);
    await reader.close();
  }
  if (isClosed) await second.close();
  await cp(place.folder, away, { recursive: true });
  if (!isClosed) await second.close();

  const foreign = { ...place, folder: join(folder, "theirs"), gateway: "gw2" };
  const theirs = await openSampleLog(foreign, "otherrun");
  await appendSamples(theirs, foreign, 40);
  await theirs.close();
  const template = { files: await readFiles(away), foreign: await readFiles(foreign.folder) };
  return { template, bodies, isClosed, confirmedSeq };
}

/** Starts on the damaged files, reads everything, goes on, starts again; judges all of it. */
export async function suffer(
  folder: string,
  left: Left,
  fault: Fault,
  disk: Disk,
): Promise<Outcome> {
  await writeFiles(folder, fault.files);
  const place: SamplePlace = { disk, folder, clock: new ManualClock() };
  const started = performance.now();
  const faults: string[] = [];
  let log: SegmentLog;
  try {
    log = await openSampleLog(place, "afterrun");
  } catch (failure) {
    await rm(folder, { recursive: true });
    return { startMs: 0, wrong: 0, declared: 0, ambiguous: 0, faults: [`no start: ${failure}`] };
  }
  const startMs = performance.now() - started;
  await readAll(log);
  await appendSamples(log, place, 1);
  const given = await readAll(log);
  const { run } = log;
  await log.close();
  const again = await openSampleLog(place, "thirdrun");
  const givenAgain = await readAll(again);
  await again.close();

  const isTheirs = fault.kind === "foreign-folder";
  const old = given.filter((record) => record.run !== run);
  const wrong = old.filter(({ body, seq }) => left.bodies.get(seq) !== body).length;
  if (wrong > 0) faults.push(`${wrong} wrong payloads`);
  const seqs = given.map(({ seq }) => seq);
  if (seqs.some((seq, index) => index > 0 && seq <= (seqs[index - 1] ?? 0)))
    faults.push("out of order");
  if (givenAgain.length !== given.length)
    faults.push(`${given.length} records, then ${givenAgain.length}`);

  const held = new Set(old.map(({ seq }) => seq));
  const all = isTheirs ? [] : [...left.bodies.keys()];
  const lost = all.filter((seq) => seq > left.confirmedSeq && !held.has(seq));
  const declared = declaredAmong(given);
  const untouched = lost.filter((seq) => !fault.touched.has(seq));
  if (untouched.length > 0) faults.push(`lost beyond the damage: ${untouched}`);
  const undeclared = lost.filter((seq) => !declared.has(seq));
  const isTail = !left.isClosed && undeclared.every((seq) => seq > Math.max(0, ...held));
  if (undeclared.length > 0 && !isTail) faults.push(`not declared: ${undeclared}`);
  const untrue = [...declared].filter((seq) => held.has(seq) || !lost.includes(seq));
  if (untrue.length > 0) faults.push(`declared but not lost: ${untrue}`);
  if (fault.damaged && lost.length > 0 && !(await isKept(folder, fault.damaged)))
    faults.push("damaged bytes are not in quarantine");
  await rm(folder, { recursive: true });
  return {
    startMs,
    wrong,
    declared: lost.length - undeclared.length,
    faults,
    ambiguous: isTail ? undeclared.length : 0,
  };
}

interface Given {
  readonly run: string;
  readonly seq: number;
  readonly kind: string;
  readonly body: string;
}

async function readAll(log: SegmentLog): Promise<Given[]> {
  const given: Given[] = [];
  const reader = await log.openReader(toSeq(0));
  for (;;) {
    const records = await reader.next(100);
    if (records.length === 0) break;
    for (const { body, kind, run, seq } of records)
      given.push({ run, seq, kind, body: Buffer.from(body).toString() });
  }
  await reader.close();
  return given;
}

function declaredAmong(given: readonly Given[]): Set<number> {
  const declared = new Set<number>();
  for (const { body, kind } of given) {
    if (kind !== "gap") continue;
    for (const { count, from, to } of gapRangesOf(body)) {
      if (count !== to - from + 1) throw new Error(`a damaged range that is not exact: ${body}`);
      for (let seq = from; seq <= to; seq = toSeq(seq + 1)) declared.add(seq);
    }
  }
  return declared;
}

async function isKept(folder: string, damaged: Buffer): Promise<boolean> {
  const quarantine = join(folder, "quarantine");
  const names = await readdir(quarantine).catch(() => []);
  for (const name of names)
    if ((await readFile(join(quarantine, name))).includes(damaged)) return true;
  return false;
}

async function readFiles(folder: string): Promise<LogFiles> {
  const files: LogFiles = new Map();
  for (const name of await readdir(folder)) files.set(name, await readFile(join(folder, name)));
  return files;
}

/** Writes a folder as a fault left it. */
export async function writeFiles(folder: string, files: LogFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files)
    if (content === "folder") await mkdir(join(folder, name));
    else await writeFile(join(folder, name), content);
}
