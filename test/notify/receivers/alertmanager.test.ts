import { describe, expect, test } from "vitest";
import { systemClock } from "../../../src/app/system-clock.ts";
import type { AlertTransition } from "../../../src/core/alert.ts";
import type { AlertsTold, Delivery, Receiver } from "../../../src/notify/receiver.ts";
import { alertmanagerProcess } from "../../support/alertmanager-process.ts";
import { noticeOf } from "../../support/notices.ts";
import { append, setUpAlerts, startNotifier, transition } from "../../support/notifying.ts";
import { openTestReceiver } from "../../support/open-test-receiver.ts";
import { webhookServer } from "../../support/webhook-server.ts";

const patient = { timeout: 20_000 };
const never = new AbortController().signal;

/** What fires and what is over, `<status> <severity>`, as Alertmanager told its own webhook. */
function toldBy(posts: readonly { readonly body: string }[]): string[] {
  return posts.flatMap(({ body }) =>
    JSON.parse(body).alerts.map(
      ({ labels, status }: { labels: Record<string, string>; status: string }) =>
        `${status} ${labels["device"]} ${labels["severity"]}`,
    ),
  );
}

function told(firing: readonly AlertTransition[], head?: AlertTransition): AlertsTold {
  return {
    firing: async () => firing,
    head: async () => head,
    actions: () => ({ next: async () => undefined }),
  };
}

async function tell(receiver: Receiver, one: AlertTransition): Promise<Delivery> {
  return receiver.deliver(noticeOf([one]), never);
}

async function post() {
  const hook = await webhookServer();
  const receiver = await openTestReceiver({ kind: "alertmanager", urls: [hook.url] });
  const posted = () => hook.posts.map(({ body }) => JSON.parse(body));
  return { receiver, posted };
}

