/** Runs of plans over lines of simulated devices: what they ask for is drawn by chance. */
import { systemClock } from "../../src/app/system-clock.ts";
import { toSiteId } from "../../src/core/ids.ts";
import type { Random } from "../../src/core/retry.ts";
import { bindPlan } from "../../src/plans/bind-plan.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { parsePlans } from "../../src/plans/plan-schema.ts";
import { requestRun } from "../../src/plans/request-run.ts";
import { Actuator, type ActuatorSpec } from "../../src/simulate/actuator.ts";
import { parseBrokerUrl } from "../../src/simulate/mqtt-wire.ts";
import { origin } from "../support/gateway-stream.ts";

const mishaps = ["before", "between", "behind"] as const;
/** One command in so many goes wrong at its device. */
const mishapShare = 0.04;

const told = { takesIds: false, answers: true, qos: 1, keepsSession: true } as const;

/** The devices of a line: a valve that knows ids, a pump that says nothing, a tank. */
export function lineDevices(url: string, line: number, random: Random): readonly Actuator[] {
  const specs: readonly ActuatorSpec[] = [
    { ...told, family: "ids", id: `valve-${line}`, takesIds: true },
    { ...told, family: "mute", id: `pump-${line}`, answers: false, keepsSession: false },
    { ...told, family: "plain", id: `tank-${line}` },
  ];
  const surroundings = {
    ...{ broker: parseBrokerUrl(url), clock: systemClock, random },
    mishap: () => (random() < mishapShare ? mishaps[Math.floor(random() * 3)] : undefined),
    workMs: () => random() * 150,
  };
  return specs.map((spec) => new Actuator(spec, surroundings));
}

/** A run over a line. Some steps are refused, some cannot be taken back. */
export function requestPlay(n: number, line: number, random: Random): PlanRun {
  const [refused, taken] = [{ level: 150 }, { level: 10 }];
  const draw = (share: number) => (random() < share ? refused : taken);
  const isOneWay = random() < 0.1;
  const checked = parsePlans({
    version: 1,
    plans: [
      {
        name: "shut_line",
        give_up: isOneWay ? "3s" : "10m",
        steps: [
          {
            ...{ command: "set", device: `ids-valve-${line}`, params: draw(0.05) },
            compensate: { command: "set", params: isOneWay ? refused : taken },
          },
          {
            ...{ command: "set", device: `mute-pump-${line}`, params: taken },
            expires: random() < 0.1 ? "1s" : "1m",
            compensate: { command: "set", params: taken },
          },
          { wait: "300ms" },
          {
            ...{ command: "set", device: `plain-tank-${line}`, params: draw(0.5) },
            on_unknown: random() < 0.3 ? "stuck" : "compensate",
            compensate: { command: "set", params: taken },
          },
        ],
      },
    ],
  });
  const [plan] = checked.ok ? checked.value : [];
  if (!plan) throw new Error(`the plan of the play is wrong: ${JSON.stringify(checked)}`);
  const bound = bindPlan(plan, {}, origin.gateway);
  if ("problems" in bound) throw new Error(bound.problems.join("; "));
  const place = { run: `shut_line-${n}`, site: toSiteId(origin.site) };
  return requestRun(plan, bound, place, { by: "play", atMs: systemClock.wallMs() });
}
