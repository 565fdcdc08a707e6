/** Servers in the place of a database, and what stands in front of one: no answer may cost a point. */
import { expect, onTestFinished, test } from "vitest";
import { systemClock } from "../../src/app/system-clock.ts";
import type { GatewayEvent } from "../../src/core/event.ts";
import { openDatabase } from "../../src/historian/database.ts";
import { DatabaseHealth } from "../../src/historian/database-health.ts";
import { historianOptions } from "../../src/historian/options.ts";
import { storePoints } from "../../src/historian/store-points.ts";
import { readRefusedPoints } from "../../src/stream/history-rejected.ts";
import { publishRecords, reading } from "../support/gateway-stream.ts";
import { setUpStreams, startHistorian } from "../support/history.ts";
import { instead } from "../support/instead.ts";
import { type Answer, answer, scriptedDatabase } from "../support/scripted-database.ts";
import { silentLogger } from "../support/silence.ts";

const patient = { timeout: 60_000 };
const readings = (count: number): GatewayEvent[] =>
  Array.from({ length: count }, (_, at) => reading("f1", at, at));

/** So many readings, written to who answers so; as fast as it may be tried again. */
async function writeTo(answers: readonly Answer[], count: number, written = {}) {
  const database = await scriptedDatabase(answers);
  const { url, backbone, connection } = await setUpStreams();
  await publishRecords(connection, "aaaaaaaa", 1, readings(count));
  const options = { url: database.url, ...written };
  const historian = startHistorian(backbone, url, options, { random: () => 0 });
  return { ...database, connection, historian };
}

test("a database that asks to be left alone is left alone, and gets everything then", async () => {
  const answers = [answer(503, "", { "retry-after": "0" }), answer(401), answer(204)];
  const { bodies, historian } = await writeTo(answers, 2, { batch: { points: 1 } });
  await expect.poll(() => historian.state().points, patient).toBe(2);
  expect(new Set(bodies.slice(0, 3)).size).toBe(1);
  expect(historian.state().lastError).toContain("set historian.username and password");
});

test("a point is written again until the database itself has said that it is stored", async () => {
  const page = "<html><h1>Sign in</h1> could not parse the line</html>";
  const cutOff: Answer = (response) => {
    response.writeHead(400, { "content-length": "500" }).write('{"error":"partial write: ');
    setImmediate(() => response.destroy());
  };
  const answers: Answer[] = [
    answer(200, page),
    answer(302, "", { location: "http://127.0.0.1:1/" }),
    answer(400, page),
    answer(502, page),
    answer(400, '{"fault":"partial write: dropped=1"}'),
    answer(422, partial("shard 7 is pending deletion dropped=1")),
    (response) => void response.destroy(),
    cutOff,
    // Nothing, and an answer without an end.
    () => {},
    (response) => void response.writeHead(400).write('{"error":"partial write: '),
  ];
  const all = [...answers, answer(204)];
  const { bodies, historian } = await writeTo(all, 1, { timeout: "200ms" });
  await expect.poll(() => historian.state().points, patient).toBe(1);
  expect(bodies).toHaveLength(answers.length + 1);
  expect(new Set(bodies).size).toBe(1);
  expect(historian.state()).toMatchObject({ refused: 0, expired: 0, failing: undefined });
});

test("points that are never taken do not hold up those beside them, and are kept", async () => {
  const { timeMs } = reading("f1", 3, 3);
  const refuse: Answer = (response) => {
    const isBad = bodies.at(-1)?.includes(`${timeMs}`);
    return (isBad ? answer(400, notParsed) : answer(204))(response);
  };
  const { bodies, connection, historian } = await writeTo([refuse], 8);
  await expect.poll(() => historian.state().refused, patient).toBe(1);
  await expect.poll(() => historian.state().points, patient).toBe(7);
  const [refused, ...others] = await readRefusedPoints(connection);
  expect(refused?.line).toContain(` value=3 ${timeMs}`);
  expect(others).toEqual([]);
});

/** By itself, and tried again without a wait. */
async function store(lines: readonly string[], written: object) {
  const secrets = { password: undefined, token: undefined, ca: undefined };
  const database = openDatabase(historianOptions.parse(written), secrets, systemClock);
  onTestFinished(() => database.close());
  return storePoints(lines, new AbortController().signal, {
    ...{ database, clock: systemClock, logger: silentLogger, random: () => 0 },
    health: new DatabaseHealth(systemClock, silentLogger),
    prepare: () => Promise.resolve(),
  });
}