describe("alertmanager receiver", () => {
  test("has a real Alertmanager tell of a beginning and an end, once each, with mapped names", async () => {
    const hook = await webhookServer();
    const server = await alertmanagerProcess(hook.url);
    const receiver = await openTestReceiver({ kind: "alertmanager", urls: [server.url] });
    const labels = { site: "plant-a", device: "f1", "device.id": "x", "1st": "y", empty: "" };
    const firing = transition("f1", 1, 1, { labels, value: -11.4, unit: "Cel" });
    const stop = new AbortController();
    const attending = receiver.attend?.(told([]), stop.signal);

    expect(await tell(receiver, firing)).toEqual({ kind: "delivered" });
    await expect.poll(() => toldBy(hook.posts), patient).toEqual(["firing f1 warning"]);
    const [listed] = await server.alerts();
    expect(listed?.labels).toEqual({
      alertname: "FreezerWarm",
      alertgroup: "cold_chain",
      severity: "warning",
      site: "plant-a",
      device: "f1",
      device_id: "x",
      _1st: "y",
    });
    expect(Date.parse(listed?.startsAt ?? "")).toBe(Date.parse(firing.fired_at));

    await tell(receiver, transition("f1", 1, 2, { labels }));
    await expect
      .poll(() => toldBy(hook.posts), patient)
      .toEqual(["firing f1 warning", "resolved f1 warning"]);
    stop.abort();
    await attending;
  }, 60_000);

  test("ends the old severity and begins the new one in one post", async () => {
    const { posted, receiver } = await post();
    await tell(receiver, transition("f1", 1, 1));
    const critical = transition("f1", 1, 3, { severity: "critical", reason: "level" });
    await tell(receiver, critical);

    const [old, now] = posted()[1];
    expect(posted()[1]).toHaveLength(2);
    expect(old.labels.severity).toBe("warning");
    expect(Date.parse(old.endsAt)).toBeLessThanOrEqual(Date.parse(critical.at));
    expect(now.labels.severity).toBe("critical");
    expect(Date.parse(now.endsAt)).toBeGreaterThan(systemClock.wallMs());
    await tell(receiver, transition("f1", 1, 4, { state: "ended", severity: "critical" }));
    expect(posted()[2]).toHaveLength(1);
  });

  test("ends an alert under the labels it fired with, where they were edited since", async () => {
    const { posted, receiver } = await post();
    const labels = { site: "plant-a", device: "f1", team: "cold" };
    await tell(receiver, transition("f1", 1, 1, { labels }));
    const edited = { ...labels, team: "night" };
    await tell(receiver, transition("f1", 1, 3, { labels: edited, reason: "fresh" }));
    const [old, now] = posted()[1];
    expect([old.labels.team, now.labels.team]).toEqual(["cold", "night"]);
    expect(Date.parse(old.endsAt)).toBeLessThanOrEqual(systemClock.wallMs());
    const again = { device: "f1", team: "night", site: "plant-a" };
    await tell(receiver, transition("f1", 1, 5, { labels: again, reason: "fresh" }));
    expect(posted()[2]).toHaveLength(1);
    await tell(receiver, transition("f1", 1, 6, { labels, state: "ended" }));
    expect(posted()[3].map((one: typeof old) => one.labels.team)).toEqual(["night"]);
  });

  test("says again what fires, after a start too, and never what ended", async () => {
    const hook = await webhookServer();
    const options = { kind: "alertmanager", urls: [hook.url], resend_every: "1s" };
    const receiver = await openTestReceiver(options);
    const stop = new AbortController();
    const attending = receiver.attend?.(
      told([transition("f1", 1, 1), transition("f2", 1, 1)]),
      stop.signal,
    );
    await expect.poll(() => hook.posts.length, patient).toBeGreaterThan(0);
    await tell(receiver, transition("f1", 1, 2));
    const ended = hook.posts.length;
    await expect.poll(() => hook.posts.length, patient).toBeGreaterThan(ended + 1);
    stop.abort();
    await attending;

    expect(JSON.parse(hook.posts[0]?.body ?? "")).toHaveLength(2);
    for (const { body } of hook.posts.slice(ended)) expect(body).not.toContain('"f1"');
  }, 30_000);

  test("says nothing of a late episode that is over, of its beginning or its end", async () => {
    const { posted, receiver } = await post();
    const end = transition("f1", 1, 2, { late: true });
    const stop = new AbortController();
    const attending = receiver.attend?.(told([], end), stop.signal);
    expect(await tell(receiver, transition("f1", 1, 1, { late: true }))).toEqual({
      kind: "delivered",
    });
    expect(await tell(receiver, end)).toEqual({ kind: "delivered" });
    expect(posted()).toEqual([]);
    stop.abort();
    await attending;
  });

  test("refuses labels that would be one, since a batch with a wrong alert is stored in part", async () => {
    const { posted, receiver } = await post();
    const labels = { site: "plant-a", "device.id": "a", device_id: "b" };
    expect(await tell(receiver, transition("f1", 1, 1, { labels }))).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("device.id"),
    });
    expect(posted()).toEqual([]);
  });

  test("tells every server of a cluster, and is content when one takes it", async () => {
    const [one, other] = [await webhookServer(), await webhookServer(() => 500)];
    const urls = ["http://127.0.0.1:1", other.url, one.url];
    const entry = { kind: "alertmanager", urls, token: { env: "TOKEN" } };
    const receiver = await openTestReceiver(entry);
    expect(await tell(receiver, transition("f1", 1, 1))).toEqual({ kind: "delivered" });
    for (const { posts } of [one, other]) {
      expect(posts).toHaveLength(1);
      expect(posts[0]?.headers.authorization).toBe("Bearer s3cret");
      expect(posts[0]?.path).toBe("/hook/api/v2/alerts");
    }
  });

  test("an outage of Alertmanager costs an episode no notice and doubles none", async () => {
    const { backbone, connection, url } = await setUpAlerts();
    const hook = await webhookServer();
    const server = await alertmanagerProcess(hook.url);
    const receivers = { am: { kind: "alertmanager", urls: [server.url], resend_every: "1s" } };
    await startNotifier(backbone, url, receivers);
    await append(connection, transition("f1", 1, 1));
    await expect.poll(() => toldBy(hook.posts), patient).toEqual(["firing f1 warning"]);
    // Said again: by then it has written down whom it told.
    const [first] = await server.alerts();
    await expect
      .poll(async () => (await server.alerts())[0]?.endsAt, patient)
      .not.toBe(first?.endsAt);
    await server.stop();
    await append(connection, transition("f2", 1, 1));
    await server.restart();

    await expect
      .poll(
        async () => (await server.alerts()).map(({ labels }) => labels["device"]).sort(),
        patient,
      )
      .toEqual(["f1", "f2"]);
    await append(connection, transition("f1", 1, 2), transition("f2", 1, 2));
    await expect
      .poll(() => toldBy(hook.posts).filter((one) => one.startsWith("res")).length, patient)
      .toBe(2);
    expect(
      toldBy(hook.posts)
        .filter((one) => one.startsWith("firing"))
        .sort(),
    ).toEqual(["firing f1 warning", "firing f2 warning"]);
  }, 90_000);
});
