/** What people do about alerts, and what alerts do to each other, as far as it decides who is told. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { NatsConnection } from "@nats-io/transport-node";
import { expect, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import { type AlertTransition, siteOfAlert } from "../../src/core/alert.ts";
import { fnv1a64 } from "../../src/core/fnv1a.ts";
import type { OperatorAction } from "../../src/core/operator-action.ts";
import { notifyOptions } from "../../src/notify/options.ts";
import { appendAction, lastActionSeq } from "../../src/stream/operator-log.ts";
import { testBackbone } from "../support/backbone.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { append, setUpAlerts, startNotifier, transition } from "../support/notifying.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 30_000 };
const minuteMs = 60_000;

interface Told {
  readonly id: string;
  readonly cause?: string;
  readonly alerts?: readonly { readonly id: string }[];
}

/** A notifier that tells a webhook, and a clock that can be put forward. */
async function setUp(notify: object = {}) {
  const { url, connection } = await setUpAlerts();
  const hook = await webhookServer();
  const receivers = { hook: { kind: "webhook", url: hook.url, timeout: "2m" } };
  const options = notifyOptions.parse({ receivers, ...notify });
  let told = 0;
  let aheadMs = 0;
  const clock = { ...systemClock, wallMs: () => systemClock.wallMs() + aheadMs };
  const notifier = await startNotifier(testBackbone(url), url, receivers, undefined, {
    clock,
    options,
  });
  const said = (): string[] =>
    hook.posts.map(({ body }) => {
      const { alerts, cause, id }: Told = JSON.parse(body);
      return alerts ? `${cause}: ${alerts.map((alert) => alert.id).join(" ")}` : id;
    });
  return {
    url,
    connection,
    putForward(ms: number) {
      aheadMs += ms;
    },
    /** Waits until this was told since the last time, in any order, and nothing else. */
    async tells(...ids: readonly string[]) {
      await expect.poll(() => said().slice(told).sort(), patient).toEqual([...ids].sort());
      told += ids.length;
    },
    /** Nothing is on its way. */
    rests: () => expect.poll(() => notifier.state().receivers[0]?.waiting, patient).toBe(0),
    holds: (why: string) =>
      expect.poll(() => notifier.state().receivers[0]?.held, patient).toEqual({ [why]: 1 }),
    passes: (count: number) =>
      expect
        .poll(() => notifier.state().receivers[0]?.passedOver, patient)
        .toEqual({ "ended meanwhile": count }),
  };
}

async function act(
  connection: NatsConnection,
  alert: AlertTransition,
  action: Pick<OperatorAction, "verb"> & Partial<OperatorAction>,
): Promise<void> {
  const site = siteOfAlert(alert);
  const { instance } = alert;
  const after = await lastActionSeq(connection, site, instance);
  const [by, at] = ["ana", new Date().toISOString()];
  const whole = {
    schema: "alert.action/1",
    id: `${action.verb}-${after}`,
    site,
    instance,
  } as const;
  const { outcome } = await appendAction(connection, { ...whole, by, at, ...action }, after);
  expect(outcome).toBe("stored");
}

test("what a gateway that is offline explains is told when that is over, and only where it still fires", async () => {
  const { connection, holds, passes, tells } = await setUp();
  const labels = (device: string, gateway = "gw1") => ({ site: "plant-a", gateway, device });
  const handling = { suppressed_by: [{ alert: "GatewayOffline", equal: ["site", "gateway"] }] };
  const offline = {
    rule: "sluicegate/GatewayOffline",
    labels: { site: "plant-a", gateway: "gw1" },
  };
  await append(connection, transition("offline", 1, 1, offline));
  await tells("offline-1.1");
  await append(
    connection,
    transition("f1", 2, 1, { handling, labels: labels("f1") }),
    transition("f2", 2, 1, { handling, labels: labels("f2") }),
    transition("f2", 2, 2, { handling, labels: labels("f2") }),
    transition("f3", 2, 1, { handling, labels: labels("f3", "gw2") }),
  );
  await tells("f3-2.1");
  await holds("suppressed");
  await passes(2);
  await append(connection, transition("offline", 1, 2, offline));
  await tells("offline-1.2", "f1-2.1");
});

test("the end of a latched alert is told when it is reset at a command line", async () => {
  const { connection, holds, tells, url } = await setUp();
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\n");
  const latched = (n: number) => {
    const instance = fnv1a64("f1");
    return transition("f1", 1, n, { instance, handling: { latch: true } });
  };
  await append(connection, latched(1));
  await tells("f1-1.1");
  await append(connection, latched(2));
  await holds("latched");
  const reset = ["alerts", "reset", "FreezerWarm", "f1", "--nats", url];
  expect((await runCommand(reset, { cwd })).stdout).toBe("FreezerWarm f1 reset\n");
  await tells("f1-1.2");
});

test("an alert that flaps is told so once, and how it is when it is calm again", async () => {
  const { connection, holds, putForward, tells } = await setUp();
  for (const second of [1, 3])
    for (const n of [1, 2]) {
      await append(connection, transition("f1", second, n));
      await tells(`f1-${second}.${n}`);
    }
  await append(connection, transition("f1", 5, 1));
  await tells("f1-5.1");
  await append(connection, transition("f1", 5, 2));
  await tells("flapping: f1-5.2");
  for (const second of [7, 9, 11])
    await append(connection, transition("f1", second, 1), transition("f1", second, 2));
  // They are read in order: who tells of the second has the first.
  await append(connection, transition("f1", 13, 1), transition("f2", 1, 1));
  await tells("f2-1.1");
  await holds("flapping");
  putForward(11 * minuteMs);
  await tells("calm: f1-13.1");
});

test("who acknowledged is told nothing again until the alert rises", async () => {
  const { connection, holds, putForward, rests, tells } = await setUp({ repeat_interval: "10m" });
  const [warm, other] = [transition("f1", 1, 1), transition("f2", 1, 1)];
  const until = new Date(systemClock.wallMs() + 23 * 60 * minuteMs).toISOString();
  await append(connection, warm);
  await tells(warm.id);
  await rests();
  putForward(11 * minuteMs);
  await tells(`repeat: ${warm.id}`);
  await act(connection, other, { verb: "shelve", reason: "defrost", until });
  await append(connection, other);
  await holds("shelved");
  await act(connection, warm, { verb: "ack", episode: warm.episode, n: 1 });
  // What people do is read in its order: who knows of the second knows of the first.
  await act(connection, other, { verb: "unshelve" });
  await tells(other.id);
  await append(connection, transition("f2", 1, 2));
  await tells("f2-1.2");
  await rests();
  putForward(30 * minuteMs);
  const hot = transition("f1", 1, 3, { severity: "critical" });
  await append(connection, hot);
  await tells(hot.id);
  await rests();
  putForward(11 * minuteMs);
  await tells(`repeat: ${hot.id}`);
});

test("an alert on a shelf is told when that expires while it fires", async () => {
  const { connection, holds, putForward, tells } = await setUp();
  const [warm, other] = [transition("f1", 1, 1), transition("f2", 1, 1)];
  const until = new Date(systemClock.wallMs() + 60 * minuteMs).toISOString();
  await act(connection, warm, { verb: "shelve", reason: "defrost", until });
  await append(connection, warm, other);
  await tells(other.id);
  await holds("shelved");
  putForward(61 * minuteMs);
  await tells(warm.id);
});
