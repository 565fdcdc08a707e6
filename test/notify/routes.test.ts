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

test("Alertmanager is told after a start of what leads there, and of more where routes say so since", async () => {
  const { url, connection } = await setUpAlerts();
  const cluster = await webhookServer();
  const receivers = { am: { kind: "alertmanager", urls: [cluster.url] } };
  const severe = [{ match: { severity: "critical" }, receivers: ["am"] }];
  const told = (): readonly string[] =>
    cluster.posts.flatMap(({ body }) => {
      const alerts: { labels: { device: string } }[] = JSON.parse(body);
      return alerts.map(({ labels }) => labels.device);
    });
  const goOn = async (name: string, more: readonly string[]) => {
    const backbone = testBackbone(url, name);
    const options = notifyOptions.parse({ receivers, routes: severe, default: more });
    const notifier = await startNotifier(backbone, url, receivers, undefined, { options });
    return notifier;
  };
  const first = await goOn("first", []);
  await append(connection, transition("mild", 1, 1));
  await append(connection, transition("severe", 1, 1, { severity: "critical" }));
  await expect.poll(told, patient).toEqual(["severe"]);
  const passed = () => first.state().receivers[0]?.passedOver;
  await expect.poll(passed, patient).toEqual({ "no route": 1 });
  await first.stop();

  const second = await goOn("second", []);
  await expect.poll(told, patient).toEqual(["severe", "severe"]);
  await second.stop();

  await goOn("third", ["am"]);
  await expect.poll(() => told().includes("mild"), patient).toBe(true);
}, 60_000);
