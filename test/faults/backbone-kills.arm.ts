/** The nats-server killed while a backlog drains into it, and started again on the same store. */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

export const backboneKills: Arm = {
  goal: "R11",
  title: "nats-server killed while draining",
  figures: { small: 20, ci: 200, nightly: 2_000 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `server-kills-${Date.now()}`;
      note(`seed ${seed}`);
      const verdict = await killBackbone(join(folder, "killed"), seed, figure);
      note("control: a gateway that goes on behind what was acknowledged to it");
      const control = await killBackbone(join(folder, "control"), seed, 8, "no-reconcile");
      return {
        runs: figure,
        ...sumCounts([verdict]),
        control: controlOf(control.duplicated),
        ok: verdict.ok && verdict.acked > figure * 10,
        notes: [
          ...verdict.examples,
          `going on behind what was acknowledged stored ${control.duplicated} twice`,
        ],
      };
    }),
};

function killBackbone(
  folder: string,
  seed: string,
  kills: number,
  fault?: Fault,
): Promise<LedgerVerdict> {
  const options = { folder, boot: seed, fault };
  return inTrial(options, async ({ drain, gateway, judge, load, startBackbone, untilSent }) => {
    const random = createSeededRandom(seed);
    let server = await startBackbone();
    await gateway.start();
    // At full speed something is always stored whose answer the kill swallows.
    const devices = load(fault === undefined ? { ratePerSecond: 4_000 } : {});
    for (let kill = 0; kill < kills; kill += 1) {
      await untilSent(1);
      await sleep(systemClock, random() * 200);
      await server.kill();
      server = await startBackbone();
    }
    await devices.stop();
    return judge(await drain());
  });
}
