/**
 * Processors killed at any moment, sometimes with the next one there already, and notifiers too; then
 * one of two is paused until the other has its partition.
 */
import { join } from "node:path";
import { systemClock } from "../../src/app/system-clock.ts";
import { sleep } from "../../src/core/clock.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { countTransitions, storedTransitions } from "../support/alerts-stream.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitUntil } from "../support/wait-until.ts";
import {
  AlertPlay,
  type AlertVerdict,
  compareTransitions,
  judgePlay,
  publishPlay,
} from "./alert-play.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { type Hub, type HubProgram, inHub } from "./hub.ts";
import { inWorkFolder } from "./uml/work-folder.ts";
import { openWebhook, type Webhook } from "./webhook.ts";

interface Outcome {
  readonly events: number;
  readonly transitions: number;
  readonly stored: AlertVerdict;
  readonly told: AlertVerdict;
  readonly refusedPosts: number;
  /** Times one that was paused found that another has its partition. */
  readonly givenAway: number;
}

export const processorKills: Arm = {
  goal: "R15",
  title: "processors killed at any moment, and one paused while another takes over",
  figures: { small: 5, ci: 500, nightly: 5_000 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `processor-kills-${Date.now()}`;
      note(`seed ${seed}`);
      const pauses = figure > 100 ? 3 : 1;
      const outcome = await killBesides(join(folder, "killed"), seed, figure, pauses);
      note("control: transitions appended without a look at what is stored, no checkpoints");
      const control = await killProcessors(join(folder, "control"), seed, 4, 2, "alerts-unfenced");
      const { stored, told } = outcome;
      const storedWell = stored.lost + stored.duplicated + stored.reordered + stored.strange === 0;
      const toldWell = told.lost + told.reordered + told.strange === 0;
      return {
        runs: figure,
        acked: outcome.events,
        lost: stored.lost + told.lost,
        duplicated: stored.duplicated,
        reordered: stored.reordered + told.reordered,
        declaredLost: 0,
        control: controlOf(control.stored.duplicated),
        ok: storedWell && toldWell && outcome.transitions > 50 && outcome.givenAway > 0,
        notes: [
          ...stored.examples,
          ...told.examples.filter((example) => !example.endsWith("duplicated")),
          `${outcome.transitions} transitions, those of an offline run; each stored once`,
          `a webhook was told of each, of ${told.duplicated} more than once; it refused ${outcome.refusedPosts} posts`,
          `one that was paused woke ${outcome.givenAway} times and left its partition to the other`,
          `without fence and checkpoint ${control.stored.duplicated} of ${control.transitions} were stored twice`,
        ],
      };
    }),
};

/**
 * Most of the time a process starts and waits; so where there is much to kill, two hubs that know
 * nothing of each other share the kills.
 */
async function killBesides(
  folder: string,
  seed: string,
  kills: number,
  pauses: number,
): Promise<Outcome> {
  const hubs = kills >= 100 ? 2 : 1;
  const ended = await Promise.allSettled(
    Array.from({ length: hubs }, (_, hub) => {
      const share = Math.ceil((kills - hub) / hubs);
      return killProcessors(`${folder}-${hub}`, `${seed}-${hub}`, share, pauses);
    }),
  );
  return ended
    .map((hub) => {
      if (hub.status === "rejected") throw hub.reason;
      return hub.value;
    })
    .reduce(joinOutcomes);
}

function joinOutcomes(one: Outcome, other: Outcome): Outcome {
  return {
    events: one.events + other.events,
    transitions: one.transitions + other.transitions,
    stored: joinVerdicts(one.stored, other.stored),
    told: joinVerdicts(one.told, other.told),
    refusedPosts: one.refusedPosts + other.refusedPosts,
    givenAway: one.givenAway + other.givenAway,
  };
}

function joinVerdicts(one: AlertVerdict, other: AlertVerdict): AlertVerdict {
  return {
    lost: one.lost + other.lost,
    duplicated: one.duplicated + other.duplicated,
    reordered: one.reordered + other.reordered,
    strange: one.strange + other.strange,
    examples: [...one.examples, ...other.examples],
  };
}

