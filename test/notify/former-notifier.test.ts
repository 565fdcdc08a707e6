/** What a notifier of the first version left behind: it could not read what a new processor stored. */
import { jetstream } from "@nats-io/jetstream";
import { expect, test } from "vitest";
import { alertsStream, positionsBucket } from "../../src/core/subject.ts";
import { formerAlertSubject } from "../../src/stream/former-alert-subject.ts";
import { openBucket } from "../../src/stream/kv.ts";
import { readStreamFacts } from "../../src/stream/message-get.ts";
import { readDocument, writeDocument } from "../../src/stream/stored-document.ts";
import { append, at, idsOf, setUpAlerts, startNotifier, transition } from "../support/notifying.ts";
import { webhookServer } from "../support/webhook-server.ts";

const patient = { timeout: 20_000 };

test("what a notifier of the version before passed over is told, and the rest not again", async () => {
  const { url, backbone, connection } = await setUpAlerts();
  const hook = await webhookServer(() => 200);
  const former = transition("f1", 1, 1);
  await jetstream(connection).publish(formerAlertSubject("f1"), JSON.stringify(former));
  const last = transition("f3", 3, 1);
  await append(connection, transition("f2", 2, 1), transition("f2", 2, 2), last);
  const facts = await readStreamFacts(connection, alertsStream);
  const mark = { created: facts?.created, streamSeq: facts?.lastSeq, id: last.id };
  const told = { f1: [Date.parse(at(1)), 1] };
  const bucket = await openBucket(connection, positionsBucket, 1);
  const left = { format: 2, mark, told, waiting: {} };
  await writeDocument(bucket, "notify.hook", left, 0, Math.random);

  const start = () => startNotifier(backbone, url, { hook: { kind: "webhook", url: hook.url } });
  const first = await start();
  await expect.poll(() => idsOf(hook.posts).length, patient).toBe(3);
  await first.stop();
  expect(idsOf(hook.posts).toSorted()).toEqual(["f2-2.1", "f2-2.2", "f3-3.1"]);

  // From now on nothing is passed over, so the cursor says that nobody has to look back.
  expect(await readDocument(bucket, "notify.hook")).toMatchObject({
    value: { by_site: true, mark },
  });
  await start();
  await append(connection, transition("f4", 4, 1));
  await expect.poll(() => idsOf(hook.posts).slice(3), patient).toEqual(["f4-4.1"]);
});
