import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { settleRun } from "../../src/plans/advance.ts";
import { inHub } from "../faults/hub.ts";
import { openWebhook } from "../faults/webhook.ts";
import { givenRun, shutLine } from "../plans/given-run.ts";
import { changeRun, requestOf } from "../plans/plan-site.ts";
import { playGateway } from "../plans/played-gateway.ts";
import { storedTransitions } from "../support/alerts-stream.ts";
import { connectionOf, testBackbone } from "../support/backbone.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

test("people are told once of a plan that is stuck and once that it is settled, over restarts of all that tell", async () => {
  const webhook = await openWebhook(1_000);
  onTestFinished(() => webhook.close());
  const configuration = `processor: { checkpoint_every: 100ms, discover_every: 200ms }
notify: { receivers: { hook: { kind: webhook, url: "${webhook.url}" } } }
`;
  await inHub({ folder: join(await tempFolder(), "hub"), configuration }, async (hub) => {
    const { url } = await hub.startServer();
    const site = { url, backbone: testBackbone(url) };
    await playGateway(url, site.backbone, ({ name }) =>
      name === "close" ? "acknowledged" : "refused",
    );
    const processor = await hub.program("processor", "processor");
    const notifier = await hub.program("notifier", "notifier");
    const start = async (): Promise<void> => {
      const taken = (): number =>
        processor.journal().split(/partition taken|plans are run here/).length;
      const before = taken();
      processor.start();
      notifier.start();
      await waitUntil(() => taken() >= before + 2, "alerts and plans are looked at");
    };
    await start();
    const plan = { ...shutLine, give_up: "1s", steps: [shutLine.steps[0], shutLine.steps[2]] };
    const stuck = givenRun(plan, systemClock.wallMs());
    await requestOf(site, stuck);
    await waitUntil(() => webhook.accepted.length === 1, "a person is called");

    await Promise.all([processor.stop(), notifier.stop()]);
    await start();
    await changeRun(site, stuck, (one) =>
      settleRun(one, { by: "ana", reason: "opened by hand", atMs: systemClock.wallMs() }),
    );
    await waitUntil(() => webhook.accepted.length === 2, "its end is told");
    await Promise.all([processor.stop(), notifier.stop()]);
    await start();

    const stored = await storedTransitions(await connectionOf(site.backbone));
    const [called, over] = stored;
    expect(stored).toMatchObject([
      { rule: "sluicegate/PlanStuck", state: "firing", n: 1 },
      { state: "ended", reason: "settled", n: 2, episode: called?.episode },
    ]);
    expect(webhook.accepted.map(({ id }) => id)).toEqual([called?.id, over?.id]);
  });
}, 60_000);
