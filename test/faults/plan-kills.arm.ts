/**
 * Runs of a plan while the gateway, the processor and the nats-server are killed at every step of them.
 * Each must end in one state that its devices confirm, with one effect for each command.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import type { Random } from "../../src/core/retry.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { ownProgram } from "../support/own-program.ts";
import { type RoleProgram, roleProgram } from "../support/role-program.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { writeCommandProfiles } from "./command-devices.ts";
import { controlOf } from "./counts.ts";
import { judgePlans, type PlanVerdict } from "./plan-judge.ts";
import { KilledAt, placeOf, type Victim, victims } from "./plan-places.ts";
import { lineDevices, requestPlay } from "./plan-play.ts";
import { openPlanWatch, type PlanWatch } from "./plan-watch.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Each has one run after the other: a kill hits them at different steps. */
const lines = 12;
/** So many changes are stored between two kills. */
const changesBetween = 10;
/** How long a place is waited for that a victim was not yet killed at. */
const longestWaitMs = 6_000;
const controlKills = 3;

interface Outcome extends PlanVerdict {
  readonly runs: number;
  readonly killedAt: KilledAt;
}

export const planKills: Arm = {
  goal: "R28",
  title: "plans while gateway, processor and nats-server are killed at each of their steps",
  figures: { small: 0, ci: 48, nightly: 480 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = process.env["FAULT_SEED"] ?? `plan-kills-${Date.now()}`;
      note(`seed ${seed}`);
      const program = await ownProgram(join(folder, "program"));
      const planted = await ownProgram(join(folder, "planted"), "plan-ids-anew");
      const outcome = await killPlans(join(folder, "killed"), seed, program, figure, victims);
      note("control: commands get an id of their own each time that they are issued");
      const falling = ["processor"] as const;
      const control = await killPlans(
        join(folder, "control"),
        seed,
        planted,
        controlKills,
        falling,
      );
      const ends = Object.entries(outcome.ends).map(([state, count]) => `${count} ${state}`);
      const { changes, missing, places } = outcome.killedAt;
      return {
        runs: figure,
        acked: outcome.runs,
        lost: outcome.wrong,
        duplicated: outcome.doubled,
        reordered: 0,
        declaredLost: 0,
        control: controlOf(control.doubled),
        ok: outcome.wrong + outcome.doubled + missing.length === 0,
        notes: [
          ...outcome.examples,
          ...missing.map((pair) => `never killed: ${pair}`),
          `${outcome.runs} runs: ${ends.join(", ")}; ${outcome.effects} effects, ${outcome.doubled} twice`,
          `killed at ${places} pairs of place and victim, ${changes} of change and victim`,
          `with ids made anew ${control.doubled} of ${control.effects} effects were second ones`,
        ],
      };
    }),
};

async function killPlans(
  folder: string,
  seed: string,
  program: string,
  kills: number,
  falling: readonly Victim[],
): Promise<Outcome> {
  const configuration = await writeCommandProfiles(folder);
  const options = { folder, boot: seed, configuration, program };
  return inTrial(options, async (trial) => {
    const random = createSeededRandom(seed);
    const { url } = await trial.startBackbone();
    await trial.gateway.start();
    const devices = Array.from({ length: lines }, (_, line) =>
      lineDevices(trial.gateway.mqttUrl, line, random),
    ).flat();
    const { configPath } = trial.gateway;
    const processor = roleProgram({ role: "processor", configPath, folder, program });
    const watch = await openPlanWatch(url);
    try {
      for (const device of devices) device.start();
      await waitUntil(() => devices.every(({ isUp }) => isUp), "all devices are there");
      processor.start();
      const over = new AbortController();
      const running = runLines(watch, random, over.signal);
      const killedAt = new KilledAt();
      const atCommands = falling.length === 1;
      const stage = { trial, processor, watch, killedAt, random, atCommands };
      for (let kill = 0; kill < kills; kill += 1) {
        const victim = falling[kill % falling.length] ?? "processor";
        await killAtPlace(stage, victim);
      }
      over.abort();
      await running;
      const runs = await watch.stored();
      return { ...judgePlans(runs, devices), runs: runs.length, killedAt };
    } finally {
      await Promise.all(devices.map((device) => device.leave()));
      await processor.kill();
      await watch.close();
    }
  });
}

/** One run after the other on each line, until the signal; resolves when all have ended. */
async function runLines(watch: PlanWatch, random: Random, signal: AbortSignal): Promise<void> {
  let count = 0;
  const runLine = async (line: number): Promise<void> => {
    while (!signal.aborted) {
      const run = requestPlay(count, line, random);
      count += 1;
      await watch.request(run);
      await watch.untilEnded(run);
    }
  };
  await Promise.all(Array.from({ length: lines }, (_, line) => runLine(line)));
}

interface Stage {
  readonly trial: Trial;
  readonly processor: RoleProgram;
  readonly watch: PlanWatch;
  readonly killedAt: KilledAt;
  readonly random: Random;
  /** Kills as soon as a command is issued, wherever its run is. */
  readonly atCommands: boolean;
}

/** Kills at a place that the victim was not yet killed at, if one is come to; then waits for changes. */
async function killAtPlace(stage: Stage, victim: Victim): Promise<void> {
  const { atCommands, killedAt, processor, random, trial, watch } = stage;
  const before = watch.count;
  await waitWhileMoving(
    () => watch.count >= before + changesBetween,
    () => watch.count,
    "plans go on",
    120_000,
  );
  if (atCommands) await watch.untilCommand(longestWaitMs);
  else {
    const isMeant = (run: PlanRun): boolean => killedAt.lacks(victim, placeOf(run));
    const isNew = await watch.untilChange(isMeant, longestWaitMs);
    if (!isNew || random() < 0.5) await sleep(systemClock, random() * 60);
  }
  killedAt.note(victim, watch.open());
  if (victim === "processor") {
    const taken = (): number => processor.journal().split("plans are run here").length;
    const takenBefore = taken();
    await processor.kill();
    processor.start();
    await waitUntil(() => taken() > takenBefore, "plans are run again", 60_000);
  } else if (victim === "gateway") {
    await trial.gateway.kill();
    await sleep(systemClock, random() * 1_000);
    await trial.gateway.start();
  } else {
    await trial.killBackbone();
    await sleep(systemClock, random() * 500);
    await trial.startBackbone();
  }
}
