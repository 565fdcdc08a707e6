/**
 * Crash points of the log on a real file system: every write of a run is recorded, the power fails
 * at any of them, and the next start must find what was acknowledged.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { readRecording } from "./uml/block-recording.ts";
import { bundleGuest } from "./uml/bundle-guest.ts";
import { CrashedDisk } from "./uml/crashed-disk.ts";
import { makeFileSystem, makeImage } from "./uml/disk-image.ts";
import { LogJudge } from "./uml/log-judge.ts";
import { withMounted } from "./uml/loop-mount.ts";
import { bootMachine } from "./uml/machine.ts";
import { missingDevice, missingForMachine, missingRoot } from "./uml/missing.ts";
import { numberedDevice } from "./uml/numbered-draft.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const guest = fileURLToPath(new URL("uml/guests/log-writes.sh", import.meta.url));
const mib = 2 ** 20;
const diskBytes = 24 * mib;
const recordingBytes = 512 * mib;
const pointsPerRecording = 1_000;
const controlPoints = 40;

export const crashPoints: Arm = {
  goal: "R3",
  title: "every crash point of the log",
  figures: { small: 0, ci: 500, nightly: 10_000 },
  missing: async () =>
    (await missingForMachine(["dmsetup", "mount"])) ??
    missingRoot() ??
    (await missingDevice("/dev/loop-control")),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const program = await bundleGuest("log-sessions", folder);
      const seed = `points-${Date.now()}`;
      note(`seed ${seed}`);
      const counts = emptyCounts();
      for (let done = 0; done < figure; done += pointsPerRecording) {
        const points = Math.min(pointsPerRecording, figure - done);
        await crashAt(points, { folder, program, seed: `${seed}/${done}`, note }, counts);
      }
      note("control: a log that never syncs");
      const control = emptyCounts();
      const forgetful = await bundleGuest("log-sessions", folder, "no-sync");
      await crashAt(controlPoints, { folder, program: forgetful, seed, note }, control);
      const { unmountable, violations, ...figures } = counts;
      return {
        ...figures,
        runs: figure - unmountable,
        control: controlOf(control.lost),
        ok: violations.length === 0 && figures.declaredLost === 0 && unmountable * 100 < figure,
        notes: [
          ...violations.slice(0, 5),
          `${unmountable} points at which ext4 itself could not be mounted`,
          `without syncs ${control.lost} of ${control.acked} acked were lost`,
        ],
      };
    }),
};

interface Counts {
  acked: number;
  lost: number;
  duplicated: number;
  reordered: number;
  declaredLost: number;
  unmountable: number;
  readonly violations: string[];
}

function emptyCounts(): Counts {
  return {
    acked: 0,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    declaredLost: 0,
    unmountable: 0,
    violations: [],
  };
}

interface Recording {
  readonly folder: string;
  readonly program: string;
  readonly seed: string;
  readonly note: (text: string) => void;
}

/** Records the log at work once, and crashes it at so many points. */
async function crashAt(points: number, recording: Recording, counts: Counts): Promise<void> {
  const { folder, note, program, seed } = recording;
  const disk = join(folder, "disk.img");
  const recorded = join(folder, "recorded.img");
  await makeFileSystem(disk, diskBytes);
  const before = await readFile(disk);
  await makeImage(recorded, recordingBytes);
  const machine = bootMachine({
    guest,
    folder,
    disks: [disk, recorded],
    modules: ["dm-mod", "dm-log-writes"],
    variables: { program, seed },
  });
  try {
    await machine.line(/^RECORDED/, 120_000);
  } finally {
    await machine.cut();
  }
  const steps = await readRecording(recorded);
  const random = createSeededRandom(seed);
  const at = Array.from({ length: points }, () => Math.floor(random() * steps.length));
  at.sort((one, other) => one - other);
  const crashed = new CrashedDisk(before);
  let acked: number[] = [];
  const image = join(folder, "crashed.img");
  let next = 0;
  for (const [index, step] of steps.entries()) {
    crashed.take(step);
    acked = ackedAfter(acked, step.mark ?? "");
    for (; at[next] === index; next += 1) {
      await writeFile(image, crashed.crash(random));
      await judgePoint(image, join(folder, "mounted"), acked, `${seed} step ${index}`, counts);
    }
  }
  note(
    `${steps.length} recorded steps, ${points} points, ${counts.acked} acked: ` +
      `${counts.lost} lost, ${counts.violations.length} violations so far`,
  );
}

/** The numbers that must be held after a mark: acknowledged, and not yet given free. */
function ackedAfter(acked: number[], mark: string): number[] {
  const [, from, to] = /^acked-(\d+)-(\d+)$/.exec(mark) ?? [];
  if (from !== undefined) {
    const more = Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i);
    return [...acked, ...more];
  }
  const [, confirmed] = /^confirmed-(\d+)$/.exec(mark) ?? [];
  return confirmed === undefined ? acked : acked.filter((n) => n > Number(confirmed));
}

/** The log, as it is found after the crash, must hold all that it must hold, once and in order. */
async function judgePoint(
  image: string,
  mountPoint: string,
  acked: readonly number[],
  where: string,
  counts: Counts,
): Promise<void> {
  const numbers = acked.map((n): [string, number] => [numberedDevice, n]);
  const judge = new LogJudge();
  const mounted = await withMounted(image, mountPoint, async () => {
    try {
      await judge.judge(join(mountPoint, "data/log"), numbers);
    } catch (thrown) {
      counts.violations.push(`${where}: the log does not start: ${String(thrown)}`);
    }
    return true;
  });
  if (!mounted) {
    counts.unmountable += 1;
    return;
  }
  const { verdict } = judge;
  counts.acked += verdict.acked;
  counts.lost += verdict.lost;
  counts.duplicated += verdict.duplicated;
  counts.reordered += verdict.reordered;
  counts.declaredLost += verdict.declaredLost;
  counts.violations.push(...verdict.faults.map((fault) => `${where}: ${fault}`));
  if (verdict.declaredLost > 0) {
    counts.violations.push(`${where}: ${verdict.declaredLost} declared lost`);
  }
}
