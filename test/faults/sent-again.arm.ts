/**
 * QoS 1 in kept sessions over kills of the gateway: what its devices send again is in the stream once,
 * though their messages carry nothing to tell them apart by. Each kill comes at a PUBACK, when others
 * of the same commit are still on their way.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { systemClock } from "../../src/app/system-clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import { startMosquittoPublisher } from "../support/mosquitto-publisher.ts";
import type { Fault } from "../support/planted-program.ts";
import { Qos1Device } from "../support/qos1-device.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const devices = 6;
const window = 50;
const controlKills = 8;
/** The kill comes at one of so many PUBACKs of a process. */
const mostAcks = 400;

export const sentAgain: Arm = {
  goal: "R36",
  title: "QoS 1 in kept sessions over kills",
  figures: { small: 12, ci: 200, nightly: 2_000 },
  missing: () =>
    promisify(execFile)("mosquitto_pub", ["--version"]).then(
      () => undefined,
      (failure) => (failure.code === "ENOENT" ? "no mosquitto_pub" : undefined),
    ),
  run: async (figure, note) => {
    const seed = `qos1-${Date.now()}`;
    note(`seed ${seed}`);
    const trial = await playQos1(figure, seed);
    note("control: what has no PUBACK is forgotten with the process");
    const control = await playQos1(controlKills, seed, "qos2-forgets");
    return {
      runs: figure,
      ...sumCounts([trial.verdict]),
      control: controlOf(control.verdict.duplicated),
      ok: trial.verdict.ok && trial.verdict.unexpected === 0 && trial.resent > figure,
      notes: [
        ...trial.verdict.examples.slice(0, 5),
        `${trial.verdict.acked} messages, ${trial.resent} of them sent again`,
        `without the table ${control.verdict.duplicated} of ${control.resent} were stored twice`,
      ],
    };
  },
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  readonly resent: number;
}

function playQos1(kills: number, seed: string, fault?: Fault): Promise<Outcome> {
  return inWorkFolder((folder) =>
    inTrial(
      {
        folder: join(folder, "trial"),
        boot: seed,
        configuration: "profiles: { generic: true }\n",
        fault,
      },
      async ({ drain, gateway, startBackbone }) => {
        const random = createSeededRandom(seed);
        const ledger = openLedger(join(folder, "received.ndjson"));
        let acksLeft = Number.POSITIVE_INFINITY;
        let killed: Promise<void> | undefined;
        await startBackbone();
        await gateway.start();
        const fleet = Array.from({ length: devices }, (_, at) => {
          const topic = `plain/k${at}`;
          return new Qos1Device({
            port: gateway.mqttPort,
            clientId: `k${at}`,
            topic,
            window,
            version: at % 2 === 0 ? 4 : 5,
            clock: systemClock,
            onAcked: (n) => {
              ledger.acked(`generic-${topic}`, n);
              acksLeft -= 1;
              if (acksLeft === 0) killed = gateway.kill();
            },
          });
        });
        const mosquitto = startMosquittoPublisher(
          { port: gateway.mqttPort, topic: "plain/m" },
          systemClock,
        );
        try {
          for (let kill = 0; kill < kills; kill += 1) {
            killed = undefined;
            acksLeft = 1 + Math.floor(random() * mostAcks);
            await waitUntil(() => killed !== undefined, "it is killed");
            await killed;
            await gateway.start();
          }
          for (const device of fleet) device.finish();
          await waitUntil(() => fleet.every(({ isDone }) => isDone), "all are answered", 120_000);
          const count = await mosquitto.finish();
          for (let n = 1; n <= count; n += 1) ledger.acked("generic-plain/m", n);
          const verdict = ledger.compare(await drain());
          return { verdict, resent: fleet.reduce((sum, one) => sum + one.resent, 0) };
        } finally {
          mosquitto.kill();
          for (const device of fleet) device.stop();
          ledger.close();
        }
      },
    ),
  );
}
