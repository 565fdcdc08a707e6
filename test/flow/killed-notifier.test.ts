import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureStream } from "../../src/stream/ensure-stream.ts";
import { alertsStreamContract } from "../../src/stream/stream-contract.ts";
import { inHub } from "../faults/hub.ts";
import { backboneOptionsFor } from "../support/backbone.ts";
import { append, transition } from "../support/notifying.ts";
import type { ReceivedPost } from "../support/open-webhook-server.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { webhookServer } from "../support/webhook-server.ts";

interface Notice {
  readonly id: string;
  readonly alerts?: readonly { readonly id: string }[];
}

/** The transitions that came, by the key that they came under; fails where a key means two things. */
function toldBy(posts: readonly ReceivedPost[]): ReadonlyMap<string, string> {
  const told = new Map<string, string>();
  for (const { body, headers } of posts) {
    const { alerts, id }: Notice = JSON.parse(body);
    const ids = (alerts ?? [{ id }]).map((alert) => alert.id).join(" ");
    const key = String(headers["idempotency-key"]);
    expect(told.get(key) ?? ids).toBe(ids);
    told.set(key, ids);
  }
  return told;
}

/** Each alert was taken, under one key. */
const isAllTold = (posts: readonly ReceivedPost[]): boolean => {
  const taken = [...toldBy(posts.filter(({ status }) => status === 200)).values()];
  return taken.join(" ").split(" ").sort().join(" ") === "f1-1.1 f2-1.1 f3-1.1";
};

test("a notifier that is killed with a group half collected, and with posts that nobody answered, loses none and repeats them under their keys", async () => {
  let isWell = false;
  const answer = () => (isWell ? 200 : "nothing");
  const [collecting, posted, single] = await Promise.all([
    webhookServer(() => 200),
    webhookServer(answer),
    webhookServer(answer),
  ]);
  const hook = ({ url }: { url: string }) => ({ kind: "webhook", url, timeout: "2m" });
  const grouped = { group_by: ["alertname"], group_interval: "1s" };
  const notify = {
    receivers: { collecting: hook(collecting), posted: hook(posted), single: hook(single) },
    routes: [
      { receivers: ["collecting"], ...grouped, group_wait: "3s", continue: true },
      { receivers: ["posted"], ...grouped, group_wait: "1s", continue: true },
      { receivers: ["single"] },
    ],
  };
  const configuration = `notify: ${JSON.stringify(notify)}\n`;
  await inHub({ folder: join(await tempFolder(), "hub"), configuration }, async (hub) => {
    await hub.startServer();
    const notifier = await hub.program("notifier", "notifier");
    await hub.connected(async (connection) => {
      await ensureStream(connection, alertsStreamContract(backboneOptionsFor(hub.natsUrl)));
      notifier.start();
      await append(connection, transition("f1", 1, 1), transition("f2", 1, 1));
      const isUnderWay = () => posted.posts.length > 0 && single.posts.length === 2;
      await waitUntil(isUnderWay, "posts that wait for an answer", 60_000);
      await notifier.kill();
      await append(connection, transition("f3", 1, 1));
      isWell = true;

      notifier.start();
      for (const { posts } of [collecting, posted, single])
        await waitUntil(() => isAllTold(posts), "everything is told", 60_000);
    });
  });
  for (const { posts } of [posted, single]) {
    const taken = new Set(toldBy(posts.filter(({ status }) => status === 200)).keys());
    for (const key of toldBy(posts).keys()) expect(taken).toContain(key);
  }
}, 180_000);
