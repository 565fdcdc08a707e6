/**
 * A bad link to the backbone, in a network of the arm's own: packets lost, a narrow line, a cable
 * that comes and goes, and one direction swallowed while the connection stays open.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import type { LedgerVerdict } from "../support/ledger.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { controlOf, sumCounts } from "./counts.ts";
import { missingForNetRoom, type NetRoom, openNetRoom } from "./net-room.ts";
import { inTrial, type Trial } from "./trial.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

const detectedWithinMs = 20_000;
const backWithinMs = 5_000;
/** Waits are longer than any bound: what is too slow is said in figures. */
const patienceMs = 180_000;

export const badNetwork: Arm = {
  goal: "R9",
  title: "bad network: loss, narrow, flaps, black hole",
  figures: { small: 0, ci: 200, nightly: 2_000 },
  missing: missingForNetRoom,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `network-${Date.now()}`;
      note(`seed ${seed}`);
      const room = await openNetRoom(folder);
      try {
        const outcome = await endure(join(folder, "endured"), room, seed, figure);
        note("control: a gateway that goes on behind what was acknowledged to it");
        const control = await loseAnswers(join(folder, "control"), room, seed);
        const { backMs, detectedMs, verdict } = outcome;
        return {
          runs: figure + 3,
          ...sumCounts([verdict]),
          control: controlOf(control.duplicated),
          ok:
            verdict.ok &&
            verdict.acked > 1_000 &&
            detectedMs <= detectedWithinMs &&
            backMs <= backWithinMs,
          notes: [
            ...verdict.examples,
            `a dead connection was noticed after ${detectedMs} ms; back ${backMs} ms after healing`,
            `going on behind what was acknowledged stored ${control.duplicated} twice`,
          ],
        };
      } finally {
        await room.close();
      }
    }),
};

interface Outcome {
  readonly verdict: LedgerVerdict;
  /** From the first lost packet until the gateway calls itself offline. */
  readonly detectedMs: number;
  /** From the healed link until events flow again. */
  readonly backMs: number;
}

function endure(folder: string, room: NetRoom, seed: string, flaps: number): Promise<Outcome> {
  return inRoom(folder, room, seed, undefined, async (trial) => {
    const { drain, gateway, judge, load, startBackbone } = trial;
    const random = createSeededRandom(seed);
    await startBackbone();
    await gateway.start();
    const devices = load({ connections: 4, ratePerSecond: 300 });
    await flowing(trial, "at first");

    await room.lose(30);
    await sleep(systemClock, Math.min(10_000, flaps * 500));
    await room.heal();
    await flowing(trial, "after the loss");

    await room.limit("1mbit");
    await sleep(systemClock, Math.min(10_000, flaps * 500));
    await room.limit(undefined);
    await flowing(trial, "on the wide line");

    for (let flap = 0; flap < flaps; flap += 1) {
      await room.link("down");
      await sleep(systemClock, 20 + random() * 300);
      await room.link("up");
      await sleep(systemClock, 20 + random() * 300);
    }
    await flowing(trial, "after the flaps");

    const beganMs = systemClock.monotonicMs();
    await room.swallow("answers");
    await offline(trial, "when nothing is answered");
    const detectedMs = Math.round(systemClock.monotonicMs() - beganMs);
    await sleep(systemClock, Math.min(45_000, flaps * 225));
    await room.heal();
    const healedMs = systemClock.monotonicMs();
    await flowing(trial, "after the black hole");
    const backMs = Math.round(systemClock.monotonicMs() - healedMs);

    await devices.stop();
    return { verdict: judge(await drain()), detectedMs, backMs };
  });
}

/** Answers are lost, then the connection is: what was stored meanwhile was never acknowledged. */
function loseAnswers(folder: string, room: NetRoom, seed: string): Promise<LedgerVerdict> {
  return inRoom(folder, room, seed, "no-reconcile", async (trial) => {
    const { drain, gateway, judge, load, startBackbone } = trial;
    await startBackbone();
    await gateway.start();
    const devices = load({ connections: 4, ratePerSecond: 3_000 });
    await flowing(trial, "at first");
    await waitUntil(async () => {
      await room.swallow("answers");
      await sleep(systemClock, 1_000);
      if ((await gateway.status()).link.inFlight > 10) return true;
      // The first of a burst goes alone, and that was one.
      await room.heal();
      await flowing(trial, "again");
      return false;
    }, "the answers to many are lost");
    await room.reset();
    await offline(trial, "when it is cut");
    await room.heal();
    await flowing(trial, "after the cut");
    await devices.stop();
    return judge(await drain());
  });
}

function inRoom<T>(
  folder: string,
  room: NetRoom,
  boot: string,
  fault: Fault | undefined,
  work: (trial: Trial) => Promise<T>,
): Promise<T> {
  const { address, natsServerProgram } = room;
  return inTrial(
    {
      folder,
      boot,
      fault,
      backbone: {
        host: address,
        env: { ...process.env, NATS_SERVER_BIN: natsServerProgram },
      },
    },
    work,
  );
}

/** Waits until events are confirmed again. */
async function flowing({ gateway }: Trial, when: string): Promise<void> {
  const sent = async (): Promise<number> => (await gateway.status()).link.sent;
  const before = await sent();
  await waitUntil(
    async () => (await sent()) > before,
    `events flow ${when}: ${JSON.stringify((await gateway.status()).link)}`,
    patienceMs,
  );
}

/** Waits until the gateway knows that there is no link. */
async function offline({ gateway }: Trial, when: string): Promise<void> {
  await waitUntil(
    async () => (await gateway.status()).link.kind === "offline",
    `the gateway is offline ${when}`,
    patienceMs,
  );
}
