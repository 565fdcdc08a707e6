/** Plans over a gateway that is away for long, which has real devices at it. */
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { toSiteId } from "../../src/core/ids.ts";
import { cancelRun } from "../../src/plans/advance.ts";
import { bindPlan } from "../../src/plans/bind-plan.ts";
import type { PlanRun, StepRun } from "../../src/plans/plan-run.ts";
import { requestRun } from "../../src/plans/request-run.ts";
import { writeCommandProfiles } from "../faults/command-devices.ts";
import { lineDevices } from "../faults/plan-play.ts";
import { givenPlan } from "../plans/given-run.ts";
import { changeRun, readRun, requestOf, startPlanRunner } from "../plans/plan-site.ts";
import { testBackbone } from "../support/backbone.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { natsServer } from "../support/nats-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const set = { command: "set", params: { level: 10 } };
const back = { compensate: { command: "set", params: { level: 20 } } };

async function openSite() {
  const folder = await tempFolder();
  const { url } = await natsServer();
  const configuration = await writeCommandProfiles(folder);
  const gateway = await gatewayProcess({ folder, natsUrl: url, configuration });
  await gateway.start();
  const devices = lineDevices(gateway.mqttUrl, 1, () => 1);
  for (const device of devices) {
    onTestFinished(() => device.leave());
    device.start();
  }
  await waitUntil(() => devices.every(({ isUp }) => isUp), "the devices are there");
  const site = { url, backbone: testBackbone(url) };
  startPlanRunner(site, 60_000);
  return { devices, gateway, site };
}

function runOf(name: string, steps: readonly object[]): PlanRun {
  const plan = givenPlan({ name, steps });
  const bound = bindPlan(plan, {}, "gw1");
  if ("problems" in bound) throw new Error(bound.problems.join("; "));
  const place = { run: name, site: toSiteId("plant-a") };
  return requestRun(plan, bound, place, { by: "ana", atMs: systemClock.wallMs() });
}

test("what is taken back while the gateway is away is done when it is back, in order; what expired is not", async () => {
  const { devices, gateway, site } = await openSite();
  const steps = (run: PlanRun): Promise<readonly StepRun[]> =>
    readRun(site, run).then((stored) => stored.steps);
  const shut = runOf("shut", [
    { ...set, ...back, device: "ids-valve-1" },
    { ...set, ...back, device: "mute-pump-1" },
    { wait: "50m" },
  ]);
  const vent = runOf("vent", [{ ...set, ...back, device: "plain-tank-1", expires: "1s" }]);
  await requestOf(site, shut);
  await waitUntil(async () => {
    const [, , wait] = await steps(shut);
    return wait?.kind === "wait" && wait.untilMs !== undefined;
  }, "it waits");

  await gateway.kill();
  await requestOf(site, vent);
  await changeRun(site, shut, (run) => cancelRun(run, { by: "ana", atMs: systemClock.wallMs() }));
  await waitUntil(async () => {
    const [, second] = await steps(shut);
    return second?.kind === "command" && second.undo;
  }, "it is taken back");
  await waitUntil(async () => {
    const [first] = await steps(vent);
    const attempt = first?.kind === "command" ? first.attempt : undefined;
    return attempt !== undefined && attempt.expiresMs < systemClock.wallMs() && attempt;
  }, "its time is over");
  expect(await readRun(site, vent)).toMatchObject({
    state: "running",
    steps: [{ attempt: { state: "issued" } }],
  });

  await gateway.start();
  for (const run of [shut, vent])
    await waitUntil(async () => (await readRun(site, run)).state === "compensated", "it is back");
  const deeds = devices.flatMap((device) => device.deeds);
  expect(deeds.sort((one, other) => one.atMs - other.atMs).map(({ command }) => command)).toEqual([
    "shut.1.1",
    "shut.2.1",
    "shut.2-undo.1",
    "shut.1-undo.1",
  ]);
  expect(await readRun(site, vent)).toMatchObject({ why: expect.stringContaining("expired") });
}, 60_000);
