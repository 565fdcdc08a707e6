/** One run of the campaign: a bridge and its target, killed at any moment under load. */
import { join } from "node:path";
import * as z from "zod";
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import type { Random } from "../../../src/core/retry.ts";
import { type HubProgram, inHub } from "../../faults/hub.ts";
import type { Fault } from "../../support/planted-program.ts";
import { waitWhileMoving } from "../../support/wait-until.ts";
import type { CampaignTarget } from "./campaign-target.ts";
import { type CarriedVerdict, judgeCarried, publishNumbers } from "./numbered-load.ts";

export interface KillPlan {
  /** Before the bridge is started: by these it is told how fast it is. */
  readonly backlog: number;
  /** So many come before each kill. */
  readonly eventsToKill: number;
  readonly bridgeKills: number;
  /** Of every so many kills one is the target's, too. */
  readonly targetEvery: number;
  readonly fault?: Fault;
}

export interface KillOutcome extends CarriedVerdict {
  readonly events: number;
  readonly targetKills: number;
  readonly perSecond: number;
}

/** Only ends what hangs: where others work, too, a bridge may need minutes to start. */
const stillMs = 600_000;

const status = z.looseObject({
  bridge: z.looseObject({
    targets: z.array(
      z.looseObject({
        carried: z.number(),
        behind: z.number(),
        waiting: z.number(),
        shares: z.number(),
      }),
    ),
  }),
});

async function targetOf(bridge: HubProgram) {
  const parsed = status.safeParse(await bridge.status());
  return parsed.success ? parsed.data.bridge.targets[0] : undefined;
}

export function killBridge(
  folder: string,
  target: CampaignTarget,
  plan: KillPlan,
  random: Random,
): Promise<KillOutcome> {
  const { backlog, bridgeKills, eventsToKill, fault, targetEvery } = plan;
  const configuration = `bridge: ${JSON.stringify([target.entry])}\n`;
  return inHub({ folder: join(folder, "hub"), configuration, fault }, (hub) =>
    hub.startServer().then(async () => {
      const events = backlog + bridgeKills * eventsToKill;
      await hub.connected((connection) => publishNumbers(connection, 0, backlog));
      await target.start();
      const bridge = await hub.program("one", "bridge");
      bridge.start();
      const carried = async (): Promise<number> => (await targetOf(bridge))?.carried ?? 0;
      const isBegun = async (): Promise<boolean> => (await carried()) > 0;
      await waitWhileMoving(isBegun, carried, "the first events are carried", stillMs);
      const [beganMs, first] = [systemClock.monotonicMs(), await carried()];
      const isThrough = async (): Promise<boolean> => (await carried()) >= backlog;
      if (!fault) await waitWhileMoving(isThrough, carried, "the backlog is carried", stillMs);
      const elapsedMs = systemClock.monotonicMs() - beganMs;
      const perSecond = (1_000 * (backlog - first)) / Math.max(1, elapsedMs);

      let targetKills = 0;
      for (let kill = 0; kill < bridgeKills; kill += 1) {
        const from = backlog + kill * eventsToKill;
        const publishing = hub.connected((connection) =>
          publishNumbers(connection, from, from + eventsToKill),
        );
        // One that was not at work yet would be killed for nothing.
        await waitWhileMoving(isBegun, carried, "it is at work", stillMs);
        await sleep(systemClock, 1_500 * random());
        const alsoTarget = kill % targetEvery === targetEvery - 1;
        if (alsoTarget) await target.kill();
        await sleep(systemClock, 400 * random());
        await bridge.kill();
        await publishing;
        if (alsoTarget) {
          targetKills += 1;
          await target.start();
        }
        bridge.start();
      }
      const isDone = async (): Promise<boolean> => {
        const now = await targetOf(bridge);
        return now !== undefined && now.shares > 0 && now.behind === 0 && now.waiting === 0;
      };
      await waitWhileMoving(isDone, carried, "all is carried", stillMs);
      const ids = await target.received(fault ? 0 : events);
      return { ...judgeCarried(ids, events), events, targetKills, perSecond };
    }),
  );
}
