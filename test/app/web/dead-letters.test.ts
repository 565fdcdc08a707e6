/** Messages that a gateway could not read, as people see and mend them. */
import { expect, test } from "vitest";
import { deadLetterRoutes } from "../../../src/api/routes/dead-letter-routes.ts";
import type {
  AgainOutcome,
  DeadLetter,
  DeadLetterGroup,
} from "../../../src/api/shapes/dead-letter.ts";
import { systemClock } from "../../../src/app/system-clock.ts";
import { DeadLetterBook } from "../../../src/app/web/dead-letters/dead-letter-book.ts";
import { deadLettersTopic } from "../../../src/app/web/dead-letters/dead-letter-topic.ts";
import { deadLetterDesk } from "../../../src/app/web/dead-letters/dead-letters.ts";
import { gatewayHere } from "../../support/gateway-here.ts";
import { freezerProfile } from "../../support/memory-site.ts";
import { serveRoute } from "../../support/serve-route.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Reads what the first edition did not. */
const mended = freezerProfile.replace("path: t,", "path: [t, temp],");

async function withDeadLetters() {
  const gateway = await gatewayHere();
  const book = new DeadLetterBook(gateway.facts);
  const { facts } = gateway;
  const routes = deadLetterRoutes(deadLetterDesk({ book, facts, nowMs: Date.now }));
  const groupsNow = async (): Promise<DeadLetterGroup[]> => {
    const answer = (await serveRoute(routes, "get /dead-letters")) as { groups: DeadLetterGroup[] };
    return answer.groups;
  };
  return { ...gateway, book, groupsNow, routes };
}

test("what failed alike is one group, tried, processed again once, and the rest discarded", async () => {
  const { groupsNow, reload, routes, say } = await withDeadLetters();
  for (let at = 0; at < 3; at += 1) await say(`acme/f${at}/state`, `{"temp":${-10 - at}}`);
  await say("acme/f9/state", '{"other":1}');
  await say("nobody/reads/this", Buffer.from([1, 2, 0xff]));
  const [group, unknown] = await groupsNow();
  expect([group, unknown]).toMatchObject([
    { messages: 4, devices: 4, topic: "acme/+/state", stage: "read", profile: "acme/fz-200@1" },
    { messages: 1, devices: 0, topic: "nobody/reads/this", stage: "identify", profile: null },
  ]);
  const params = { group: group?.key ?? "" };
  const shown = (await serveRoute(routes, "get /dead-letters/{group}", { params })) as {
    messages: DeadLetter[];
  };
  expect(shown.messages[0]).toMatchObject({ text: '{"temp":-10}', bytes: 12, isCut: false });
  expect(shown.messages[0]?.hex).toBe(Buffer.from('{"temp":-10}').toString("hex"));

  await reload(mended);
  const tried = await serveRoute(routes, "post /dead-letters/{group}/try", { params });
  expect(tried).toMatchObject({ read: 3, rejected: 1, made: null });
  expect(await groupsNow()).toHaveLength(2);
  const both = (await Promise.all(
    [1, 2].map(() => serveRoute(routes, "post /dead-letters/{group}/reprocess", { params })),
  )) as AgainOutcome[];
  expect(both.map(({ read }) => read)).toEqual([3, 0]);
  expect(both[0]?.made?.event).toMatch(/^gw1\.[0-9a-z]{8}\.\d+$/);
  expect(await groupsNow()).toMatchObject([{ messages: 1 }, { messages: 1 }]);

  const why = { reason: "a test device" };
  for (const body of [{}, { reason: "  " }])
    expect(
      await serveRoute(routes, "post /dead-letters/{group}/discard", { params, body }),
    ).toMatchObject({ status: 400 });
  expect(
    await serveRoute(routes, "post /dead-letters/{group}/discard", { params, body: why }),
  ).toMatchObject({ discarded: 1, more: false });
  expect(await groupsNow()).toMatchObject([{ topic: "nobody/reads/this" }]);
});

test("who decided, and why, stands in the log", async () => {
  const { facts, groupsNow, routes, say } = await withDeadLetters();
  await say("acme/f1/state", '{"t":"warm"}');
  const [group] = await groupsNow();
  const params = { group: group?.key ?? "" };
  const body = { reason: "a test device" };
  await serveRoute(routes, "post /dead-letters/{group}/discard", { params, body });
  const reader = await facts.log.openReader(facts.log.firstSeq);
  const records = await reader.next(1_000);
  const decision = records.find(({ kind }) => kind === "decision");
  expect(JSON.parse(Buffer.from(decision?.body ?? []).toString())).toMatchObject({
    data: { decision: "discarded", reason: "a test device", by: "ana" },
  });
  await reader.close();
});

test("a profile that somebody names is tried in the place of those in force", async () => {
  const { groupsNow, routes, say } = await withDeadLetters();
  await say("elsewhere/f1", '{"t":-18}');
  const [group] = await groupsNow();
  const params = { group: group?.key ?? "" };
  const tryWith = (profile: string) =>
    serveRoute(routes, "post /dead-letters/{group}/try", { params, body: { profile } });
  expect(await tryWith("acme/fz-200")).toMatchObject({ read: 1, rejected: 0 });
  expect(await tryWith("acme/fz-300")).toMatchObject({ status: 404 });
  expect(await groupsNow()).toHaveLength(1);
});

test("groups are told as they change, and are gone when nothing is in them", async () => {
  const { book, groupsNow, routes, say } = await withDeadLetters();
  const topic = deadLettersTopic(book, systemClock);
  await say("acme/f1/state", '{"t":"warm"}');
  const told = JSON.parse(await waitUntil(() => topic.takeChanges(), "the group is told of"));
  const [key = ""] = Object.keys(told);
  expect(told).toMatchObject({ [key]: { messages: 1, reason: expect.any(String) } });
  const body = { reason: "no use" };
  await serveRoute(routes, "post /dead-letters/{group}/discard", { params: { group: key }, body });
  expect(await groupsNow()).toEqual([]);
  const gone = JSON.parse(await waitUntil(() => topic.takeChanges(), "the group is gone"));
  expect(gone).toEqual({ [key]: null });
  topic.end();
});
