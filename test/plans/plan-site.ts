import { onTestFinished } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { Clock } from "../../src/core/clock.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { createPlanRunner, type PlanRunner } from "../../src/plans/plan-runner.ts";
import { encodeRun } from "../../src/plans/run-document.ts";
import { storedRunOf } from "../../src/plans/stream-world.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { appendChange, type RunPlace, readLastChange } from "../../src/stream/plan-log.ts";
import { plansStreamContract } from "../../src/stream/stream-contract.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { type Decide, type PlayedGateway, playGateway } from "./played-gateway.ts";

export interface PlanSite {
  readonly url: string;
  readonly backbone: Backbone;
  readonly gateway: PlayedGateway;
}

/** A server, and a gateway that is played. */
export async function openPlanSite(decide: Decide): Promise<PlanSite> {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  return { url, backbone, gateway: await playGateway(url, backbone, decide) };
}

/** Who runs plans; it stops when the test ends. A last word is waited for so long behind an expiry. */
export function startPlanRunner(
  { backbone, url }: Pick<PlanSite, "backbone" | "url">,
  graceMs = 200,
  clock: Clock = systemClock,
): PlanRunner {
  const runner = createPlanRunner({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    clock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    graceMs,
  });
  onTestFinished(() => runner.stop());
  runner.start();
  return runner;
}

/** Stores what a person makes of a run, as it is by then. */
export async function changeRun(
  site: Pick<PlanSite, "backbone">,
  place: RunPlace,
  to: (run: PlanRun) => PlanRun,
): Promise<void> {
  const connection = await connectionOf(site.backbone);
  for (;;) {
    const last = await readLastChange(connection, place);
    const run = to(await readRun(site, place));
    if ((await appendChange(connection, place, encodeRun(run), last?.streamSeq ?? 0)) !== undefined)
      return;
  }
}

/** Asks for a run as a person's command does. */
export async function requestOf(
  { backbone, url }: Pick<PlanSite, "backbone" | "url">,
  run: PlanRun,
): Promise<void> {
  const connection = await connectionOf(backbone);
  await ensureStream(connection, plansStreamContract(backboneOptionsFor(url)));
  if ((await appendChange(connection, run, encodeRun(run), 0)) === undefined)
    throw new Error(`${run.run} is there already`);
}

/** The run as it is stored. */
export async function readRun(
  { backbone }: Pick<PlanSite, "backbone">,
  run: RunPlace,
): Promise<PlanRun> {
  const message = await readLastChange(await connectionOf(backbone), run);
  const stored = message && storedRunOf(message);
  if (!stored) throw new Error(`there is no run ${run.run}`);
  return stored.run;
}
