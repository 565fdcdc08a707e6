/**
 * R8: files that were damaged at rest. Every start must succeed, nothing but the damaged records may
 * be lost, each loss is declared exactly, and no wrong payload is ever given out.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { gatewayProgram } from "../support/gateway-program.ts";
import type { Arm, ArmResult } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { credulousDisk } from "./credulous-disk.ts";
import { type Left, leaveLog, recordCount, suffer, writeFiles } from "./damaged-log.ts";
import { flip, makeFault } from "./log-mutator.ts";

/** The first start of a damaged log takes no longer. */
const mostStartMs = 2_000;
/** So many faults are also put before the real program. */
const programFaults = 4;

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
    control: controlOf(control),
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
