import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { settleRun } from "../../src/plans/advance.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { createPlanRunner, type PlanRunner } from "../../src/plans/plan-runner.ts";
import { encodeRun } from "../../src/plans/run-document.ts";
import { storedRunOf } from "../../src/plans/stream-world.ts";
import type { Backbone } from "../../src/stream/backbone.ts";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { appendChange, readLastChange } from "../../src/stream/plan-log.ts";
import { plansStreamContract } from "../../src/stream/stream-contract.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { backboneOptionsFor, connectionOf, testBackbone } from "../support/backbone.ts";
import { natsServer } from "../support/nats-server.ts";
import { silentLogger, silentMetrics } from "../support/silence.ts";
import { waitUntil } from "../support/wait-until.ts";
import { givenRun, shutLine } from "./given-run.ts";
import { type Decide, playGateway } from "./played-gateway.ts";

const quickly = { ...shutLine, steps: shutLine.steps.filter((step) => !("wait" in step)) };

async function openSite(decide: Decide) {
  const { url } = await natsServer();
  const backbone = testBackbone(url);
  const gateway = await playGateway(url, backbone, decide);
  return { url, backbone, gateway };
}

function startRunner(url: string, backbone: Backbone): PlanRunner {
  const runner = createPlanRunner({
    backbone,
    backboneOptions: backboneOptionsFor(url),
    clock: systemClock,
    random: Math.random,
    logger: silentLogger,
    metrics: silentMetrics,
    graceMs: 200,
  });
  onTestFinished(() => runner.stop());
  runner.start();
  return runner;
}

async function request(url: string, backbone: Backbone, run: PlanRun): Promise<void> {
  const connection = await connectionOf(backbone);
  await ensureStream(connection, plansStreamContract(backboneOptionsFor(url)));
  expect(await appendChange(connection, run, encodeRun(run), 0)).toBeDefined();
}

async function readRun(backbone: Backbone, run: PlanRun): Promise<PlanRun> {
  const message = await readLastChange(await connectionOf(backbone), run);
  return (message && storedRunOf(message)?.run) ?? run;
}

async function untilState(backbone: Backbone, run: PlanRun, state: string): Promise<PlanRun> {
  await waitUntil(async () => (await readRun(backbone, run)).state === state, `it is ${state}`);
  return readRun(backbone, run);
}

test("a plan is done step by step, and a process that ends between two steps changes nothing", async () => {
  let answer: (state: "acknowledged") => void = () => {};
  const { backbone, gateway, url } = await openSite(({ name }) =>
    name === "stop" ? new Promise((resolve) => (answer = resolve)) : "acknowledged",
  );
  const run = givenRun(quickly, Date.now());
  await request(url, backbone, run);
  const first = startRunner(url, backbone);
  await waitUntil(() => gateway.read.length === 2, "both commands are read");
  await first.stop();
  expect((await readRun(backbone, run)).state).toBe("running");
  answer("acknowledged");
  startRunner(url, backbone);
  await untilState(backbone, run, "done");
  const ids = ["shut-1.1.1", "shut-1.2.1"];
  expect(gateway.effects.map(({ id }) => id)).toEqual(ids);
  expect(gateway.read).toEqual(ids);
});

test("what was done is taken back in reverse order when a later step is refused", async () => {
  const plan = {
    ...quickly,
    steps: [
      ...quickly.steps,
      { command: "vent", device: "tank-1", compensate: { command: "seal" } },
    ],
  };
  const { backbone, gateway, url } = await openSite(({ name }) =>
    name === "vent" ? "refused" : "acknowledged",
  );
  const run = givenRun(plan, Date.now());
  await request(url, backbone, run);
  startRunner(url, backbone);
  const ended = await untilState(backbone, run, "compensated");
  expect(gateway.effects.map(({ name }) => name)).toEqual(["close", "stop", "start", "open"]);
  expect(ended).toMatchObject({
    failedStep: 3,
    why: "step 3 (vent on tank-1): refused, it is refused",
  });
});

test("a person is called where a step cannot be taken back, until one says that it is settled", async () => {
  const plan = { ...quickly, give_up: "1s" };
  const { backbone, url } = await openSite(({ name }) =>
    name === "close" ? "acknowledged" : "refused",
  );
  const run = givenRun(plan, Date.now());
  await request(url, backbone, run);
  startRunner(url, backbone);
  const stuck = await untilState(backbone, run, "stuck");
  const connection = await connectionOf(backbone);
  await waitUntil(async () => (await storedTransitions(connection)).length === 1, "it is told");
  const settled = settleRun(stuck, { by: "ana", reason: "opened by hand", atMs: Date.now() });
  const last = await readLastChange(connection, run);
  await appendChange(connection, run, encodeRun(settled), last?.streamSeq ?? 0);
  await waitUntil(async () => (await storedTransitions(connection)).length === 2, "it is told");
  const [called, over] = await storedTransitions(connection);
  expect(called).toMatchObject({
    rule: "sluicegate/PlanStuck",
    state: "firing",
    labels: { site: "plant-a", plan: "shut_line", run: "shut-1", step: "1" },
  });
  expect(over).toMatchObject({ state: "ended", reason: "settled", episode: called?.episode });
});
