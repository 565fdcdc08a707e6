import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkAgainstRules } from "../../../src/rules/trial/judge-trials.ts";
import { parseTrials } from "../../../src/rules/trial/trial-schema.ts";
import { judged, trialFile, trialRules, warm } from "./trials.ts";

const rules = trialRules([warm]);
const warmHour = { device: "d", metric: "t", step: "1m", values: "-18x5 -10x60 -18x20" };
const outage = { gateway: "gw1", from: "8m", to: "68m" };

describe("tests of rules", () => {
  it("hold where exactly what is expected comes, at its own time through an outage", () => {
    const expected = [
      { alert: "Warm", device: "d", state: "firing", at: "15m", late: true, severity: "warning" },
      { alert: "g/Warm", state: "ended", at: "70m", late: false, labels: { gateway: "gw1" } },
    ];
    const file = trialFile({
      tests: [{ name: "a", input: [warmHour], outages: [outage], expect: expected }],
    });
    expect(judged(file, rules)).toEqual([[]]);
  });

  it("say what differs: another time, another field, what is missing and what is too much", () => {
    const test = (name: string, expect: readonly object[]) => ({ name, input: [warmHour], expect });
    const file = trialFile({
      tests: [
        test("time", [
          { alert: "Warm", device: "d", state: "firing", at: "14m" },
          { alert: "Warm", device: "d", state: "ended", at: "70m", value: -17 },
        ]),
        test("too much", []),
        test("missing", [
          { alert: "Warm", state: "firing", at: "15m" },
          { alert: "Warm", state: "firing", at: "20m" },
          { alert: "Warm", state: "ended", at: "70m", late: true, severity: "critical" },
        ]),
      ],
    });
    expect(judged(file, rules)).toEqual([
      ["Warm d firing at 14m: it is at 15m", "Warm d ended at 70m: value is -18, not -17"],
      [
        "Warm d firing at 15m (warning, for_elapsed, -10) is not expected",
        "Warm d ended at 70m (warning, normal, -18) is not expected",
      ],
      [
        "Warm firing at 20m does not come",
        "Warm ended at 70m: late is false, not true, severity is warning, not critical",
      ],
    ]);
  });

  it("know several gateways, of which one restarts and one falls silent for good", () => {
    const two = trialRules([warm], ["DeviceSilent", "GatewayOffline"]);
    const steady = { metric: "t", step: "1m", values: "-18x30" };
    const file = trialFile({
      reserved: ["DeviceSilent", "GatewayOffline"],
      devices: {
        a: { interval: "1m" },
        b: { interval: "1m", gateway: "gw2" },
        c: { interval: "1m", gateway: "gw2" },
      },
      tests: [
        {
          name: "restart",
          input: [
            { ...steady, device: "a" },
            { ...steady, device: "b" },
            { ...steady, device: "c", values: "-18x5 _x25" },
          ],
          restarts: [{ gateway: "gw2", at: "10m", for: "5m" }],
          expect: [
            { alert: "DeviceSilent", device: "c", state: "firing", at: "7m" },
            { alert: "GatewayOffline", state: "firing", at: "655s", labels: { gateway: "gw2" } },
            { alert: "GatewayOffline", state: "ended", at: "15m", labels: { gateway: "gw2" } },
          ],
        },
      ],
    });
    expect(judged(file, two)).toEqual([[]]);
  });

  it("judge the examples that others give of such tests as they do", () => {
    const below = (metric: string, limit: number, more: object) => ({
      ...{ select: { metric }, condition: { threshold: { below: limit } }, severity: "critical" },
      ...more,
    });
    const input = (device: string, metric: string, values: string) => [
      { device, metric, step: "1m", values },
    ];
    const examples = trialRules([
      below("up", 1, { alert: "InstanceDown", for: "5m" }),
      below("up", 1, { alert: "AnotherInstanceDown", for: "10m" }),
      below("foo", 1, { alert: "Foo", for: "1m" }),
    ]);
    const down = { alert: "InstanceDown", state: "firing", at: "5m" };
    const file = trialFile({
      devices: { d: { interval: "1m" } },
      tests: [
        {
          name: "a series of zeros",
          input: input("d", "up", "0x15"),
          expect: [down, { alert: "AnotherInstanceDown", state: "firing", at: "10m" }],
        },
        {
          name: "asked for behind the last sample: what nobody sends does not go on",
          input: input("d", "up", "0x6"),
          until: "20m",
          expect: [down],
        },
        {
          name: "decimals",
          input: input("d", "foo", "1 1 1 0.1 0.1 0.1 0.1"),
          expect: [{ alert: "Foo", state: "firing", at: "4m", value: 0.1 }],
        },
      ],
    });
    expect(judged(file, examples)).toEqual([[], [], []]);
  });

  it("find out a test whose names nobody knows, or that is over before what it expects", () => {
    const file = trialFile({
      tests: [
        {
          name: "a",
          input: [{ ...warmHour, metric: "temp" }],
          expect: [
            { alert: "Wram", state: "firing", at: "15m" },
            { alert: "Warm", state: "ended", at: "2h" },
          ],
        },
      ],
    });
    expect(
      checkAgainstRules(file, rules).map(({ hint, message }) => `${message}; ${hint}`),
    ).toEqual([
      'no rule of these files is "Wram"; did you mean Warm?',
      "the test is over at 85m; write until: 2h, or more samples",
      'no rule of these files looks at "temp"; known: t',
    ]);
  });

  it("are refused with every fault at its place", () => {
    const parsed = parseTrials({
      rule_files: ["r.yaml"],
      devices: { d: {} },
      tests: [
        { name: "a", input: [{ ...warmHour, device: "e", values: "1..2" }], expect: [] },
        { name: "a", same_as: "b", expect: [] },
        { name: "c", outages: [{ gateway: "gw2", from: "8m", to: "2m" }] },
      ],
    });
    expect(
      parsed.ok ? [] : parsed.faults.map(({ path, message }) => [path.join("."), message]),
    ).toEqual([
      ["tests.0.input.0.values", '"1..2" is no sample'],
      ["tests.2.outages.0.to", "is not behind from"],
    ]);
    const names = parseTrials({
      rule_files: ["r.yaml"],
      devices: { d: {} },
      tests: [
        { name: "a", input: [{ ...warmHour, device: "e" }], expect: [] },
        { name: "a", same_as: "b", expect: [] },
        { name: "c", outages: [{ ...outage, gateway: "gw2" }] },
        {
          name: "d",
          input: [warmHour],
          expect: [{ alert: "Warm", device: "gw1", state: "firing", at: "1m" }],
        },
      ],
    });
    expect(
      names.ok ? [] : names.faults.map(({ path, message }) => [path.join("."), message]),
    ).toEqual([
      ["tests.0.input.0.device", 'there is no device "e"'],
      ["tests.1.name", '"a" is there twice'],
      ["tests.1.expect", "expect is that of the test in same_as"],
      ["tests.1.same_as", 'there is no test "b"'],
      ["tests.2", "says no input"],
      ["tests.2", "says not what to expect"],
      ["tests.2.outages.0.gateway", 'there is no gateway "gw2"'],
      ["tests.3.expect.0.device", "gw1 is a gateway"],
    ]);
  });

  it("end the same when the engine is cut off behind every message", () => {
    const word = fc.constantFrom("-18x4", "-10x7", "_x3", "-12!badx2", "-18..-8/5", "-14");
    const span = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 3, maxLength: 8 }),
        fc.constantFrom("keep", "resolve", "fire"),
        span,
        span,
        (words, missing, [down, downFor], [dead, deadFor]) => {
          const all = trialRules(
            [
              { ...warm, for: "3m", keep_firing_for: "2m", on_missing: missing },
              { ...warm, alert: "Silent", condition: { absent: { longer_than: "4m" } }, for: "0s" },
            ],
            ["DeviceSilent", "GatewayOffline", "QualityBad"],
          );
          const file = trialFile({
            tests: [
              {
                name: "a",
                input: [{ ...warmHour, values: words.join(" ") }],
                outages: [{ gateway: "gw1", from: `${down}m`, to: `${down + downFor}m` }],
                restarts: [{ gateway: "gw1", at: `${dead}m`, for: `${deadFor}s` }],
                expect: [],
              },
              { name: "b", same_as: "a", restart: "every_message" },
            ],
          });
          expect(judged(file, all)[1]).toEqual([]);
        },
      ),
      { numRuns: 15 },
    );
  });
});
