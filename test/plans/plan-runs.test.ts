import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { planSubject, plansStream } from "../../src/core/subject.ts";
import { cancelRun, settleRun } from "../../src/plans/advance.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { connectionOf } from "../support/backbone.ts";
import { waitUntil } from "../support/wait-until.ts";
import { givenRun, shutLine } from "./given-run.ts";
import {
  changeRun,
  openPlanSite,
  type PlanSite,
  readRun,
  requestOf,
  startPlanRunner,
} from "./plan-site.ts";

const quickly = { ...shutLine, steps: shutLine.steps.filter((step) => !("wait" in step)) };

async function untilState(site: PlanSite, run: PlanRun, state: string): Promise<PlanRun> {
  await waitUntil(async () => (await readRun(site, run)).state === state, `it is ${state}`);
  return readRun(site, run);
}

test("a plan is done step by step, and a process that ends between two steps changes nothing", async () => {
  let answer: (state: "acknowledged") => void = () => {};
  const site = await openPlanSite(({ name }) =>
    name === "stop" ? new Promise((resolve) => (answer = resolve)) : "acknowledged",
  );
  const run = givenRun(quickly, Date.now());
  await requestOf(site, run);
  const first = startPlanRunner(site);
  await waitUntil(() => site.gateway.read.length === 2, "both commands are read");
  await first.stop();
  expect((await readRun(site, run)).state).toBe("running");
  answer("acknowledged");
  startPlanRunner(site);
  await untilState(site, run, "done");
  const ids = ["shut-1.1.1", "shut-1.2.1"];
  expect(site.gateway.effects.map(({ id }) => id)).toEqual(ids);
  expect(site.gateway.read).toEqual(ids);
});

test("what was done is taken back in reverse order when a later step is refused", async () => {
  const plan = {
    ...quickly,
    steps: [
      ...quickly.steps,
      { command: "vent", device: "tank-1", compensate: { command: "seal" } },
    ],
  };
  const site = await openPlanSite(({ name }) => (name === "vent" ? "refused" : "acknowledged"));
  const run = givenRun(plan, Date.now());
  await requestOf(site, run);
  startPlanRunner(site);
  const ended = await untilState(site, run, "compensated");
  expect(site.gateway.effects.map(({ name }) => name)).toEqual(["close", "stop", "start", "open"]);
  expect(ended).toMatchObject({
    failedStep: 3,
    why: "step 3 (vent on tank-1): refused, it is refused",
  });
});

test("a person is called where a step cannot be taken back, until one says that it is settled", async () => {
  const plan = { ...quickly, give_up: "1s" };
  const site = await openPlanSite(({ name }) => (name === "close" ? "acknowledged" : "refused"));
  const run = givenRun(plan, Date.now());
  await requestOf(site, run);
  startPlanRunner(site);
  const stuck = await untilState(site, run, "stuck");
  const connection = await connectionOf(site.backbone);
  await waitUntil(async () => (await storedTransitions(connection)).length === 1, "it is told");
  await changeRun(site, stuck, (one) =>
    settleRun(one, { by: "ana", reason: "opened by hand", atMs: Date.now() }),
  );
  await waitUntil(async () => (await storedTransitions(connection)).length === 2, "it is told");
  const [called, over] = await storedTransitions(connection);
  expect(called).toMatchObject({
    rule: "sluicegate/PlanStuck",
    state: "firing",
    labels: { site: "plant-a", plan: "shut_line", run: "shut-1", step: "1" },
  });
  expect(over).toMatchObject({ state: "ended", reason: "settled", episode: called?.episode });
});

test("a second run over the same devices begins when the first has ended", async () => {
  let answer: (state: "acknowledged") => void = () => {};
  const site = await openPlanSite(({ run }) =>
    run === "shut-1" ? new Promise((resolve) => (answer = resolve)) : "acknowledged",
  );
  const first = givenRun(quickly, Date.now());
  const second = { ...givenRun(quickly, Date.now()), run: "shut-2" };
  await requestOf(site, first);
  await requestOf(site, second);
  startPlanRunner(site);
  await waitUntil(() => site.gateway.read.length === 1, "the first has begun");
  // The first is taken back while the second waits for its devices.
  await changeRun(site, first, (run) => cancelRun(run, { by: "ana", atMs: Date.now() }));
  await waitUntil(async () => {
    answer("acknowledged");
    return (await readRun(site, second)).state === "done";
  }, "the second is done");
  const ids = site.gateway.effects.map(({ id }) => id);
  expect(ids).toEqual(["shut-1.1.1", "shut-1.1-undo.1", "shut-2.1.1", "shut-2.2.1"]);
});

test("a run goes on behind a message that nobody can read", async () => {
  let answer: (state: "acknowledged") => void = () => {};
  const site = await openPlanSite(({ name }) =>
    name === "close" ? new Promise((resolve) => (answer = resolve)) : "acknowledged",
  );
  const run = givenRun(quickly, Date.now());
  await requestOf(site, run);
  startPlanRunner(site);
  await waitUntil(() => site.gateway.read.length === 1, "the first command is read");
  await jetstream(await connectionOf(site.backbone)).publish(
    planSubject(run.site, run.run),
    "rubbish",
  );
  answer("acknowledged");
  await waitUntil(
    async () => (await readRun(site, run).catch(() => undefined))?.state === "done",
    "it is done",
  );
});

test("runs that are under way are stored again in a stream that was lost", async () => {
  const site = await openPlanSite(() => "acknowledged");
  const [close] = quickly.steps;
  const waiting = { ...quickly, within: "2d", steps: [close, { wait: "1d" }] };
  const run = givenRun(waiting, Date.now());
  await requestOf(site, run);
  startPlanRunner(site);
  await waitUntil(async () => (await readRun(site, run)).change > 3, "it waits");
  const stored = await readRun(site, run);
  const manager = await jetstreamManager(await connectionOf(site.backbone));
  await manager.streams.delete(plansStream);
  await waitUntil(
    async () => (await readRun(site, run).catch(() => undefined)) !== undefined,
    "it is stored again",
    60_000,
  );
  expect(await readRun(site, run)).toEqual(stored);
});
