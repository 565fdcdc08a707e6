/**
 * Each call of the disk fails once, or from then on: the n-th of its kind, for every n there is. What
 * was acknowledged stays, nothing spins, and the log goes on or starts again once the disk is well.
 */
import type { Disk } from "../../src/core/disk.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { changedFiles } from "../support/changed-files.ts";
import { LogViolation } from "../support/log-oracle.ts";
import { type LogAction, LogTrial, type LogTrialOptions } from "../support/log-trial.ts";
import type { DiskCall } from "../support/sim-disk.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";

const kinds: readonly DiskCall[] = [
  "list",
  "create",
  "open",
  "read",
  "rename",
  "unlink",
  "syncFolder",
  "write",
  "sync",
  "truncate",
];

interface Fault {
  readonly call: DiskCall;
  readonly code: string;
  readonly times: number;
}

const faults: readonly Fault[] = kinds.flatMap((call) =>
  ["EIO", "ENOSPC", ...(call === "write" ? ["SHORT"] : [])].flatMap((code) =>
    [1, Number.POSITIVE_INFINITY].map((times) => ({ call, code, times })),
  ),
);

export const nthCall: Arm = {
  goal: "R5",
  title: "the n-th call of the disk fails",
  figures: { small: 400, ci: 10_000, nightly: 10_000 },
  missing: async () => undefined,
  async run(figure, note) {
    const seed = `call-${Date.now()}`;
    note(`seed ${seed}`);
    const violations: string[] = [];
    const reached: string[] = [];
    const most = Math.ceil(figure / faults.length);
    let runs = 0;
    let acked = 0;
    let declaredLost = 0;
    for (const fault of faults) {
      let n = 0;
      for (; n < most; n += 1) {
        const outcome = await tryActions(actionsWith(fault, n), seed);
        if (!outcome.wasMet && outcome.violation === undefined) break;
        runs += 1;
        acked += outcome.acked;
        declaredLost += outcome.declaredLost;
        if (outcome.violation === undefined) continue;
        violations.push(`${nameOf(fault)}, call ${n + 1}: ${outcome.violation}`);
        note(`violation: ${violations.at(-1)}`);
      }
      reached.push(`${nameOf(fault)} ${n}${n < most ? "" : "+"}`);
    }
    const harmed = await countHarmed(seed);
    return {
      runs,
      acked,
      lost: declaredLost + violations.length,
      duplicated: 0,
      reordered: 0,
      declaredLost,
      control: controlOf(harmed),
      ok: violations.length === 0,
      notes: [
        ...violations.slice(0, 5),
        `calls that failed: ${reached.join(", ")}`,
        `a log that takes a failed sync for a success violates at ${harmed} calls`,
      ],
    };
  },
};

function nameOf({ call, code, times }: Fault): string {
  return `${call} ${code} ${times === 1 ? "once" : "for good"}`;
}

interface Outcome {
  readonly acked: number;
  readonly declaredLost: number;
  readonly wasMet: boolean;
  readonly violation: string | undefined;
  readonly isBroken: boolean;
}

const append: LogAction = { kind: "append", count: 8, bytes: 700 };
/** In segments with telemetry: those are rewritten once the buffer is full. */
const appendState: LogAction = { kind: "append", count: 2, bytes: 300, recordClass: "state" };
const pass: LogAction = { kind: "pass", ms: 1_500 };

/** Work, a rest with the fault still there, a stop and a start with it; a trial ends with a crash. */
function actionsWith({ call, code, times }: Fault, skip: number): LogAction[] {
  const work = call === "read" ? [append, pass] : [append, appendState, pass];
  return [
    append,
    { kind: "wait" },
    { kind: "confirm", part: 1 },
    { kind: "fail", call, code, times, skip },
    ...Array.from({ length: 5 }, () => work).flat(),
    { kind: "read" },
    ...Array.from({ length: 5 }, () => work).flat(),
    { kind: "pass", ms: 60_000 },
    { kind: "restart", stillFailing: true },
    append,
    { kind: "wait" },
  ];
}

async function tryActions(
  actions: readonly LogAction[],
  seed: string,
  options: Omit<LogTrialOptions, "random"> = {},
): Promise<Outcome> {
  const trial = new LogTrial({ ...options, random: createSeededRandom(seed) });
  let violation: string | undefined;
  let isBroken = false;
  try {
    await trial.run(actions);
  } catch (thrown) {
    isBroken = thrown instanceof LogViolation;
    violation = thrown instanceof Error ? thrown.message : String(thrown);
  }
  const { acked, declaredLost, faultsMet } = trial;
  return { acked, declaredLost, wasMet: faultsMet > 0, violation, isBroken };
}

/** The power goes while the disk still fails. */
async function countHarmed(seed: string): Promise<number> {
  let harmed = 0;
  for (let skip = 0; skip < 10; skip += 1) {
    const times = Number.POSITIVE_INFINITY;
    const actions: LogAction[] = [
      append,
      { kind: "wait" },
      { kind: "fail", call: "sync", code: "EIO", times, skip },
      ...Array.from({ length: 3 }, () => [append, pass]).flat(),
      { kind: "crash", calls: 0, during: "work" },
    ];
    const { isBroken } = await tryActions(actions, `${seed}/${skip}`, { wrap: ignoreFailedSyncs });
    if (isBroken) harmed += 1;
  }
  return harmed;
}

function ignoreFailedSyncs(disk: Disk): Disk {
  return changedFiles(disk, (file) => ({ ...file, sync: () => file.sync().catch(() => {}) }));
}
