/**
 * Three processors and two notifiers share thirty sites; a processor and a notifier at a time are
 * killed, or stand still until others have their work, while the gateways write.
 */
import { join } from "node:path";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { countTransitions, storedTransitions } from "../support/alerts-stream.ts";
import type { Fault } from "../support/planted-program.ts";
import { waitUntil, waitWhileMoving } from "../support/wait-until.ts";
import { type AlertVerdict, compareTransitions } from "./alert-play.ts";
import type { Arm } from "./arm.ts";
import { controlOf } from "./counts.ts";
import { type Hub, inHub } from "./hub.ts";
import { HubCrew } from "./hub-crew.ts";
import { ManyPlays } from "./many-plays.ts";
import { inWorkFolder } from "./uml/work-folder.ts";
import { openWebhook, type TakenPost, type Webhook } from "./webhook.ts";

const sites = 30;
/** Within this every partition is to be served again. */
const servedWithinMs = 20_000;

interface Outcome {
  readonly events: number;
  readonly transitions: number;
  readonly stored: AlertVerdict;
  readonly told: AlertVerdict;
  /** Posts with a key that was there before, and the same content. */
  readonly repeated: number;
  /** How long it took each time until every stream was served again. */
  readonly killedMs: readonly number[];
  readonly pausedMs: readonly number[];
}

export const sharedHub: Arm = {
  goal: "R32",
  title: "of three processors and two notifiers on 30 sites one each killed or paused",
  figures: { small: 2, ci: 20, nightly: 200 },
  missing: async () => undefined,
  run: (figure, note) =>
    inWorkFolder(async (folder) => {
      const seed = `shared-hub-${Date.now()}`;
      note(`seed ${seed}`);
      const outcome = await playShared(join(folder, "shared"), seed, figure);
      note("control: transitions appended without a look at what is stored, no checkpoints");
      const control = await playShared(join(folder, "control"), seed, 4, "alerts-unfenced");
      const { killedMs, pausedMs, stored, told } = outcome;
      const faults = [stored, told].map((one) => one.lost + one.reordered + one.strange);
      const isRight = faults.every((count) => count === 0) && stored.duplicated === 0;
      // What a machine does on which other tests run as well says nothing of the time it takes.
      const isInTime = figure < 10 || Math.max(...killedMs, ...pausedMs) <= servedWithinMs;
      return {
        runs: figure,
        acked: outcome.events,
        lost: stored.lost + told.lost,
        duplicated: stored.duplicated + told.duplicated,
        reordered: stored.reordered + told.reordered,
        declaredLost: 0,
        control: controlOf(control.stored.duplicated),
        ok: isRight && told.duplicated === 0 && isInTime && outcome.transitions > 50,
        notes: [
          ...stored.examples.map((example) => `stored: ${example}`),
          ...told.examples.map((example) => `told: ${example}`),
          `${outcome.transitions} transitions, those of an offline run; each stored once`,
          `a webhook was told of each under one key, of ${outcome.repeated} again under the same`,
          `every stream served again ${spread(killedMs)} after a kill`,
          `and ${spread(pausedMs)} after one stood still`,
          `without fence and checkpoint ${control.stored.duplicated} of ${control.transitions} were stored twice`,
        ],
      };
    }),
};

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((one, other) => one - other);
  const seconds = (ms = 0): string => (ms / 1_000).toFixed(1);
  return `${seconds(sorted[sorted.length >> 1])} s (at most ${seconds(sorted.at(-1))} s)`;
}

async function playShared(
  folder: string,
  seed: string,
  rounds: number,
  fault?: Fault,
): Promise<Outcome> {
  const webhook = await openWebhook(50);
  const every = fault === undefined ? "500ms" : "5m";
  const configuration = `processor: { checkpoint_every: ${every}, discover_every: 200ms }
notify: { receivers: { hook: { kind: webhook, url: "${webhook.url}", timeout: 5s } } }
`;
  try {
    return await inHub({ folder, configuration, fault }, (hub) =>
      playAndBreak(hub, webhook, seed, rounds),
    );
  } finally {
    await webhook.close();
  }
}

async function playAndBreak(
  hub: Hub,
  webhook: Webhook,
  seed: string,
  rounds: number,
): Promise<Outcome> {
  const plays = new ManyPlays(sites, seed);
  await hub.startServer();
  return hub.connected(async (connection) => {
    const ending = new AbortController();
    const writing = plays.writeUntil(connection, hub.natsUrl, ending.signal);
    // Whoever waits for something else hears of it at the end.
    writing.catch(() => {});
    const crew = await HubCrew.start(hub, plays, createSeededRandom(seed));
    await crew.sharesOut();
    await waitUntil(async () => (await countTransitions(connection)) > 20, "alerts", 120_000);
    const [killedMs, pausedMs]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round += 1)
      if (round % 2 === 0) killedMs.push(await crew.kill());
      else pausedMs.push(await crew.pause());
    ending.abort();
    await writing;

    const must = plays.judge();
    const news = must.filter(({ quiet }) => !quiet);
    const keys = (): number => new Set(webhook.accepted.map(({ id }) => id)).size;
    const stored = (): Promise<number> => countTransitions(connection);
    await waitWhileMoving(
      async () => (await stored()) >= must.length && keys() >= news.length,
      async () => `${await stored()} stored, ${keys()} told`,
      "everything is stored and told",
    ).catch(() => undefined);
    const once = withoutRepeats(webhook.accepted);
    return {
      events: plays.events,
      transitions: must.length,
      stored: compareTransitions(must, await storedTransitions(connection)),
      told: compareTransitions(news, once),
      repeated: webhook.accepted.length - once.length,
      killedMs,
      pausedMs,
    };
  });
}

/**
 * What a receiver is left with that knows a key again: one of each. Each is named by its content, so
 * what came under two keys is there twice, and so is what came under one key with another content.
 */
function withoutRepeats(posts: readonly TakenPost[]): readonly { id: string; instance: string }[] {
  const once = new Map(posts.map((post) => [`${post.id} ${post.content}`, post]));
  return Array.from(once.values(), ({ content, instance }) => {
    const { id }: { id: string } = JSON.parse(content);
    return { id, instance };
  });
}
