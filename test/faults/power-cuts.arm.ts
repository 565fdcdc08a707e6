/**
 * Power cuts of the real gateway under load, in a machine of its own: whatever a device holds a
 * PUBACK for is in the log that the next start finds, once and in order.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/app/system-clock.ts";
import { noKeys } from "../../src/buffer/encryption/key-ring.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { programWith } from "../support/gateway-program.ts";
import type { Fault } from "../support/planted-program.ts";
import type { Arm, ArmResult } from "./arm.ts";
import { bufferKeys, bufferKeyText, encryptionAsked } from "./buffer-key.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { AckedNumbers } from "./uml/acked-numbers.ts";
import { bundleGuest } from "./uml/bundle-guest.ts";
import {
  type FileSystem,
  makeFileSystem,
  makeImage,
  modulesOf,
  runFile,
} from "./uml/disk-image.ts";
import { findTool } from "./uml/find-tool.ts";
import { LogJudge } from "./uml/log-judge.ts";
import { bootMachine, type Machine } from "./uml/machine.ts";
import { missingForMachine } from "./uml/missing.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const guest = fileURLToPath(new URL("uml/guests/gateway.sh", import.meta.url));
const mib = 2 ** 20;
/** A disk lives through this many cuts; then a new one keeps the copies small. */
const cutsPerDisk = 5;
/** From this many cuts on, every other disk carries f2fs, where there is a mkfs for it. */
const manyCuts = 100;
/** One cut in this many comes while the gateway is still starting, that is: recovering. */
const startCutEvery = 5;

export const powerCuts: Arm = {
  goal: "R2",
  title: "power cuts of the gateway",
  figures: { small: 2, ci: 25, nightly: 300 },
  missing: () => missingForMachine(),
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const guestProgram = await bundleGuest("gateway-under-load", folder);
      const seed = `power-${Date.now()}`;
      note(`seed ${seed}`);
      const random = createSeededRandom(seed);
      const f2fs = figure >= manyCuts && findTool("mkfs.f2fs") !== undefined;
      const judges: LogJudge[] = [];
      for (let cut = 0; cut < figure; cut += cutsPerDisk) {
        const fileSystem: FileSystem = f2fs && judges.length % 2 === 1 ? "f2fs" : "ext4";
        const cuts = Math.min(cutsPerDisk, figure - cut);
        // The first disk is encrypted, and every other after it.
        const isEncrypted = encryptionAsked() ?? judges.length % 2 === 0;
        const wear = { folder, guestProgram, fileSystem, cuts, isEncrypted, random, note };
        judges.push(await wearDisk(wear));
      }
      note("control: a gateway that never syncs");
      const control = await wearDisk({
        folder,
        guestProgram,
        fileSystem: "ext4",
        cuts: 1,
        isEncrypted: false,
        fault: "no-sync",
        random,
        note,
      });
      return summary(figure, judges, control);
    }),
};

interface Wear {
  readonly folder: string;
  readonly guestProgram: string;
  readonly fileSystem: FileSystem;
  readonly cuts: number;
  readonly isEncrypted: boolean;
  readonly fault?: Fault | undefined;
  readonly random: () => number;
  readonly note: (text: string) => void;
}

/** Cuts the power of one disk's machine again and again; judges what each next boot finds. */
async function wearDisk(wear: Wear): Promise<LogJudge> {
  const { cuts, fault, fileSystem, folder, guestProgram, isEncrypted, note, random } = wear;
  const disk = join(folder, "disk.img");
  const copy = join(folder, "copy.img");
  const size = 512 * mib;
  await makeFileSystem(disk, size, fileSystem);
  const acks = new AckedNumbers();
  const judge = new LogJudge(isEncrypted ? bufferKeys : noKeys);
  for (let boot = 0; boot <= cuts; boot += 1) {
    await makeImage(copy, size);
    const last = boot === cuts;
    const machine = bootMachine({
      guest,
      folder,
      disks: [disk, copy],
      modules: modulesOf[fileSystem],
      variables: {
        filesystem: fileSystem,
        program: guestProgram,
        gateway: await programWith(fault),
        boot: `boot${boot}`,
        BUFFER_KEY: isEncrypted ? bufferKeyText : "",
        only_copy: last ? "yes" : "",
      },
      onLine: (line) => {
        acks.readLine(line);
        if (line.startsWith("GATEWAY")) note(line);
      },
    });
    try {
      if (boot === 0) await machine.line(/NOTHING THERE/);
      else await judgeCopy(machine, copy, folder, judge, acks);
      const before = acks.total;
      if (last) await machine.off();
      else await cutUnderLoad(machine, random, fault === undefined && boot % startCutEvery === 2);
      if (!last) note(`cut ${boot + 1} on ${fileSystem}: ${acks.total - before} acked before it`);
    } finally {
      await machine.cut();
    }
  }
  const { lost, declaredLost } = judge.verdict;
  note(`disk with ${fileSystem}: ${acks.total} acked, ${lost} lost, ${declaredLost} declared lost`);
  return judge;
}

async function cutUnderLoad(
  machine: Machine,
  random: () => number,
  whileStarting: boolean,
): Promise<void> {
  await machine.line(whileStarting ? /^STARTING/ : /^ACKED/);
  await sleep(systemClock, whileStarting ? random() * 1_000 : 200 + random() * 2_000);
  await machine.cut();
}

/** Takes over the copy that the guest made, and judges it against every PUBACK so far. */
async function judgeCopy(
  machine: Machine,
  copy: string,
  folder: string,
  judge: LogJudge,
  acks: AckedNumbers,
): Promise<void> {
  const acked = [...acks];
  const [said] = await machine.line(/^COPIED|^NOTHING THERE/);
  const found = join(folder, "found");
  await rm(found, { recursive: true, force: true });
  await mkdir(found);
  if (said === "COPIED") await runFile("tar", ["-C", found, "-xf", copy]);
  await judge.judge(join(found, "log"), acked);
}

function summary(runs: number, judges: readonly LogJudge[], control: LogJudge): ArmResult {
  const result = { runs, ...sumCounts(judges.map(({ verdict }) => verdict)) };
  const faults = judges.flatMap(({ verdict }) => verdict.faults);
  const clean = result.lost + result.duplicated + result.reordered + result.declaredLost === 0;
  return {
    ...result,
    control: controlOf(control.verdict.lost),
    ok: clean && faults.length === 0 && result.acked > 0,
    notes: [
      ...faults.slice(0, 5),
      `without syncs ${control.verdict.lost} of ${control.verdict.acked} acked were lost`,
    ],
  };
}
