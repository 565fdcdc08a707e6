import { expect, test } from "vitest";
import { Admission } from "../../../src/sources/mqtt-broker/admission.ts";
import { Distribution } from "../../../src/sources/mqtt-broker/distribution.ts";
import { plainGrant } from "../../../src/sources/mqtt-broker/grant.ts";
import { OutboundMessage } from "../../../src/sources/mqtt-broker/outbound-message.ts";
import { Outbox } from "../../../src/sources/mqtt-broker/outbox.ts";
import { OutboxBudget } from "../../../src/sources/mqtt-broker/outbox-budget.ts";
import { Retained } from "../../../src/sources/mqtt-broker/retained.ts";
import { Sessions } from "../../../src/sources/mqtt-broker/sessions.ts";
import { Strikes } from "../../../src/sources/mqtt-broker/strikes.ts";
import { ManualClock } from "../../support/manual-clock.ts";

test("an address gets its connections back with time, and others are not its concern", async () => {
  const clock = new ManualClock();
  const limits = { maxClients: 100, maxClientsPerAddress: 100, connectsPerSecond: 2 };
  const admission = new Admission(limits, clock);
  const admit = (address: string): unknown => admission.admit(address);
  expect([admit("a"), admit("a"), admit("a")]).toEqual([undefined, undefined, "connect-rate"]);
  expect(admit("b")).toBeUndefined();
  await clock.advance(500);
  expect([admit("a"), admit("a")]).toEqual([undefined, "connect-rate"]);
  await clock.advance(60_000);
  expect([admit("a"), admit("a"), admit("a")]).toEqual([undefined, undefined, "connect-rate"]);
});

test("who strikes again is shut out twice as long, and forgiven after a quiet minute", async () => {
  const clock = new ManualClock();
  const strikes = new Strikes(clock);
  strikes.strike("a");
  expect([strikes.isBlocked("a"), strikes.isBlocked("b")]).toEqual([true, false]);
  await clock.advance(1_000);
  expect(strikes.isBlocked("a")).toBe(false);
  strikes.strike("a");
  await clock.advance(1_999);
  expect(strikes.isBlocked("a")).toBe(true);
  await clock.advance(1);
  expect(strikes.isBlocked("a")).toBe(false);
  await clock.advance(60_001);
  strikes.strike("a");
  await clock.advance(1_000);
  expect(strikes.isBlocked("a")).toBe(false);
});

test("retained messages are bounded in bytes, topics included, and make room when they are cleared", () => {
  const mib = 2 ** 20;
  const retained = new Retained();
  const keep = (topic: string, bytes: number): boolean =>
    retained.keep(new OutboundMessage(topic, Buffer.alloc(bytes), 1));
  expect([keep("a", 10 * mib), keep("b", 7 * mib)]).toEqual([true, false]);
  expect([keep("a", 0), keep("b", 7 * mib)]).toEqual([true, true]);
  let topics = 0;
  while (keep(`${topics}/${"t".repeat(60_000)}`, 1)) topics += 1;
  expect(topics).toBeLessThan((9 * mib) / 60_000);
});

test("a retained message that finds no room takes the one before it along", () => {
  const retained = new Retained();
  const keep = (bytes: number): boolean =>
    retained.keep(new OutboundMessage("t", Buffer.alloc(bytes), 1));
  expect([keep(1), keep(17 * 2 ** 20)]).toEqual([true, false]);
  expect([...retained.matching("t")]).toEqual([]);
});

function sessionsFor(maxKept: number) {
  const givenUp: string[] = [];
  const budget = new OutboxBudget(2 ** 20);
  const clock = new ManualClock();
  const sessions: Sessions<object> = new Sessions<object>({
    maxKept,
    createOutbox: () =>
      new Outbox({
        budget,
        clock,
        dropped() {},
        makeRoom: () => sessions.giveUpLargest(),
        lags() {},
      }),
    clock,
    givenUp: ({ client }) => givenUp.push(client),
    over() {},
  });
  const come = (client: string, persistent = true) => {
    const holder = {};
    const wish = { cleanStart: !persistent, keptSeconds: persistent ? Infinity : 0 };
    sessions.open(client, undefined, wish, holder);
    const session = sessions.heldBy(client, holder);
    if (session === undefined) throw new Error("the session was not opened");
    return { session, leave: () => sessions.close(client, holder) };
  };
  return { sessions, budget, givenUp, come };
}