test("series that the database has no room for are found by few writes, all others are stored", async () => {
  const lines = Array.from(
    { length: 1_000 },
    (_, at) => `samples,device=d${at % 20} value=1 ${at}`,
  );
  const isBad = (line: string): boolean => /device=d(?:3|12) /.test(line);
  const full: Answer = (response) => {
    const bad = (scripted.bodies.at(-1) ?? "").split("\n").filter(isBad).length;
    const error = `partial write: max-series-per-database limit exceeded: (18) dropped=${bad}`;
    return (bad > 0 ? answer(400, JSON.stringify({ error })) : answer(204))(response);
  };
  const scripted = await scriptedDatabase([full]);
  const stored = await store(lines, { url: scripted.url });
  const refused = stored?.refused.map(({ line }) => line) ?? [];
  expect(refused.sort()).toEqual(lines.filter(isBad).sort());
  expect(scripted.bodies.length).toBeLessThan(60);
});

test("what a slow database never takes in time is written in smaller parts", async () => {
  const lines = Array.from({ length: 400 }, (_, at) => `samples,device=d value=1 ${at}`);
  const taken = new Set<string>();
  const slow: Answer = (response) => {
    const sent = (scripted.bodies.at(-1) ?? "").split("\n");
    if (sent.length > 300) return;
    for (const line of sent) taken.add(line);
    answer(204)(response);
  };
  const scripted = await scriptedDatabase([slow]);
  expect(await store(lines, { url: scripted.url, timeout: "100ms" })).toEqual({
    ...{ refused: [], expired: 0 },
  });
  expect(taken.size).toBe(400);
  expect(scripted.bodies).toHaveLength(5);
});

test("a token is sent as InfluxDB 2.x and 3.x read it, at the endpoint that both have", async () => {
  const database = await scriptedDatabase([answer(204)]);
  const written = { url: database.url, database: "b-1", token: { file: "t" } };
  const secrets = { password: undefined, token: "abc==", ca: undefined };
  const opened = openDatabase(historianOptions.parse(written), secrets, systemClock);
  const outcome = await opened.write(["samples value=1 1"], new AbortController().signal);
  opened.close();
  expect(outcome).toEqual({ kind: "stored" });
  expect(database.heads).toEqual([
    { url: "/write?db=b-1&precision=ns", authorization: "Token abc==" },
  ]);
});

const notParsed = JSON.stringify({
  code: "invalid",
  message: "unable to parse 'samples value=': missing field value",
});

function partial(why: string): string {
  return JSON.stringify({
    code: "unprocessable entity",
    message: `failure writing points to database: partial write: ${why}`,
  });
}

test("who never grants a time to wait, or misses what was made, is not asked without end", async () => {
  const missing = '{"error":"database not found: \\"sluicegate\\""}';
  const atOnce = answer(503, "", { "retry-after": "0" });
  const gone = answer(404, missing);
  const scripted = await scriptedDatabase([atOnce, atOnce, gone, gone, gone, answer(204)]);
  const waits: number[] = [];
  const clock = instead(systemClock, {
    setTimer(delayMs, run) {
      if (delayMs === options.timeout) return systemClock.setTimer(delayMs, run);
      waits.push(delayMs);
      return systemClock.setTimer(0, run);
    },
  });
  const options = historianOptions.parse({ url: scripted.url });
  const secrets = { password: undefined, token: undefined, ca: undefined };
  const database = openDatabase(options, secrets, clock);
  onTestFinished(() => database.close());
  let made = 0;
  const stored = await storePoints(["samples value=1 1"], new AbortController().signal, {
    ...{ database, clock, logger: silentLogger, random: () => 0.9 },
    health: new DatabaseHealth(clock, silentLogger),
    prepare: async () => {
      made += 1;
    },
  });
  expect(stored).toEqual({ refused: [], expired: 0 });
  expect(made).toBe(3);
  expect(waits).toHaveLength(4);
  expect(waits.every((ms) => ms > 100)).toBe(true);
});
