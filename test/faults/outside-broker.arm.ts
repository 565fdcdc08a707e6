/**
 * A broker outside between the devices and a gateway that is killed again and again, and now and then
 * is stopped in order: what the broker acknowledged to its devices comes through.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import { startMosquitto } from "../support/mosquitto-program.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

export const outsideBroker: Arm = {
  goal: "R25",
  title: "broker outside, gateway killed",
  figures: { small: 3, ci: 100, nightly: 1_000 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `outside-${Date.now()}`;
      note(`seed ${seed}`);
      const verdict = await killBehindBroker(join(folder, "killed"), seed, figure);
      note("control: a gateway that acknowledges before the disk has it");
      const control = await killBehindBroker(join(folder, "control"), seed, 3, "ack-early");
      return {
        runs: figure,
        ...sumCounts([verdict]),
        control: controlOf(control.lost),
        ok: verdict.ok && verdict.unexpected === 0 && verdict.acked > figure * 100,
        notes: [
          ...verdict.examples,
          `acknowledging early lost ${control.lost} of ${control.acked}`,
        ],
      };
    }),
};

async function killBehindBroker(
  folder: string,
  seed: string,
  kills: number,
  fault?: Fault,
): Promise<LedgerVerdict> {
  await mkdir(folder, { recursive: true });
  const broker = await startMosquitto(folder, ["max_queued_messages 0"]);
  const entry = { kind: "mqtt-client", url: broker.url, topics: ["sim/#"] };
  const options = { folder, boot: seed, fault, sources: [entry] };
  try {
    return await inTrial(options, async ({ drain, gateway, judge, load, startBackbone }) => {
      const random = createSeededRandom(seed);
      await startBackbone();
      const isConnected = () =>
        waitUntil(
          async () => (await gateway.status()).sources.some(({ link }) => link?.isConnected),
          "the gateway fetches from the broker",
        );
      await gateway.start();
      await isConnected();
      const devices = load({ url: broker.url, ratePerSecond: 1_000 });
      for (let kill = 0; kill < kills; kill += 1) {
        await sleep(systemClock, 50 + random() * 400);
        if (random() < 0.2) await gateway.stop();
        else await gateway.kill();
        await sleep(systemClock, random() * 200);
        await gateway.start();
        await isConnected();
      }
      await devices.stop();
      let received = -1;
      await waitWhileMoving(
        async () => {
          const before = received;
          received = (await gateway.status()).flow.received;
          await sleep(systemClock, 500);
          return before === received;
        },
        () => received,
        "the broker has nothing more",
      );
      return judge(await drain());
    });
  } finally {
    await broker.stop("SIGKILL");
  }
}
