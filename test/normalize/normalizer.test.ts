import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEvent, isMalformed } from "../../src/core/event-codec.ts";
import {
  eventIdOf,
  toDeviceId,
  toGatewayId,
  toRunId,
  toSeq,
  toSiteId,
} from "../../src/core/ids.ts";
import { noAttributes } from "../../src/core/message.ts";
import { createEventEncoder } from "../support/event-encoder.ts";
import {
  givenCatalog,
  givenMessage,
  givenNormalizer,
  givenProfile,
  givenReader,
  outcomeOf,
  receivedMs,
} from "./given.ts";

const status = [
  { topic: "plant/{device}/LWT", path: "state", online: ["on", "1"], offline: "off" },
];

function normalizer(differs: object = {}) {
  const catalog = givenCatalog({ profiles: [givenProfile({ status, ...differs })] });
  return givenNormalizer({
    catalog,
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 8,
  });
}

describe("a rejection", () => {
  test("keeps the payload as received and says what was expected", () => {
    const { event, recordClass, device } = givenReader()({ x: 1 });
    expect(event).toEqual({
      kind: "rejection",
      device: "acme-p1",
      timeMs: receivedMs,
      receivedMs,
      clock: "gateway",
      profile: "acme/probe@3",
      data: {
        code: "no-metric",
        reason: "none of the metrics of acme/probe@3 is in the message",
        topic: "plant/p1/data",
        payload: Buffer.from('{"x":1}').toString("base64"),
        profile: "acme/probe@3",
      },
    });
    expect(recordClass).toBe("rejection");
    expect(device?.id).toBe("acme-p1");
  });

  test("cuts a long payload and says so", () => {
    const { event } = normalizer()(givenMessage("nobody/knows", "123456789"), true);
    expect(event).toMatchObject({
      device: null,
      data: {
        code: "no-profile",
        truncated: true,
        payload: Buffer.from("12345678").toString("base64"),
      },
    });
  });

  test.each([
    ["{", "payload is not JSON"],
    ['{"t":1} ,', "payload is not JSON"],
    [Buffer.from([0x22, 0xff, 0x22]), "payload is not UTF-8"],
    [Buffer.alloc(2 ** 20 + 1, " "), "payload has more than 1048576 bytes"],
  ])("of %o says that it cannot be decoded", (payload, reason) => {
    expect(outcomeOf(givenReader()(payload))).toEqual({ code: "undecodable", reason });
  });

  test("of a payload without end of nesting comes back at once", () => {
    expect(outcomeOf(givenReader()("[".repeat(500_000)))).toMatchObject({ code: "undecodable" });
    const closed = "[".repeat(200_000) + "]".repeat(200_000);
    expect(outcomeOf(givenReader()(closed))).toMatchObject({ code: "undecodable" });
  });
});

test("what a broker had kept says so as every kind of event", () => {
  const normalize = normalizer();
  const kept = { attributes: { retained: true } } as const;
  for (const [topic, payload, kind] of [
    ["plant/p1/data", { t: 1 }, "measurement"],
    ["plant/p1/LWT", "on", "status"],
    ["plant/p1/data", "{", "rejection"],
    ["nobody/knows", "1", "rejection"],
  ] as const) {
    const { event } = normalize(givenMessage(topic, payload, kept), true);
    expect(event).toMatchObject({ kind, extensions: { retained: true } });
    expect(normalize(givenMessage(topic, payload), true).event.extensions).toBeUndefined();
  }
});

