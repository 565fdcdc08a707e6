/**
 * QoS 2 over kills of the gateway, torn connections and doubles: each message is in the stream once,
 * by devices whose messages carry nothing else to tell them apart by.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { type LedgerVerdict, openLedger } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { Qos2Device } from "../support/qos2-device.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { inTrial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const devices = 4;
const window = 20;
/** The gateway is killed once in so many messages. */
const messagesPerKill = 100;
const controlMessages = 400;

export const qos2: Arm = {
  goal: "R20",
  title: "QoS 2 over kills, cuts and doubles",
  figures: { small: 300, ci: 10_000, nightly: 100_000 },
  missing: async () => undefined,
  run: async (figure, note) => {
    const seed = `qos2-${Date.now()}`;
    note(`seed ${seed}`);
    const trial = await playQos2(figure, seed);
    note("control: open messages are forgotten with the process");
    const control = await playQos2(controlMessages, seed, "qos2-forgets");
    const { acked, unexpected } = trial.verdict;
    return {
      runs: trial.kills,
      ...sumCounts([trial.verdict]),
      control: controlOf(control.verdict.duplicated),
      ok: trial.verdict.ok && unexpected === 0 && acked === trial.messages,
      notes: [
        ...trial.verdict.examples.slice(0, 5),
        `${trial.messages} messages, ${trial.kills} kills, ${trial.cuts} connections lost or refused, ` +
          `${trial.resent} PUBLISHes sent again`,
        `without the table ${control.verdict.duplicated} of ${control.messages} were stored twice`,
      ],
    };
  },
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  readonly messages: number;
  readonly kills: number;
  readonly cuts: number;
  readonly resent: number;
}

function playQos2(messages: number, seed: string, fault?: Fault): Promise<Outcome> {
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
        const fleet: Qos2Device[] = [];
        const total = Math.ceil(messages / devices);
        await startBackbone();
        await gateway.start();
        try {
          for (let at = 1; at <= devices; at += 1) {
            const topic = `plain/q${at}`;
            fleet.push(
              new Qos2Device({
                port: gateway.mqttPort,
                clientId: `q${at}`,
                topic,
                window,
                total,
                clock: systemClock,
                random,
                onReceived: (n) => ledger.acked(`generic-${topic}`, n),
              }),
            );
          }
          const completed = (): number => fleet.reduce((sum, one) => sum + one.completed, 0);
          let kills = 0;
          for (let upTo = 0; upTo < total * devices; upTo += messagesPerKill) {
            await waitUntil(() => completed() >= upTo, `${upTo} messages are over`);
            fleet[Math.floor(random() * devices)]?.cut();
            await sleep(systemClock, random() * 20);
            await gateway.kill();
            kills += 1;
            await gateway.start();
          }
          await waitUntil(() => completed() === total * devices, "all are over", 120_000);
          const verdict = ledger.compare(await drain());
          const cuts = fleet.reduce((sum, one) => sum + one.cuts, 0);
          const resent = fleet.reduce((sum, one) => sum + one.resent, 0);
          return { verdict, messages: total * devices, kills, cuts, resent };
        } finally {
          for (const device of fleet) device.stop();
          ledger.close();
        }
      },
    ),
  );
}
