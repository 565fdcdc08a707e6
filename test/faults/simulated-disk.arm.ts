/**
 * The log on a disk that forgets, tears, mixes up and refuses what it was not made to sync: trials
 * by seed, each against a model. `FAULT_SEED=<seed>` repeats one. The seed says, too, whether the log is
 * encrypted: about every other is, and the same faults must do it no more harm.
 */
import type { Disk, DiskFile } from "../../src/core/disk.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { changedFiles } from "../support/changed-files.ts";
import { drawActions } from "../support/log-actions.ts";
import { LogViolation } from "../support/log-oracle.ts";
import { LogTrial, type LogTrialOptions } from "../support/log-trial.ts";
import type { Arm } from "./arm.ts";
import { bufferKeys, encryptionAsked } from "./buffer-key.ts";

const controlSeeds = 8;

export const simulatedDisk: Arm = {
  goal: "R4",
  title: "the log on a simulated disk",
  figures: { small: 10, ci: 2_000, nightly: 200_000 },
  missing: async () => undefined,
  async run(figure, note) {
    const base = `disk-${Date.now()}`;
    const again = process.env.FAULT_SEED;
    const seeds = again ? [again] : Array.from({ length: figure }, (_, at) => `${base}/${at}`);
    note(`seeds ${seeds[0]} to ${seeds.at(-1)}`);
    let acked = 0;
    let declaredLost = 0;
    const violations: string[] = [];
    let encrypted = 0;
    for (const seed of seeds) {
      const isEncrypted = encryptionAsked() ?? createSeededRandom(`${seed} keys`)() < 0.5;
      if (isEncrypted) encrypted += 1;
      const outcome = await tryLog(seed, isEncrypted ? { keys: bufferKeys } : {});
      acked += outcome.acked;
      declaredLost += outcome.declaredLost;
      if (outcome.violation === undefined) continue;
      violations.push(`seed ${seed}: ${outcome.violation}`);
      note(`violation: ${violations.at(-1)}`);
    }
    const lying = await countHarmed(base, { lyingSync: true });
    const early = await countHarmed(base, { wrap: answerEarly });
    return {
      runs: seeds.length,
      acked,
      // A violation is not sorted further: the seed shows what it is.
      lost: declaredLost + violations.length,
      duplicated: 0,
      reordered: 0,
      declaredLost,
      control: lying > 0 && early > 0 ? "harmed" : "unharmed",
      ok: violations.length === 0,
      notes: [
        ...violations.slice(0, 5),
        `${encrypted} of ${seeds.length} logs were encrypted`,
        `a disk that does not sync violates in ${lying} of ${controlSeeds} seeds`,
        `a log that tells before the sync violates in ${early} of ${controlSeeds} seeds`,
      ],
    };
  },
};

interface Outcome {
  readonly acked: number;
  readonly declaredLost: number;
  readonly violation: string | undefined;
  /** A promise was broken; false for what is wrong in any other way. */
  readonly isBroken: boolean;
}

async function tryLog(
  seed: string,
  options: Omit<LogTrialOptions, "random"> = {},
): Promise<Outcome> {
  const trial = new LogTrial({ ...options, random: createSeededRandom(`${seed} disk`) });
  let violation: string | undefined;
  let isBroken = false;
  try {
    await trial.run(drawActions(createSeededRandom(seed), 50, 500));
  } catch (thrown) {
    isBroken = thrown instanceof LogViolation;
    violation = thrown instanceof Error ? thrown.message : String(thrown);
  }
  return { acked: trial.acked, declaredLost: trial.declaredLost, violation, isBroken };
}

async function countHarmed(
  base: string,
  options: Omit<LogTrialOptions, "random">,
): Promise<number> {
  let harmed = 0;
  for (let at = 0; at < controlSeeds; at += 1) {
    const { isBroken } = await tryLog(`${base}/control/${at}`, options);
    if (isBroken) harmed += 1;
  }
  return harmed;
}

/** To the log a sync is over when it begins: what it then calls durable is not yet. */
function answerEarly(disk: Disk): Disk {
  const early = (file: DiskFile): DiskFile => ({
    ...file,
    async sync() {
      setImmediate(() => void file.sync().catch(() => {}));
    },
  });
  return changedFiles(disk, early);
}
