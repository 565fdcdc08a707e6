import { describe, expect, test } from "vitest";
import { partsOf } from "../../src/bridge/cloud-event.ts";
import { missedIn } from "../../src/bridge/event-letter.ts";
import { headerValue } from "../../src/bridge/http-link.ts";
import { judgeHttp } from "../../src/bridge/judge-http.ts";
import { judgeAck } from "../../src/bridge/mqtt-reasons.ts";
import { bridgeOptions } from "../../src/bridge/options.ts";
import { parseSkipped } from "../../src/bridge/skipped-letters.ts";
import { toRunId, toSeq } from "../../src/core/ids.ts";

describe("a CloudEvent that is taken apart", () => {
  test("gives its data as they are written, and numbers as they are", () => {
    const event =
      '{"id":"a","n":1,"datacontenttype":"application/json","data":[1e400,9007199254740993]}';
    expect(partsOf(event)).toEqual({
      attributes: [
        ["id", "a"],
        ["n", "1"],
      ],
      contentType: "application/json",
      data: "[1e400,9007199254740993]",
    });
  });

  test.each([
    ['{"data":{"a":1},"id":"x"}', '{"a":1}'],
    ['{ "id": "x", "data": 5 }', "5"],
    ['{"id":"x","data":{"a":1},"type":"t"}', '{"a":1}'],
    ['{"id":"x,\\"data\\":7","data":{"b":",\\"data\\":8"}}', '{"b":",\\"data\\":8"}'],
    ['{"id":"x"}', "null"],
  ])("finds the data wherever they stand: %s", (event, data) => {
    expect(JSON.parse(partsOf(event).data)).toEqual(JSON.parse(data));
  });

  test("leaves out what is named as no attribute is: no header of a stranger's making", () => {
    const event = '{"id":"x","a b":1,"A":2,"evil\\r\\nx":3,"nested":{"a":1},"data":1}';
    expect(partsOf(event).attributes).toEqual([["id", "x"]]);
  });
});

describe("a header of HTTP", () => {
  test.each([
    ["plain-~!#$&'()*", "plain-~!#$&'()*"],
    ['a "b" 100%', "a%20%22b%22%20100%25"],
    ["ü€😀", "%C3%BC%E2%82%AC%F0%9F%98%80"],
    ["a\r\nb\0", "a%0D%0Ab%00"],
  ])("has %s as %s", (text, encoded) => {
    expect(headerValue(text)).toBe(encoded);
  });
});

describe("an answer", () => {
  const answered = (status: number, retryAfter?: string) =>
    judgeHttp({ status, retryAfter, body: "" }, 0);

  test.each([200, 202, 204, 299])("%i is taken", (status) => {
    expect(answered(status).kind).toBe("taken");
  });
  test.each([400, 406, 409, 413, 415, 418, 422, 431])("%i is refused for ever", (status) => {
    expect(answered(status).kind).toBe("refused");
  });
  test.each([408, 425, 429, 500, 502, 503, 504])("%i is tried again", (status) => {
    expect(answered(status, "7")).toMatchObject({
      kind: "trouble",
      needsPeople: false,
      restMs: 7_000,
    });
  });
  test.each([301, 401, 403, 404, 407])("%i is for people to look at", (status) => {
    expect(answered(status)).toMatchObject({ kind: "trouble", needsPeople: true });
  });

  test.each([
    [0, "taken"],
    [16, "taken"],
    [131, "trouble"],
    [135, "trouble"],
    [144, "refused"],
    [149, "refused"],
    [151, "trouble"],
    [153, "refused"],
  ])("of a broker with code %i means %s", (code, kind) => {
    expect(judgeAck(code, undefined).kind).toBe(kind);
  });
});

describe("events that nobody can carry any more", () => {
  const at = (run: string, seq: number) => ({ run: toRunId(run), seq: toSeq(seq) });
  test.each([
    [at("aaaaaaaa", 5), at("aaaaaaaa", 13), 7],
    [at("aaaaaaaa", 5), at("bbbbbbbb", 8), 2],
    [at("aaaaaaaa", 50), at("bbbbbbbb", 4), 3],
  ])("are counted between the records around them", (after, before, events) => {
    expect(missedIn({ after, before }).events).toBe(events);
  });
});

describe("targets in a configuration", () => {
  const http = { name: "hub", kind: "http", url: "https://example.com/x" };
  test.each([
    ["a user in the address", { ...http, url: "https://u:p@example.com/" }],
    ["a user without a password", { ...http, username: "u" }],
    [
      "a token beside a user",
      { ...http, username: "u", password: { env: "A" }, token: { env: "B" } },
    ],
    ["nothing to carry", { ...http, what: { kinds: [] } }],
    ["a certificate without a key", { ...http, tls: { cert: "a.pem" } }],
    ["a user in an address of AMQP", { name: "r", kind: "rabbitmq", url: "amqp://u:p@host" }],
    ["a topic with a wildcard", { name: "m", kind: "mqtt", url: "mqtt://host", topic: "a/#" }],
    ["a name that no key can have", { ...http, name: "a.b" }],
  ])("are refused with %s", (_, target) => {
    expect(bridgeOptions.safeParse([target]).success).toBe(false);
  });

  test("have names of their own", () => {
    expect(bridgeOptions.safeParse([http, { ...http, name: "two" }]).success).toBe(true);
    expect(bridgeOptions.safeParse([http, http]).success).toBe(false);
  });
});

test("what somebody else wrote in place of skipped events is none", () => {
  for (const value of [null, 1, { letters: 1 }, { letters: [1, [2], ["a"], [null, "b"]] }])
    expect(parseSkipped(value).size).toBe(0);
});
