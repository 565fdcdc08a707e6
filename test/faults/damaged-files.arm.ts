/**
 * R8: files that were damaged at rest. Every start must succeed, nothing but the damaged records may
 * be lost, each loss is declared exactly, and no wrong payload is ever given out.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { sealFrames } from "../../src/buffer/frame.ts";
import { gapRangesOf } from "../../src/buffer/gap-ranges.ts";
import { frameSeedOf, uuidOf } from "../../src/buffer/segment-header.ts";
import type { SegmentLog } from "../../src/buffer/segment-log.ts";
import type { Disk, DiskFile } from "../../src/core/disk.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { appendSamples, openSampleLog, type SamplePlace } from "../support/sample-log.ts";
import type { Arm, ArmResult } from "./arm.ts";
import {
  type Fault,
  flip,
  type LogFiles,
  makeFault,
  placesOf,
  type Template,
} from "./log-mutator.ts";

const recordCount = 160;
/** The first start of a damaged log takes no longer. */
const mostStartMs = 2_000;
/** So many faults are also put before the real program. */
const programFaults = 4;

/** What became of one fault. */
interface Outcome {
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
interface Left {
  readonly template: Template;
  readonly bodies: ReadonlyMap<number, string>;
  readonly isClosed: boolean;
  /** What the backbone has of it. */
  readonly confirmedSeq: number;
}

export const damagedFiles: Arm = {
  goal: "R8",
  title: "damage at rest",
  figures: { small: 60, ci: 1_000, nightly: 20_000 },
  missing: async () => undefined,
  async run(figure, note) {
    const folder = await mkdtemp(join(tmpdir(), "sluicegate-damage-"));
    try {
      return await damage(folder, figure, note);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function damage(
  folder: string,
  figure: number,
  note: (text: string) => void,
): Promise<ArmResult> {
  const seed = `damage-${Date.now()}`;
  note(`seed ${seed}`);
  const random = createSeededRandom(seed);
  const closed = await leaveLog(join(folder, "closed"), true, 30);
  const offline = await leaveLog(join(folder, "offline"), true, 0);
  const killed = await leaveLog(join(folder, "killed"), false, 30);
  const killedOffline = await leaveLog(join(folder, "killed-offline"), false, 0);
  const boxes = [closed, offline, killed, killedOffline];
  const startMs: number[] = [];
  const failures: string[] = [];
  const sum = { wrong: 0, declared: 0, ambiguous: 0, undeclared: 0 };
  for (let run = 0; run < figure; run += 1) {
    const left = boxes[Math.floor(random() * boxes.length)] ?? closed;
    const fault = makeFault(left.template, random);
    const outcome = await suffer(join(folder, `run-${run}`), left, fault, nodeDisk);
    startMs.push(outcome.startMs);
    sum.wrong += outcome.wrong;
    sum.declared += outcome.declared;
    sum.ambiguous += outcome.ambiguous;
    for (const text of outcome.faults)
      failures.push(
        `${run} ${left.isClosed ? "closed" : "killed"} ${fault.kind} ${fault.text}: ${text}`,
      );
  }
  const survived = await startPrograms(join(folder, "program"), closed, random);
  const control = await runControl(join(folder, "control"), closed, random);
  for (const text of failures.slice(0, 20)) note(text);
  startMs.sort((a, b) => a - b);
  const slowest = startMs.at(-1) ?? 0;
  return {
    runs: figure,
    acked: figure * recordCount,
    lost: failures.length,
    duplicated: 0,
    reordered: 0,
    declaredLost: sum.declared,
    control: control > 0 ? "harmed" : "unharmed",
    ok:
      failures.length === 0 &&
      sum.wrong === 0 &&
      survived === programFaults &&
      slowest < mostStartMs,
    notes: [
      `start p50 ${startMs[Math.floor(startMs.length / 2)]?.toFixed(0)} ms, slowest ${slowest.toFixed(0)} ms`,
      `wrong payloads ${sum.wrong}; without checksums ${control}`,
      `unclosed ends taken for torn writes: ${sum.ambiguous} records`,
      `starts of the real program ${survived} of ${programFaults}`,
      ...failures.slice(0, 5),
    ],
  };
}

/** A log of two runs, closed in order or copied while the second was still writing. */
async function leaveLog(folder: string, isClosed: boolean, confirmedSeq: number): Promise<Left> {
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
async function suffer(folder: string, left: Left, fault: Fault, disk: Disk): Promise<Outcome> {
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

/** The real program on damaged folders; gives how often it came up and stopped in order. */
async function startPrograms(folder: string, left: Left, random: () => number): Promise<number> {
  let survived = 0;
  for (let run = 0; run < programFaults; run += 1) {
    const home = join(folder, String(run));
    await writeFiles(join(home, "data", "log"), makeFault(left.template, random).files);
    const gateway = await gatewayProgram({ folder: home, natsUrl: "nats://127.0.0.1:1" });
    try {
      await gateway.start();
      if ((await gateway.stop()) === 0) survived += 1;
    } finally {
      await gateway.kill();
    }
  }
  return survived;
}

/** The same kind of damage, believed: how many wrong payloads are given out then. */
async function runControl(folder: string, left: Left, random: () => number): Promise<number> {
  let wrong = 0;
  for (let run = 0; run < 10; run += 1) {
    const fault = flip(left.template, random);
    wrong += (await suffer(join(folder, String(run)), left, fault, credulousDisk)).wrong;
  }
  return wrong;
}

/** A disk that gives every frame the checksums that fit what it holds: as if nobody checked them. */
const credulousDisk: Disk = {
  ...nodeDisk,
  async open(path, mode) {
    const file = await nodeDisk.open(path, mode);
    return mode === "read" && path.endsWith(".seg") ? believed(file) : file;
  },
};

async function believed(file: DiskFile): Promise<DiskFile> {
  const bytes = Buffer.alloc(await file.sizeBytes());
  await file.read(bytes, 0);
  try {
    const end = placesOf(bytes).at(-1)?.to ?? 0;
    sealFrames(bytes, 128, end, frameSeedOf(uuidOf(bytes)));
  } catch {
    // A length that leads out of the file: this fault shows itself without any checksum.
  }
  return {
    ...file,
    read: async (target, position) => bytes.copy(target, 0, position),
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

async function writeFiles(folder: string, files: LogFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files)
    if (content === "folder") await mkdir(join(folder, name));
    else await writeFile(join(folder, name), content);
}
