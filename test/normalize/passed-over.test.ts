import { expect, test } from "vitest";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { givenCatalog, givenMessage, givenProfile } from "./given.ts";

const limits = { maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 100 };
const status = [{ topic: "plant/{device}/LWT", online: "on", offline: ["off", ""] }];

function normalizerOf(differs: object = {}) {
  const catalog = givenCatalog({ profiles: [givenProfile(differs)] });
  return createNormalizer({ catalog, ...limits });
}

test("an empty message is passed over on any topic, since it only takes back what was retained", () => {
  const normalize = normalizerOf({ codec: "text" });
  for (const topic of ["plant/p1/data", "nobody/knows", "a//b"])
    expect(normalize(givenMessage(topic, ""), true)).toEqual({ passedOver: "cleared" });
});

test("an empty status is one where the profile lists it, and an empty will always", () => {
  const listed = normalizerOf({ status });
  expect(listed(givenMessage("plant/p1/LWT", ""), true)).toMatchObject({
    event: { kind: "status", data: { state: "offline", cause: "reported" } },
  });
  const words = normalizerOf({ status: [{ ...status[0], offline: "off" }] });
  expect(words(givenMessage("plant/p1/LWT", ""), true)).toEqual({ passedOver: "cleared" });
  const will = { attributes: { will: true } } as const;
  expect(words(givenMessage("plant/p1/LWT", "", will), true)).toMatchObject({
    event: { kind: "status", data: { state: "offline", cause: "will" } },
  });
});

test("a message of an ignored topic is passed over unread, with who says so", () => {
  const normalize = normalizerOf({ ignore: ["plant/+/log/#"] });
  const first = normalize(givenMessage("plant/p1/log/debug", "{"), true);
  expect(first).toEqual({
    passedOver: "ignored",
    by: "acme/probe",
    filter: "plant/+/log/#",
  });
  expect(normalize(givenMessage("plant/p1/log/debug", "}"), true)).toBe(first);
});

test("of a message that was too large the beginning is kept, with topic, size and limit", () => {
  const cut = { bytes: 434_136, limit: "max_packet", atMost: 262_144 };
  const message = givenMessage("plant/p1/data", '{"t":1}', { attributes: { cut } });
  expect(normalizerOf()(message, true)).toMatchObject({
    device: { id: "acme-p1" },
    event: {
      kind: "rejection",
      data: {
        code: "undecodable",
        topic: "plant/p1/data",
        reason:
          "the message has 434136 bytes, and max_packet allows 262144; raise it, or ignore the topic",
        truncated: true,
      },
    },
  });
});

test("a payload over the limit of its profile is not looked into, and told of with both sizes", () => {
  const normalize = normalizerOf({ limits: { max_payload: 16 } });
  expect(normalize(givenMessage("plant/p1/data", { t: 1 }), true)).toMatchObject({
    event: { kind: "measurement" },
  });
  expect(normalize(givenMessage("plant/p1/data", { t: 1, x: "xxxxxxxxx" }), true)).toMatchObject({
    device: { id: "acme-p1" },
    event: {
      data: {
        code: "undecodable",
        reason: "payload has 23 bytes, and max_payload of acme/probe@3 allows 16",
      },
    },
  });
});