test.each([
  ["long", (n: number) => `${n}/${"f".repeat(60_000)}`],
  ["deep", (n: number) => `${n}${"/+".repeat(1_000)}`],
  ["short", (n: number) => `t/${n}`],
])("a session takes a quarter of a mebibyte of %s filters, and gives them back", (_, filterOf) => {
  const { sessions, come } = sessionsFor(10);
  const grantedInRounds = Array.from({ length: 300 }, () => {
    const { session, leave } = come("d1", false);
    let granted = 0;
    while (sessions.subscribe(session, filterOf(granted), plainGrant(1))) granted += 1;
    expect(session.bytes).toBeLessThanOrEqual(2 ** 18);
    leave();
    return granted;
  });
  expect(new Set(grantedInRounds).size).toBe(1);
  expect(sessions.listeners(filterOf(0))).toBeUndefined();
});

test("for one kept session too many the one whose client is away longest is given up", () => {
  const { sessions, givenUp, come } = sessionsFor(3);
  const [a, b, c] = ["a", "b", "c"].map((client) => come(client));
  b?.leave();
  a?.leave();
  come("a").leave();
  come("d");
  expect(givenUp).toEqual(["b"]);
  expect(["a", "b", "c"].map((client) => sessions.isFree(client, "another"))).toEqual([
    false,
    true,
    false,
  ]);
  c?.leave();
  come("e");
  come("f");
  expect(givenUp).toEqual(["b", "a", "c"]);
});

test("filters of absent clients make room for those of clients that are there", () => {
  const { sessions, givenUp, come } = sessionsFor(1_000);
  const fill = (client: string) => {
    const { session, leave } = come(client);
    for (
      let n = 0;
      sessions.subscribe(session, `${n}/${"f".repeat(60_000)}`, plainGrant(1));
      n += 1
    );
    return { session, leave };
  };
  for (let n = 0; n < 200; n += 1) fill(`away-${n}`).leave();
  expect(givenUp[0]).toBe("away-0");
  expect(fill("here").session.filters.size).toBe(4);
});

test("where too much waits for absent clients, the one for which most waits is given up", () => {
  const { sessions, budget, givenUp, come } = sessionsFor(100);
  for (let n = 0; n < 30; n += 1) {
    const { session, leave } = come(`small-${n}`);
    sessions.subscribe(session, `small/${n}`, plainGrant(1));
    leave();
  }
  for (let n = 0; n < 10; n += 1) {
    const { session, leave } = come(`dead-${n}`);
    sessions.subscribe(session, "#", plainGrant(1));
    leave();
  }
  const retained = new Retained();
  const post = new Distribution({ sessions, retained, clock: new ManualClock(), notRetained() {} });
  for (let n = 0; n < 350; n += 1) {
    const topic = `small/${n % 30}`;
    post.deliver({ topic, payload: Buffer.alloc(1_000), qos: 1, retain: false });
    expect(budget.bytes).toBeLessThanOrEqual(2 ** 19);
  }
  expect(givenUp.length).toBeGreaterThan(0);
  expect(givenUp.filter((client) => !client.startsWith("dead-"))).toEqual([]);
});

test("a session that ends gives back what its queue held", () => {
  const { budget, come } = sessionsFor(10);
  const { session, leave } = come("away");
  leave();
  session.outbox.deliver(new OutboundMessage("t", Buffer.alloc(1_000), 1), plainGrant(1));
  expect(budget.bytes).toBeGreaterThan(1_000);
  come("away", false).leave();
  expect(budget.bytes).toBe(0);
});
