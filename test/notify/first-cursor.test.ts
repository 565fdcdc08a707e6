import { Kvm } from "@nats-io/kv";
import { describe, expect, test } from "vitest";
import { positionsBucket } from "../../src/core/subject.ts";
import { append, idsOf, setUpAlerts, startNotifier, transition } from "../support/notifying.ts";
import { webhookServer } from "../support/webhook-server.ts";

const twoHoursAgo = -7_200;
const patient = { timeout: 20_000 };

async function setUp() {
  const room = await setUpAlerts();
  const hook = await webhookServer();
  const receivers = { hook: { kind: "webhook", url: hook.url } };
  return { ...room, hook, start: () => startNotifier(room.backbone, room.url, receivers) };
}

/** Tells that everything before has been told. */
const last = transition("last", 50, 1);

describe("a receiver that is new", () => {
  test("is told of what fires, however long it has, and then of its end", async () => {
    const { connection, hook, start } = await setUp();
    await append(connection, transition("f1", twoHoursAgo, 1), transition("f2", 1, 1));
    await start();
    await expect.poll(() => idsOf(hook.posts).sort(), patient).toEqual(["f1--7200.1", "f2-1.1"]);

    await append(connection, transition("f1", twoHoursAgo, 2));

    await expect.poll(() => idsOf(hook.posts).at(-1), patient).toBe("f1--7200.2");
  });

  test("is told of the last level of what fires, and of its episode's end", async () => {
    const { connection, hook, start } = await setUp();
    const raised = transition("f1", twoHoursAgo, 3, { severity: "critical" });
    await append(connection, transition("f1", twoHoursAgo, 1), raised, last);
    await start();

    await expect.poll(() => idsOf(hook.posts).sort(), patient).toEqual(["f1--7200.3", "last-50.1"]);
  });

  test("is told of no end without its beginning", async () => {
    const { connection, hook, start } = await setUp();
    await append(
      connection,
      transition("old", twoHoursAgo, 1),
      transition("old", twoHoursAgo, 2),
      transition("ended-now", twoHoursAgo, 1),
      transition("ended-now", twoHoursAgo, 2, { observed_at: new Date().toISOString() }),
      transition("no-beginning", 1, 2),
      last,
    );
    await start();

    await expect.poll(() => idsOf(hook.posts).length, patient).toBeGreaterThan(0);
    await append(connection, transition("old", 2, 1));
    await expect.poll(() => idsOf(hook.posts).length, patient).toBeGreaterThan(1);
    expect(idsOf(hook.posts)).toEqual(["last-50.1", "old-2.1"]);
  });

  test("is told of all that was learned in the last hour", async () => {
    const { connection, hook, start } = await setUp();
    await append(connection, transition("f1", 1, 1), transition("f1", 1, 2));
    await start();

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1-1.1", "f1-1.2"]);
  });
});

describe("a mark that nobody is told of", () => {
  test("is passed over, and what fires behind it is told all the same", async () => {
    const { connection, hook, start } = await setUp();
    const grewStale = (instance: string, n: number) =>
      transition(instance, twoHoursAgo, n, { reason: "stale", stale: true, quiet: true });
    await append(connection, transition("f1", twoHoursAgo, 1), grewStale("f1", 2));
    await start();
    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1--7200.1"]);

    await append(
      connection,
      grewStale("f1", 3),
      transition("f1", twoHoursAgo, 4, { state: "ended", reason: "normal" }),
    );

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["f1--7200.1", "f1--7200.4"]);
  });
});

describe("a receiver whose cursor cannot be read", () => {
  test.each<[string, Uint8Array]>([
    ["no document", Buffer.from("\u001f damaged")],
    ["empty", new Uint8Array()],
    ["of chunks that are gone", Buffer.from('{"chunks":["notify.hook.1.x.0"]}')],
  ])("is told of what fires and nothing else, and status says so (%s)", async (_, bytes) => {
    const { connection, hook, start } = await setUp();
    const bucket = await new Kvm(connection).create(positionsBucket, {
      history: 1,
      allow_direct: false,
    });
    await bucket.put("notify.hook", bytes);
    await append(
      connection,
      transition("fires", twoHoursAgo, 1),
      transition("ended", 1, 1),
      transition("ended", 1, 2),
    );

    const notifier = await start();

    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["fires--7200.1"]);
    expect(notifier.state().receivers[0]?.cursorLost).toMatchObject({ reason: expect.any(String) });
    await append(connection, transition("ended", 9, 1));
    await expect.poll(() => idsOf(hook.posts), patient).toEqual(["fires--7200.1", "ended-9.1"]);
  });
});

describe("a receiver whose cursor was removed", () => {
  test("is told of nothing again, and of what came since, by the log of attempts", async () => {
    const { connection, hook, start } = await setUp();
    const first = await start();
    await append(
      connection,
      transition("fires", twoHoursAgo, 1),
      transition("ended", 1, 1),
      transition("ended", 1, 2),
    );
    const before = ["fires--7200.1", "ended-1.1", "ended-1.2"];
    await expect.poll(() => idsOf(hook.posts).sort(), patient).toEqual([...before].sort());
    await first.stop();
    await (await new Kvm(connection).open(positionsBucket)).destroy();
    await append(connection, transition("fires", twoHoursAgo, 2), transition("new", 3, 1));

    const second = await start();

    await expect.poll(() => idsOf(hook.posts).length, patient).toBeGreaterThan(4);
    await second.stop();
    expect(idsOf(hook.posts).slice(3).sort()).toEqual(["fires--7200.2", "new-3.1"]);
    const third = await start();
    await append(connection, transition("new", 3, 2));
    await expect.poll(() => idsOf(hook.posts).at(-1), patient).toBe("new-3.2");
    expect(idsOf(hook.posts)).toHaveLength(6);
    await third.stop();
  });
});
