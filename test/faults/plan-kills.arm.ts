/**
 * Runs of a plan while the gateway, the processor and the nats-server are killed at every step of them.
 * Each must end in one state that its devices confirm, with one effect for each command.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { hasEnded, type PlanRun } from "../../src/plans/plan-run.ts";
import { encodeRun } from "../../src/plans/run-document.ts";
import { storedRunOf } from "../../src/plans/stream-world.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { type Backbone, openBackbone } from "../../src/stream/backbone.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { backboneOptions } from "../../src/stream/options.ts";
import { appendChange, readLastChanges } from "../../src/stream/plan-log.ts";
import {
  commandsStreamContract,
  gatewayStreamContract,
  plansStreamContract,
} from "../../src/stream/stream-contract.ts";
import { origin } from "../support/gateway-stream.ts";
import type { Fault } from "../support/planted-program.ts";
import { silentMetrics } from "../support/silence.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { type Hub, inHub } from "./hub.ts";
import { PlayedPlanGateway } from "./plan-gateway.ts";
import { fateOf, judgePlay, type PlayVerdict, requestPlay } from "./plan-play.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Runs that are under way at once: each kill hits them at other steps. */
const runsAtOnce = 12;
/** A run of this plan changes about so many times. */
const changesOfRun = 16;
const victims = ["processor", "gateway", "server"] as const;

interface Outcome extends PlayVerdict {
  readonly runs: number;
  readonly commands: number;
  /** Different places of a run at which something was killed: the change and who. */
  readonly places: number;
}

export const planKills: Arm = {
  goal: "R28",
  title: "plans while gateway, processor and nats-server are killed at each of their steps",
  figures: { small: 0, ci: 48, nightly: 480 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `plan-kills-${Date.now()}`;
      note(`seed ${seed}`);
      const outcome = await killPlans(join(folder, "killed"), seed, figure);
      note("control: commands get an id of their own each time that they are issued");
      const control = await killPlans(join(folder, "control"), seed, 2, "plan-ids-anew");
      const ends = Object.entries(outcome.ends).map(([state, count]) => `${count} ${state}`);
      return {
        runs: figure,
        acked: outcome.runs,
        lost: outcome.wrong,
        duplicated: outcome.doubled,
        reordered: 0,
        declaredLost: 0,
        control: controlOf(control.doubled),
        ok: outcome.wrong + outcome.doubled === 0,
        notes: [
          ...outcome.examples,
          `${outcome.runs} runs: ${ends.join(", ")}; ${outcome.commands} effects, none twice`,
          `killed at ${outcome.places} different places: a step, and who`,
          `with ids made anew ${control.doubled} of ${control.commands} effects were second ones`,
        ],
      };
    }),
};

function killPlans(folder: string, seed: string, kills: number, fault?: Fault): Promise<Outcome> {
  return inHub({ folder, configuration: "", fault }, async (hub) => {
    const random = createSeededRandom(seed);
    let server = await hub.startServer();
    const processor = await hub.program("one", "processor");
    const backbone = openPlayBackbone(hub);
    const gateway = new PlayedPlanGateway(backbone, (command) => fateOf(seed, command), random);
    const places = new Set<string>();
    const all: PlanRun[] = [];
    try {
      await makeStreams(hub, backbone);
      processor.start();
      gateway.start();
      for (let kill = 0; kill < kills; kill += 1) {
        const victim = victims[fault === undefined ? kill % victims.length : 0] ?? "processor";
        const from = all.length;
        for (let n = 0; n < runsAtOnce; n += 1) {
          const run = requestPlay(all.length, systemClock.wallMs());
          all.push(run);
          await appendChange(await connected(backbone), run, encodeRun(run), 0);
          await sleep(systemClock, random() * 60);
        }
        const names = new Set(all.slice(from).map(({ run }) => run));
        const change = 2 + Math.floor(random() * changesOfRun);
        const reached = await untilRuns(backbone, names, (runs) =>
          runs.some((run) => run.change >= change || hasEnded(run)),
        );
        for (const run of reached) places.add(`${victim} ${run.change}`);
        if (victim === "processor") {
          await processor.kill();
          processor.start();
        } else if (victim === "gateway") {
          await gateway.kill();
          await sleep(systemClock, random() * 500);
          gateway.start();
        } else {
          await server.kill();
          server = await hub.startServer();
        }
        await untilRuns(backbone, names, (runs) => runs.every(hasEnded));
      }
      const runs = await readRuns(backbone, new Set(all.map(({ run }) => run)));
      return {
        ...judgePlay(runs, gateway.effects),
        runs: all.length,
        commands: gateway.effects.length,
        places: places.size,
      };
    } finally {
      await gateway.kill();
      await backbone.close();
    }
  });
}

function openPlayBackbone({ natsUrl }: Hub): Backbone {
  return openBackbone(backboneOptions.parse({ servers: [natsUrl] }), {
    name: "play",
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    backoff: { baseMs: 20, maxMs: 100 },
  });
}

function connected(backbone: Backbone): ReturnType<Backbone["connected"]> {
  return backbone.connected(new AbortController().signal);
}

async function makeStreams({ natsUrl }: Hub, backbone: Backbone): Promise<void> {
  const connection = await connected(backbone);
  const options = backboneOptions.parse({ servers: [natsUrl] });
  await ensureStream(connection, plansStreamContract(options));
  await ensureStream(connection, commandsStreamContract(options));
  await ensureStream(connection, gatewayStreamContract(origin, options));
}

/** How the runs are stored, once that is what is waited for, or after two minutes. */
async function untilRuns(
  backbone: Backbone,
  names: ReadonlySet<string>,
  are: (runs: readonly PlanRun[]) => boolean,
): Promise<readonly PlanRun[]> {
  const untilMs = systemClock.monotonicMs() + 120_000;
  for (;;) {
    const runs = await readRuns(backbone, names).catch(() => []);
    const isLate = systemClock.monotonicMs() > untilMs;
    if ((runs.length === names.size && are(runs)) || isLate) return runs;
    await sleep(systemClock, 10);
  }
}

async function readRuns(
  backbone: Backbone,
  names: ReadonlySet<string>,
): Promise<readonly PlanRun[]> {
  const runs = new Map<string, PlanRun>();
  await readLastChanges(await connected(backbone), (message) => {
    const run = storedRunOf(message)?.run;
    if (run && names.has(run.run)) runs.set(run.run, run);
  });
  return [...runs.values()];
}
