import { describe, expect, test } from "vitest";
import { checkExamples } from "../../src/normalize/check-examples.ts";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import { givenProfile, smallFile } from "./given.ts";

/** Path, message and hint of every fault. */
function faultsOf(differs: object): string[] {
  const checked = parseProfile({ ...smallFile, ...differs });
  if (checked.ok) return [];
  return checked.faults.map(({ path, message, hint }) =>
    [path.join("."), message, ...(hint ? [hint] : [])].join(" | "),
  );
}

const metric = { name: "t", path: "t" };

test("the smallest profile is one", () => {
  expect(givenProfile()).toMatchObject({ name: "acme/probe", version: 3, id: "acme/probe@3" });
});

test("anything else than a profile is a fault and never thrown", () => {
  for (const value of [undefined, null, 7, "x", [], {}]) expect(parseProfile(value).ok).toBe(false);
});

test.each([
  [{ profile: "Probe" }, "profile | a profile is named maker/model in lower case"],
  [
    { metrics: [{ ...metric, unit: "°C" }] },
    'metrics.0.unit | "°C" is not a SenML unit | did you mean Cel?',
  ],
  [
    { metrics: [{ ...metric, unit: "cel" }] },
    'metrics.0.unit | "cel" is not a SenML unit | did you mean Cel?',
  ],
  [
    { metrics: [{ ...metric, unit: "bar" }] },
    'metrics.0.unit | "bar" is not a SenML unit | write unit: hPa, from: bar',
  ],
  [
    { metrics: [{ ...metric, path: "a..b" }] },
    'metrics.0.path | "a..b" is not a path; write keys with dots between them',
  ],
  [
    { metrics: [{ ...metric, path: ["a", "b..c"] }] },
    'metrics.0.path.1 | "b..c" is not a path; write keys with dots between them',
  ],
  [
    { metrics: [{ ...metric, path: ["a", "*.b"] }] },
    "metrics.0.path | a path with a wildcard stands alone | write one metric for each",
  ],
  [
    { metrics: [{ ...metric, except: ["x"] }] },
    "metrics.0.except | only a path with a wildcard has exceptions",
  ],
  [
    { metrics: [{ ...metric, name: "{key}" }] },
    "metrics.0.name | {key} needs a path with a wildcard",
  ],
  [
    { metrics: [{ ...metric, name: "{room}_t" }] },
    "metrics.0.name | no topic of the profile has {room}",
  ],
  [
    { metrics: [metric, { ...metric, path: "x" }] },
    "metrics.1.name | an earlier metric is named t, too",
  ],
  [
    // It would never be looked for.
    {
      match: { topic: "{room}/{device}/data" },
      metrics: [metric, { ...metric, path: "x", where: { room: ["plant"] } }],
    },
    "metrics.1.name | an earlier metric is named t, too",
  ],
  [
    { metrics: [{ ...metric, range: [5, -5] }] },
    "metrics.0.range | the lowest good value comes first, then the highest",
  ],
  [{ metrics: [{ ...metric, scale: 0 }] }, "metrics.0.scale | a scale of 0 makes every value 0"],
  [
    { metrics: [{ ...metric, type: "boolean", scale: 2 }] },
    "metrics.0.scale | only a number as the device sends it has a scale",
  ],
  [
    { metrics: [{ ...metric, values: { on: true }, range: [0, 1] }] },
    "metrics.0.range | only a number as the device sends it has a range",
  ],
  [
    { match: { topic: "plant/+/data" } },
    'match.topic | "plant/+/data" is not a template; write {device} or another {word}, not + or #',
  ],
  [
    { match: { topic: ["plant/{device}", "plant"] } },
    'match.topic.1 | "plant" does not say where {device} stands',
  ],
  [
    { match: { topic: "{site...}/{device...}" } },
    'match.topic | "{site...}/{device...}": only one of {site...} and {device...} can be told apart',
  ],
  [
    { match: { topic: "plant/{device}-x" } },
    'match.topic | "{device}-x": a {word} fills the end of a level',
  ],
  [
    { match: { topic: "plant/{device}", device: "x" } },
    'match.device | "x" does not say how device ids begin | write the beginning and a * at the end',
  ],
  [{ family: "a-b" }, "family | a family is 1 to 32 letters and digits in lower case"],
  [
    { profile: "my-co/x", match: { topic: "plant/{device}" } },
    'profile | ids of devices cannot begin with "my-co": a family has letters and digits only | write family: myco',
  ],
  [
    { match: { topic: ["{app}/{device}", "x/{device}"] }, device: { prefix: "{app}-" } },
    'device.prefix | the topic "x/{device}" has no {app}',
  ],
  [
    { device: { prefix: "{app}" } },
    'device.prefix | "{app}" does not fit | write words of the topic with a hyphen behind each: "{application}-"',
  ],
  [
    { time: { path: "at", format: "epoch_s", zone: "utc" } },
    "time.zone | epoch_s counts from 1970 in UTC and has no zone",
  ],
  [
    { time: { path: "at", format: "rfc3339", zone: "Europe/Berln" } },
    'time.zone | "Europe/Berln" is not a zone | write utc, an offset as +02:00, a name as Europe/Berlin, or unknown',
  ],
  [{ identity: { counter: "*.n" } }, 'identity.counter | "*.n": only metrics have wildcards'],
  [
    { status: [{ topic: "a/{device}", online: "x", offline: ["y", "x"] }] },
    'status.0.offline | "x" means online, too',
  ],
  [
    { interval: "soon" },
    'interval | "soon" is not a duration | write a number and ms, s, m, h or d, such as 90s or 15m',
  ],
  [
    { examples: [{ topic: "a", payload: {}, payload_hex: "00", expect: { status: "online" } }] },
    "examples.0 | an example has payload or payload_hex, not both",
  ],
  [
    { examples: [{ topic: "a", expect: { status: "online" } }] },
    "examples.0 | an example needs a payload | write null for one that is null",
  ],
  [
    { examples: [{ topic: "a", payload_hex: "0g", expect: { status: "online" } }] },
    "examples.0.payload_hex | these are not the digits of bytes",
  ],
  [
    { examples: [{ topic: "a", payload: {}, expect: {} }] },
    "examples.0.expect | an example expects one of metrics, status, rejection and passed_over",
  ],
  [
    { examples: [{ topic: "a", payload: {}, expect: { status: "online", time: "now" } }] },
    'examples.0.expect.time | "now" is not a time | write it as 2026-11-21T14:02:10Z',
  ],
])("%j is a fault with its place and what to write", (differs, fault) => {
  expect(faultsOf(differs)).toEqual([fault]);
});

