/**
 * A whole store that comes back older while the processor lives, which then goes on or falls, and a
 * gateway that no longer has what was lost: alerts that nobody can judge any more.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import type { AlertTransition } from "../../src/core/alert.ts";
import { sleep } from "../../src/core/clock.ts";
import { lossRuleId } from "../../src/rules/reserved/reserved-rules.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { compareOrder, orderOf } from "../../src/stream/transition-order.ts";
import { countTransitions, storedTransitions } from "../support/alerts-stream.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Arm } from "./arm.ts";
import { PlayedSite, quickSaves, readUpTo } from "./consumer-ahead-stream.ts";
import { type Hub, inHub } from "./hub.ts";
import { inWorkFolder } from "./uml/work-folder.ts";

/** Warm and Hot, of each of the devices. */
const instances = 12;
const [cold, hot] = [0, 100];
const limitMs = 120_000;

interface Outcome {
  readonly events: number;
  readonly stored: readonly AlertTransition[];
  /** How many fired when all devices had been cold for long, and when all had been hot. */
  readonly firingCold: number;
  readonly firingHot: number;
}

export const consumerAheadLost: Arm = {
  goal: "R14",
  title: "alerts whose events are lost for good",
  figures: { small: 1, ci: 6, nightly: 40 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `consumer-ahead-lost-${Date.now()}`;
      note(`seed ${seed}`);
      const { events, firingCold, firingHot, stored } = await inHub(
        { folder: join(folder, "hub"), configuration: quickSaves },
        (hub) => loseForGood(hub, seed, figure, note),
      );
      const ended = stored.filter(({ reason }) => reason === "data_lost").length;
      const duplicated =
        stored.length - new Set(stored.map(({ id }) => id)).size + countEndedAgain(stored);
      const reordered = countReordered(stored);
      const isSaid = stored.some(({ rule }) => rule === lossRuleId);
      return {
        runs: figure,
        acked: events,
        lost: firingCold + (instances - firingHot),
        duplicated,
        reordered,
        declaredLost: 0,
        // Each of these would fire for ever: no rule knows of it.
        control: ended >= instances ? "harmed" : "unharmed",
        ok: isSaid && firingCold === 0 && firingHot === instances && duplicated + reordered === 0,
        notes: [
          `${stored.length} transitions; ${ended} alerts ended since nobody can judge them any more`,
          `an alert of its own says that records are gone: ${isSaid ? "yes" : "no"}`,
          `${firingCold} fired when all was normal, ${firingHot} of ${instances} when nothing was`,
        ],
      };
    }),
};

async function loseForGood(
  hub: Hub,
  seed: string,
  rounds: number,
  note: (text: string) => void,
): Promise<Outcome> {
  const random = createSeededRandom(seed);
  const site = await PlayedSite.open(hub, seed);
  const { processor, stream } = site;
  const { play } = stream;
  for (let round = 0; round < rounds; round += 1) {
    const kind = (["fires", "ends", "comes and goes"] as const)[round % 3];
    const falls = kind === "fires" || random() < 0.5;
    note(`what is lost ${kind}, the processor ${falls ? "falls when it is back" : "goes on"}`);
    if (kind === "comes and goes") play.play(30);
    else play.playEvenly(30, kind === "fires" ? cold : hot);
    await readOn(site);
    await site.copy();
    if (kind === "comes and goes") play.play(10 + Math.floor(random() * 20));
    else play.playEvenly(10 + Math.floor(random() * 20), kind === "fires" ? hot : cold);
    await readOn(site);
    const stored = await hub.connected(countTransitions);

    await site.comeBack("everything", { isAnew: true, alsoReader: false });
    // It holds back what it stored last, so the alerts are all there again.
    await hub.connected((connection) =>
      waitUntil(
        async () => (await countTransitions(connection)) >= stored,
        "the alerts that were lost are stored again",
      ),
    );
    if (falls) {
      await processor.kill();
      processor.start();
    }
    if (kind === "comes and goes") play.play(5);
    else play.playEvenly(5, kind === "fires" ? cold : hot);
    await readOn(site);
  }
  play.playEvenly(40, cold);
  await readOn(site);
  const firingCold = await firingAfter(hub, 0);
  play.playEvenly(40, hot);
  await readOn(site);
  const firingHot = await firingAfter(hub, instances);
  const stored = await hub.connected(storedTransitions);
  return { events: play.written.length, stored, firingCold, firingHot };
}

/** Sends what was played, and waits until the processor has read it and had the time to save. */
async function readOn(site: PlayedSite): Promise<void> {
  const { processor, stream } = site;
  await site.fill();
  await waitUntil(
    async () => readUpTo(await processor.status()) === stream.length,
    `the processor has read ${stream.length} messages`,
    limitMs,
  );
  await sleep(systemClock, 500);
}

/** Waits until this many alerts of the play's own rules fire; gives how many do. */
async function firingAfter(hub: Hub, wanted: number): Promise<number> {
  const count = async (): Promise<number> => {
    const last = new Map<string, AlertTransition>();
    for (const transition of await hub.connected(storedTransitions))
      if (transition.rule !== lossRuleId) last.set(transition.instance, transition);
    return [...last.values()].filter(({ state }) => state === "firing").length;
  };
  await waitUntil(async () => (await count()) === wanted, `${wanted} alerts fire`, 60_000).catch(
    () => undefined,
  );
  return count();
}

function countReordered(stored: readonly AlertTransition[]): number {
  const last = new Map<string, AlertTransition>();
  let count = 0;
  for (const transition of stored) {
    const before = last.get(transition.instance);
    if (before && compareOrder(orderOf(before), orderOf(transition)) >= 0) count += 1;
    last.set(transition.instance, transition);
  }
  return count;
}

/** Ends of alerts that had ended. */
function countEndedAgain(stored: readonly AlertTransition[]): number {
  const firing = new Set<string>();
  let count = 0;
  for (const { instance, state } of stored)
    if (state === "firing") firing.add(instance);
    else if (!firing.delete(instance)) count += 1;
  return count;
}