async function killProcessors(
  folder: string,
  seed: string,
  kills: number,
  pauses: number,
  fault?: Fault,
): Promise<Outcome> {
  const webhook = await openWebhook(50);
  const every = fault === undefined ? "100ms" : "5m";
  const configuration = `processor: { checkpoint_every: ${every}, discover_every: 200ms }
notify: { receivers: { hook: { kind: webhook, url: "${webhook.url}", timeout: 5s } } }
`;
  try {
    return await inHub({ folder, configuration, fault }, (hub) =>
      playAndKill(hub, webhook, seed, kills, pauses),
    );
  } finally {
    await webhook.close();
  }
}

async function playAndKill(
  hub: Hub,
  webhook: Webhook,
  seed: string,
  kills: number,
  pauses: number,
): Promise<Outcome> {
  const random = createSeededRandom(seed);
  const play = new AlertPlay(createSeededRandom(`${seed}-play`));
  await hub.startServer();
  const one = await hub.program("one", "processor");
  const other = await hub.program("other", "processor");
  const notifier = await hub.program("notifier", "notifier");
  return hub.connected(async (connection) => {
    const ending = new AbortController();
    const playing = (async () => {
      let sent = 0;
      while (!ending.signal.aborted) {
        play.play(2);
        sent = await publishPlay(connection, play.written.slice(sent), sent);
        await sleep(systemClock, 30, ending.signal);
      }
    })();
    notifier.start();
    await killInTurn(one, other, notifier, kills, random);
    const givenAway = await pauseInTurn(one, other, pauses);
    ending.abort();
    await playing;

    one.start();
    const must = judgePlay(play.written);
    const ids = new Set(must.map(({ id }) => id));
    // What is only noted is told to nobody.
    const news = must.filter(({ quiet }) => !quiet);
    const toTell = new Set(news.map(({ id }) => id));
    await waitUntil(
      async () => (await countTransitions(connection)) >= ids.size,
      "all transitions are stored",
      120_000,
    ).catch(() => undefined);
    await waitUntil(
      () => new Set(webhook.accepted.map(({ id }) => id)).size >= toTell.size,
      "the webhook was told of all",
      60_000,
    ).catch(() => undefined);
    return {
      events: play.written.length,
      transitions: must.length,
      stored: compareTransitions(must, await storedTransitions(connection)),
      told: compareTransitions(news, webhook.accepted),
      refusedPosts: webhook.refused,
      givenAway,
    };
  });
}

/**
 * Every fifth kill hits during the start, every third while the next one is there already; each
 * tenth time the notifier falls too.
 */
async function killInTurn(
  one: HubProgram,
  other: HubProgram,
  notifier: HubProgram,
  kills: number,
  random: () => number,
): Promise<void> {
  let [present, next] = [one, other];
  let taken = start(present);
  for (let kill = 1; kill <= kills; kill += 1) {
    if (kill % 5 === 0) await sleep(systemClock, random() * 300);
    else await taken();
    await sleep(systemClock, random() * 300);
    if (kill % 3 === 0) {
      taken = start(next);
      await sleep(systemClock, random() * 600);
      await present.kill();
    } else {
      await present.kill();
      taken = start(next);
    }
    [present, next] = [next, present];
    if (kill % 10 !== 0) continue;
    await notifier.kill();
    notifier.start();
  }
  await present.kill();
}

/** Starts a processor; the function given waits until it has the partition. */
function start(processor: HubProgram): () => Promise<void> {
  const count = (): number => processor.journal().split("partition taken").length;
  const before = count();
  processor.start();
  return async () => {
    await waitUntil(() => count() > before, "the partition is taken", 60_000);
  };
}

/** Pauses the one that has the partition until the other took it; gives how often it left it then. */
async function pauseInTurn(one: HubProgram, other: HubProgram, pauses: number): Promise<number> {
  let givenAway = 0;
  for (let pause = 1; pause <= pauses; pause += 1) {
    await start(one)();
    const taken = start(other);
    await sleep(systemClock, 1_000);
    one.pause();
    await taken();
    const before = wokenCount(one);
    one.resume();
    await waitUntil(() => wokenCount(one) > before, "the one that was paused finds out").then(
      () => {
        givenAway += 1;
      },
      () => undefined,
    );
    await Promise.all([one.kill(), other.kill()]);
  }
  return givenAway;
}

function wokenCount(program: HubProgram): number {
  return program.journal().split("this processor was away").length - 1;
}