test("an unknown field is answered with the one that was meant", () => {
  expect(faultsOf({ metrics: [{ ...metric, unti: "Cel" }] })).toEqual([
    'metrics.0.unti | unknown field "unti" | did you mean unit?',
  ]);
});

test("all faults are found at once", () => {
  const metrics = [
    { ...metric, unit: "warm" },
    { ...metric, path: "a b" },
  ];
  expect(faultsOf({ metrics, interval: "5m" }).length).toBe(3);
});

describe("an example", () => {
  const check = (example: object) =>
    checkExamples(givenProfile({ examples: [{ topic: "plant/p1/data", ...example }] })).map(
      ({ path, message }) => `${path.join(".")} | ${message}`,
    );

  test.each([
    [
      { payload: { t: 2 }, expect: { metrics: { temperature: 1 } } },
      "examples.0.expect.metrics.temperature | expected 1 (any unit, good), found 2 (Cel, good)",
    ],
    [
      { payload: { t: 1 }, expect: { metrics: { temperature: { value: 1, unit: "K" } } } },
      "examples.0.expect.metrics.temperature | expected 1 (K, good), found 1 (Cel, good)",
    ],
    [
      { payload: { t: 1 }, expect: { metrics: { temperature: { value: 1, quality: "bad" } } } },
      "examples.0.expect.metrics.temperature | expected 1 (any unit, bad), found 1 (Cel, good)",
    ],
    [
      { payload: { t: 1 }, expect: { metrics: {} } },
      "examples.0.expect.metrics | found temperature = 1 (Cel, good), too",
    ],
    [
      { payload: { t: 1 }, expect: { metrics: { temperature: 1, h: 2 } } },
      "examples.0.expect.metrics.h | expected the metric h, found temperature",
    ],
    [
      { payload: { t: 1 }, expect: { device: "p2", metrics: { temperature: 1 } } },
      "examples.0.expect.device | expected device p2, found acme-p1",
    ],
    [
      { payload: { t: 1 }, expect: { clock: "device", metrics: { temperature: 1 } } },
      "examples.0.expect.clock | expected clock device, found gateway",
    ],
    [
      { payload: { t: 1 }, expect: { counter: 1, metrics: { temperature: 1 } } },
      "examples.0.expect.counter | expected counter 1, found none",
    ],
    [
      { payload: { t: 1 }, expect: { time: "2026-11-21T14:02:10Z", metrics: { temperature: 1 } } },
      "examples.0.expect.time | expected time 2026-11-21T14:02:10.000Z, found 2030-01-01T00:00:00.000Z",
    ],
    [
      { payload: { t: 1 }, expect: { rejection: "bad-value" } },
      "examples.0.expect.rejection | expected a rejection, found a measurement",
    ],
    [
      { payload: "x", expect: { rejection: "bad-value" } },
      "examples.0.expect.rejection | expected rejection bad-value, found undecodable",
    ],
    [
      { payload: "x", expect: { metrics: { temperature: 1 } } },
      "examples.0.expect.metrics | expected a measurement, found a rejection undecodable: payload is not JSON",
    ],
  ])("%j that is not true is a fault at its place", (example, fault) => {
    expect(check(example)).toEqual([fault]);
  });

  test("that is true is none, with the id of the device or what its topic calls it", () => {
    for (const device of ["acme-p1", "p1"])
      expect(check({ payload: { t: 1 }, expect: { device, metrics: { temperature: 1 } } })).toEqual(
        [],
      );
  });

  test("of a profile without topics is read as that of a configured device", () => {
    const profile = givenProfile({ match: undefined });
    expect(checkExamples(profile)).toEqual([]);
  });
});
