import type { NatsConnection } from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { positionsBucket } from "../../src/core/subject.ts";
import { parseCursor, type ReceiverCursor } from "../../src/notify/receiver-cursor.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { readDocument } from "../../src/stream/stored-document.ts";
import { testBackbone } from "../support/backbone.ts";
import { fastClock } from "../support/fast-clock.ts";
import { append, idsOf, setUpAlerts, startNotifier, transition } from "../support/notifying.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };

async function cursorOf(connection: NatsConnection): Promise<ReceiverCursor | undefined> {
  const document = await readDocument(
    await openBucket(connection, positionsBucket, 1),
    "notify.hook",
  );
  return document.kind === "read" ? parseCursor(document.value) : undefined;
}

describe("a notifier that ends without a word", () => {
  test("loses nothing that was under way, asleep or behind them, and repeats nothing told", async () => {
    const { url, connection } = await setUpAlerts();
    let well = false;
    const hook = await webhookServer((body) => {
      if (well) return 200;
      if (body.includes('"hangs-')) return "nothing";
      return body.includes('"fails-') ? 500 : 200;
    });
    const receivers = { hook: { kind: "webhook", url: hook.url, timeout: "2m" } };
    await append(
      connection,
      transition("hangs", 1, 1),
      transition("fails", 1, 1),
      transition("well", 1, 1),
      transition("hangs", 1, 2),
      transition("fails", 1, 2),
      transition("well", 1, 2),
    );
    const lost = testBackbone(url, "lost");
    await startNotifier(lost, url, receivers, undefined, { random: () => 0.999 });
    await expect
      .poll(async () => {
        const { mark, told = {}, waiting = {} } = (await cursorOf(connection)) ?? {};
        return [mark?.id, told["well"]?.[1], Object.keys(waiting).sort(), waiting["hangs"]?.count];
      }, patient)
      .toEqual(["well-1.2", 2, ["fails", "hangs"], 2]);
    await lost.close();
    well = true;

    const clock = fastClock(10);
    await startNotifier(testBackbone(url, "next"), url, receivers, undefined, { clock });

    await expect.poll(() => idsOf(hook.posts).length, patient).toBe(6);
    const told = idsOf(hook.posts);
    for (const instance of ["well", "hangs", "fails"])
      expect(told.filter((id) => id.startsWith(instance))).toEqual([
        `${instance}-1.1`,
        `${instance}-1.2`,
      ]);
  });
});
