/** How a gateway alone is, as the page shows it. */
import { expect, test } from "vitest";
import { statusRoutes } from "../../../src/api/routes/status-routes.ts";
import { type StatusRow, statusRow } from "../../../src/api/shapes/status.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { DeadLetterBook } from "../../../src/app/web/dead-letters/dead-letter-book.ts";
import { statusTopic } from "../../../src/app/web/gateway-topics.ts";
import { statusDesk } from "../../../src/app/web/status/status-desk.ts";
import { samplesOf } from "../../../src/app/web/status/status-samples.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { natsServer } from "../../support/nats-server.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { waitUntil } from "../../support/wait-until.ts";

async function shown(natsUrl?: string) {
  const gateway = await gatewayHere(natsUrl === undefined ? {} : { natsUrl });
  const { facts } = gateway;
  const book = new DeadLetterBook(facts);
  const desk = statusDesk({
    ...{ clock: systemClock, version: "1", site: "plant-a", roles: ["gateway"] },
    ...{ servers: ["nats://hub:4222"], gateway: facts, deadLetters: () => book.counts },
  });
  return { ...gateway, book, desk };
}

test("with no backbone it says that it buffers, why, how much, and since when", async () => {
  const { book, desk, say } = await shown();
  const topic = statusTopic(desk, systemClock, book);
  await say("acme/f1/state", '{"t":-18}');
  await say("acme/f2/state", '{"t":"warm"}');
  const row = await waitUntil(() => {
    const rows: Record<string, unknown> = JSON.parse(topic.takeChanges() ?? "{}");
    const now = rows["here"] === undefined ? undefined : statusRow.parse(rows["here"]);
    return now?.gateway?.link.word === "buffering" ? now : undefined;
  }, "it buffers");
  topic.end();
  expect(row).toMatchObject({
    ...{ site: "plant-a", hub: null, devices: { ok: 2 } },
    gateway: {
      gateway: "gw1",
      link: { server: null, servers: ["nats://hub:4222"], nextTryMs: expect.any(Number) },
      flow: { received: 2, rejected: 1, late: 0, repeats: 0, dropped: 0 },
      sources: [{ link: null, holding: false }],
    },
  });
  expect(row.gateway?.buffer.events).toBeGreaterThan(2);
  expect(row.gateway?.buffer.oldestMs).not.toBe(null);
  expect(row.gateway?.link.reason).not.toBe(null);
});

test("with a backbone it is linked, and acknowledgments have their time", async () => {
  const server = await natsServer();
  const { desk, say } = await shown(server.url);
  await say("acme/f1/state", '{"t":-18}');
  const routes = statusRoutes(desk);
  const row = await waitUntil(async () => {
    const now = (await serveRoute(routes, "get /status")) as StatusRow;
    const { buffer, link } = now.gateway ?? {};
    return link?.word === "linked" && buffer?.events === 0 ? now : undefined;
  }, "it is linked");
  expect(row.gateway?.link).toMatchObject({ reason: null, lastAckMs: expect.any(Number) });
  expect(row.gateway?.buffer).toMatchObject({ oldestMs: null, fullInMs: null, goneInMs: null });
  expect(
    await serveRoute(routes, "get /status/samples", { query: { range: "24h" } }),
  ).toMatchObject({ stepMs: 60_000 });
  expect(await serveRoute(routes, "get /status/samples", { query: { range: "9y" } })).toMatchObject(
    {
      status: 400,
    },
  );
});

test("samples are rates; what the process missed is a gap, and an outage has its ends", () => {
  const sample = (second: number, isCut: boolean, received = second * 10) => ({
    ...{ atMs: 1_000_000 + second * 1_000, monotonicMs: second * 1_000, isCut },
    ...{ received, stored: received, sent: isCut ? 0 : received, waiting: isCut ? second : 0 },
  });
  const found = samplesOf({
    everyMs: 1_000,
    samples: [
      sample(0, false),
      sample(1, false),
      sample(2, true),
      sample(3, true),
      sample(4, false),
      sample(60, false),
    ],
  });
  expect(found.inPerS).toEqual([10, 10, 10, 10, null, 10]);
  expect(found.outPerS.every((rate) => rate === null || rate >= 0)).toBe(true);
  expect(found.outages).toEqual([{ fromMs: 1_001_000, toMs: 1_003_000 }]);
  expect(found.atMs).toHaveLength(found.backlog.length);
});
