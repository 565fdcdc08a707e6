/**
 * Bridges killed under load, and their targets, with real servers; and the same with a bridge that says too
 * early how far it is, which has to lose events, or nothing was tried.
 *
 *   npm run test:bridge
 *   TARGETS=kafka,http KILLS=50 npm run test:bridge
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { inWorkFolder } from "../../faults/uml/work-folder.ts";
import { hasKafka } from "../../support/kafka-program.ts";
import { hasRabbit } from "../../support/rabbitmq-program.ts";
import type { CampaignTarget, OpenCampaignTarget } from "./campaign-target.ts";
import { httpTarget } from "./http-target.ts";
import { kafkaTarget } from "./kafka-target.ts";
import { type KillOutcome, type KillPlan, killBridge } from "./kill-bridge.ts";
import { mqttTarget } from "./mqtt-target.ts";
import { rabbitTarget } from "./rabbit-target.ts";

const targets: Readonly<Record<CampaignTarget["name"], OpenCampaignTarget>> = {
  http: httpTarget,
  mqtt: mqttTarget,
  rabbitmq: rabbitTarget,
  kafka: kafkaTarget,
};
const isHere = { http: true, mqtt: true, rabbitmq: hasRabbit, kafka: hasKafka };
const bridgeKills = Number(process.env["KILLS"] ?? 20);
const seed = process.env["SEED"] ?? `bridge-${Date.now()}`;
const wanted = process.env["TARGETS"]?.split(",");
const eventsToKill = Number(process.env["EVENTS"] ?? 1_000);
const plan: KillPlan = { backlog: 10 * eventsToKill, eventsToKill, bridgeKills, targetEvery: 2 };
const control: KillPlan = { ...plan, bridgeKills: 4, targetEvery: 1, fault: "bridge-early" };

let isWell = true;
process.stdout.write(`seed ${seed}\n`);
for (const [name, open] of Object.entries(targets)) {
  if (wanted && !wanted.includes(name)) continue;
  if (!Reflect.get(isHere, name)) {
    process.stdout.write(`${name}: not run: its server is not here; sh deploy/setup.sh --bridge\n`);
    continue;
  }
  const real = await runOnce(open, plan);
  const early = await runOnce(open, control);
  const isRight =
    real.lost + real.reordered === 0 &&
    (!real.isExactlyOnce || real.doubled === 0) &&
    early.lost > 0;
  isWell &&= isRight;
  process.stdout.write(
    `${isRight ? "ok  " : "NOT "} ${name}: ${real.events} events, ${bridgeKills} kills of the bridge, ` +
      `${real.targetKills} of the target: ${real.lost} lost, ${real.doubled} doubled, ` +
      `${real.reordered} out of order; ${Math.round(real.perSecond)} events/s; ` +
      `control: ${early.lost} of ${early.events} lost\n`,
  );
}
process.exitCode = isWell ? 0 : 1;

function runOnce(
  open: OpenCampaignTarget,
  killing: KillPlan,
): Promise<KillOutcome & Pick<CampaignTarget, "isExactlyOnce">> {
  return inWorkFolder(async (folder) => {
    const own = join(folder, "target");
    await mkdir(own);
    const target = await open(own);
    try {
      const outcome = await killBridge(folder, target, killing, createSeededRandom(seed));
      return { ...outcome, isExactlyOnce: target.isExactlyOnce };
    } finally {
      await target.end();
    }
  });
}
