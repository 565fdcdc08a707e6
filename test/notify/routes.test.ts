import { expect, test } from "vitest";
import { siteOfAlert } from "../../src/core/alert.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import { appendAction } from "../../src/stream/operator-log.ts";
import { testBackbone } from "../support/backbone.ts";
import { append, setUpAlerts, startNotifier, transition } from "../support/notifying.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };

test("tells of a group once over the end of a process, and of a shelved alert when it is taken back", async () => {
  const { url, connection } = await setUpAlerts();
  const hook = await webhookServer();
  const receivers = { hook: { kind: "webhook", url: hook.url } };
  const options = notifyOptions.parse({
    receivers,
    routes: [{ receivers: ["hook"], group_by: ["site"], group_wait: "1s", group_interval: "1s" }],
  });
  const shelved = transition("f3", 1, 1);
  const { instance } = shelved;
  const what = { schema: "alert.action/1", site: siteOfAlert(shelved), instance } as const;
  const at = new Date().toISOString();
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const shelve = {
    ...what,
    id: "a1",
    verb: "shelve",
    by: "ada",
    reason: "works",
    at,
    until,
  } as const;
  expect(await appendAction(connection, shelve, 0)).toMatchObject({ outcome: "stored" });
  const lost = testBackbone(url, "lost");
  await startNotifier(lost, url, receivers, undefined, { options });
  await append(connection, transition("f1", 1, 1), transition("f2", 1, 1), shelved);
  await lost.close();

  const next = await startNotifier(testBackbone(url, "next"), url, receivers, undefined, {
    options,
  });

  const told = (): string[] =>
    hook.posts.flatMap(({ body }) => {
      const notice: { id: string; alerts?: { id: string }[] } = JSON.parse(body);
      return (notice.alerts ?? [notice]).map(({ id }) => id);
    });
  await expect.poll(() => told().sort(), patient).toEqual(["f1-1.1", "f2-1.1"]);
  await expect.poll(() => next.state().receivers[0]?.held, patient).toEqual({ shelved: 1 });
  const unshelve = { ...what, id: "a2", verb: "unshelve", by: "ada", at } as const;
  await appendAction(connection, unshelve, 1);
  await expect.poll(() => told().sort(), patient).toEqual(["f1-1.1", "f2-1.1", "f3-1.1"]);
}, 60_000);