test("what an MQTT 5 publisher added is carried on, but for what it may not say in our name", () => {
  const normalize = normalizer();
  const user = [
    ["traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ["site", "b"],
    ["Not A Name", "x"],
    ["id", "x"],
    ["retained", "true"],
    ["misfits", "x"],
    ["constructor", "x"],
    ["long", "x".repeat(5_000)],
  ] as const;
  const properties = { contentType: "application/json", responseTopic: "r", user };
  for (const attributes of [{ properties }, { properties, retained: true }] as const) {
    const { event } = normalize(givenMessage("plant/p1/data", { t: 1 }, { attributes }), true);
    expect(event.extensions).toEqual({
      contenttype: "application/json",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      site: "b",
      constructor: "x",
      ...("retained" in attributes && { retained: true }),
    });
  }
  const none = { attributes: { properties: { responseTopic: "r" } } };
  const { event } = normalize(givenMessage("plant/p1/data", { t: 1 }, none), true);
  expect(event.extensions).toBeUndefined();
});

test("keys that would change every object change nothing", () => {
  const read = givenReader({ metrics: [{ name: "{key}", path: "**", type: "any" }] });
  read('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}}}');
  expect(Object.getOwnPropertyDescriptor(Object.prototype, "polluted")).toBeUndefined();
});

describe("identity", () => {
  const read = givenReader({ identity: { counter: "n", boot: "b" } });

  test("is equal for equal bytes and differs with counter, boot and payload", () => {
    const first = read('{"t":1,"n":7,"b":"x"}').identity;
    expect(first).toEqual(read('{"t":1,"n":7,"b":"x"}').identity);
    expect(first?.counter).toBe(7);
    const otherBoot = read('{"t":1,"n":7,"b":"y"}').identity;
    expect(otherBoot?.boot).not.toBe(first?.boot);
    expect(read('{"t":2,"n":7,"b":"x"}').identity?.hash).not.toBe(first?.hash);
  });

  test("has no boot where the device says nothing about it", () => {
    expect(read({ t: 1, n: 7 }).identity).toMatchObject({ counter: 7, boot: 0 });
  });

  test("is only there with a usable counter", () => {
    for (const n of ["7", -1, 1.5, 2 ** 53, null, undefined])
      expect(read({ t: 1, n }).identity).toBeUndefined();
    expect(givenReader()({ t: 1, n: 7 }).identity).toBeUndefined();
  });

  test("hashes as CRC-32 does", () => {
    const text = '{"t":1,"n":7}';
    let crc = 0xffffffff;
    for (const byte of Buffer.from(text)) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    expect(read(text).identity?.hash).toBe((crc ^ 0xffffffff) >>> 0);
  });
});

describe("a status", () => {
  const normalize = normalizer({ alive: ["up"] });

  test.each([
    ["on", "online"],
    ["  off\n", "offline"],
    ['{"state":"off"}', "offline"],
    ['{"state":1}', "online"],
  ])("of %o is %s", (payload, state) => {
    const { event, recordClass } = normalize(givenMessage("plant/p1/LWT", payload), true);
    expect(event).toMatchObject({ kind: "status", device: "acme-p1", profile: "acme/probe@3" });
    expect(event.data).toMatchObject({ state, cause: "reported" });
    expect(recordClass).toBe("state");
  });

  test.each(["asleep", '{"state":{}}', " "])("cannot be read from %o", (payload) => {
    const { event } = normalize(givenMessage("plant/p1/LWT", payload), true);
    expect(event).toMatchObject({
      kind: "rejection",
      device: "acme-p1",
      data: { code: "bad-value" },
    });
  });

  test("is offline for a last will, whatever it says", () => {
    const will = givenMessage("plant/p1/LWT", "farewell", { attributes: { will: true } });
    expect(normalize(will, true).event.data).toEqual({
      state: "offline",
      cause: "will",
      text: "farewell",
    });
  });

  test("from a last will says so", () => {
    const will = givenMessage("plant/p1/LWT", "off", { attributes: { will: true }, client: "c1" });
    expect(normalize(will, true).event.data).toEqual({
      state: "offline",
      cause: "will",
      client: "c1",
      text: "off",
    });
  });

  test("comes of a last will on any topic, with its text cut", () => {
    const will = givenMessage("nobody/knows", "x".repeat(300), {
      attributes: { will: true },
      client: "c1",
    });
    expect(normalize(will, true).event).toMatchObject({
      kind: "status",
      device: null,
      data: { state: "offline", cause: "will", client: "c1", text: "x".repeat(256) },
    });
    const data = givenMessage("plant/p1/data", { t: 1 }, { attributes: { will: true } });
    expect(normalize(data, true).event).toMatchObject({ kind: "status", device: "acme-p1" });
    const named = givenMessage("nobody/knows", "", {
      attributes: { will: true },
      device: toDeviceId("d5"),
    });
    expect(normalize(named, true).event).toMatchObject({ kind: "status", device: "d5" });
  });

  test("is all that comes of a message that only shows life", () => {
    const { event } = normalize(givenMessage("plant/p1/data", { up: 17 }), true);
    expect(event).toMatchObject({ kind: "status", data: { state: "online", cause: "reported" } });
    expect(event.data).not.toHaveProperty("text");
  });

  test("is unsynced while the gateway does not know the time", () => {
    expect(normalize(givenMessage("plant/p1/LWT", "on"), false).event.clock).toBe("unsynced");
  });
});

describe("a text payload", () => {
  const read = givenReader({
    codec: "text",
    match: { topic: "plant/{device}/data" },
    metrics: [{ name: "value", path: "$", type: "any" }],
  });

  test.each([
    ["21.5", 21.5],
    [" -3e2 ", -300],
    ["+.5", 0.5],
    ["0x10", "0x10"],
    ["1.2.3", "1.2.3"],
    ["ON", "ON"],
  ])("%o is %o", (payload, value) => {
    expect(outcomeOf(read(payload))).toEqual([["value", value]]);
  });
});

test("words of the topic name metrics", () => {
  const catalog = givenCatalog({
    profiles: [
      givenProfile({
        match: { topic: "{device}/sensor/{sensor}/state" },
        metrics: [{ name: "{sensor}_raw", path: "$" }],
      }),
    ],
  });
  const normalize = givenNormalizer({
    catalog,
    maxSkewMs: 0,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 0,
  });
  const { event, device } = normalize(givenMessage("mast/sensor/wind/state", "4.2"), true);
  expect(event).toMatchObject({ device: "acme-mast", data: [{ name: "wind_raw", value: 4.2 }] });
  expect(device?.id).toBe("acme-mast");
});

const encode = createEventEncoder({ site: toSiteId("s"), gateway: toGatewayId("g") });

test("any bytes on any topic give exactly one event that travels, where there are any", () => {
  const profile = givenProfile({
    time: { path: "at", format: "epoch_s" },
    identity: { counter: "n", boot: "b" },
    status,
    metrics: [
      { name: "t", path: "t", scale: 0.1, range: [-5, 5] },
      { name: "n", path: ["n", "at"], type: "any" },
      { name: "w", path: "*.t", type: "any" },
      { name: "{key}", path: "**", type: "any" },
    ],
  });
  const generic = givenProfile({
    profile: "sluicegate/generic",
    match: undefined,
    metrics: [{ name: "{key}", path: "**", type: "any" }],
  });
  const catalog = givenCatalog({ profiles: [profile, generic], generic: true });
  const normalize = givenNormalizer({
    catalog,
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 64,
  });
  const topic = fc.oneof(
    fc.constantFrom("plant/p1/data", "plant/p1/LWT", "plant//data", "a/b"),
    fc.string({ unit: "binary", maxLength: 150 }),
  );
  const fields = fc.dictionary(
    fc.constantFrom("t", "n", "b", "at", "state", "__proto__", "constructor", ""),
    fc.oneof(fc.jsonValue(), fc.double(), fc.constantFrom(1e300, -1e15, 2 ** 53, "\ud800")),
  );
  const payload = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 64 }),
    fc.json().map((text) => Buffer.from(text)),
    fields.map((value) => Buffer.from(JSON.stringify(value))),
  );
  fc.assert(
    fc.property(topic, payload, fc.boolean(), fc.boolean(), (name, bytes, will, synced) => {
      const attributes = will ? { will } : noAttributes;
      const { event } = normalize(givenMessage(name, bytes, { attributes }), synced);
      expect(["measurement", "status", "rejection"]).toContain(event.kind);
      const id = eventIdOf(toGatewayId("g"), toRunId("aaaaaaaa"), toSeq(1));
      const decoded = decodeEvent(encode(event, id));
      if (isMalformed(decoded)) throw new Error(decoded.malformed);
      expect(decoded).toMatchObject({ kind: event.kind, device: event.device, receivedMs });
    }),
    { numRuns: 2_000 },
  );
});

describe("a message that several profiles may read", () => {
  const words = givenProfile({
    profile: "esp/node",
    match: { topic: "{device}/sensor/{sensor}/state" },
    metrics: [{ name: "{sensor}", path: "$" }],
    status: [{ topic: "{device}/status", online: "online", offline: "offline" }],
  });
  const generic = givenProfile({
    profile: "sluicegate/generic",
    match: undefined,
    metrics: [{ name: "{key}", path: "**", type: "any" }],
  });
  const text = givenProfile({
    profile: "acme/words",
    match: { topic: "{plant}/{device}/data" },
    codec: "text",
    metrics: [{ name: "word", path: "$", type: "any" }],
  });

  function read(topic: string, payload: unknown, profiles = [words, generic, text]) {
    const catalog = givenCatalog({ profiles: [givenProfile(), ...profiles], generic: true });
    const normalize = givenNormalizer({ catalog, maxSkewMs: 0, maxAgeMs: 0, maxRejectedBytes: 64 });
    const bytes = typeof payload === "string" ? payload : JSON.stringify(payload);
    return normalize(givenMessage(topic, bytes), true);
  }

  test("goes to the next where its status is none of the words of the first", () => {
    const { event } = read("solaredge/status", { power: 1200.5, state: "producing" });
    expect(event).toMatchObject({ kind: "measurement", profile: "sluicegate/generic@3" });
    expect(read("mast/status", "online").event).toMatchObject({ kind: "status" });
  });

  test("goes to the next where the codec of the first cannot read it", () => {
    expect(read("plant/p1/data", "warm").event).toMatchObject({
      kind: "measurement",
      profile: "acme/words@3",
      data: [{ name: "word", value: "warm" }],
    });
  });

  test("that is damaged is no news of another device", () => {
    const anything = givenProfile({
      profile: "sluicegate/generic",
      match: undefined,
      codec: "json-or-text",
      metrics: [{ name: "{key}", path: "**", type: "any" }],
    });
    expect(read("plant/p1/data", "warm", [anything]).event).toMatchObject({
      kind: "rejection",
      device: "acme-p1",
      data: { code: "undecodable" },
    });
    expect(read("elsewhere", "on", [anything]).event).toMatchObject({ kind: "measurement" });
  });

  test("is refused with the words of the first where nobody reads it", () => {
    const { event } = read("mast/status", "weird");
    expect(event).toMatchObject({
      kind: "rejection",
      device: "esp-mast",
      data: { profile: "esp/node@3", reason: '"weird" is not one of online, offline' },
    });
    expect(read("plant/p1/data", { x: 1 }).event).toMatchObject({ data: { code: "no-metric" } });
  });
});
