import { describe, expect, it } from "vitest";
import { compareFaults } from "../../../src/config/located-fault.ts";
import { loadSite } from "../../../src/config/site/load-site.ts";
import { freezerProfile, memorySite, siteText } from "../../support/memory-site.ts";

const doorProfile = freezerProfile
  .replaceAll("acme/fz-200", "acme/door")
  .replace("acme/{device}/state", "door/{device}/state")
  .replace("acme/f1/state", "door/f1/state")
  .replace("unit: Cel", "type: boolean")
  .replace("name: temperature", "name: open")
  .replace("t: -18", "t: true")
  .replace("temperature: -18", "open: true");

const site = `${siteText.replace(
  "acme/fz-200 }",
  'acme/fz-200, tags: { area: cold-store }, attrs: { max: "-15", min: -30 } }',
)}  - { id: door-1, profile: acme/door }\n`;

/** `file:line:column severity code hint` for one rule beside a configuration. */
async function check(rule: string, configuration = site): Promise<string[]> {
  const { faults } = await loadSite(
    "sluicegate.yaml",
    memorySite({
      "sluicegate.yaml": configuration,
      "/shipped/acme/door.yaml": doorProfile,
      "rules/cold.yaml": `version: 1\ngroups:\n  - name: cold\n    rules:\n      - { alert: A, ${rule} }\n`,
    }),
  );
  return faults
    .toSorted(compareFaults)
    .map(({ code, hint, severity = "error" }) => `${severity} ${code} ${hint}`);
}

const warm = "severity: warning, condition: { threshold: { above: 5 } }";

describe("a rule about names that nothing has", () => {
  it.each([
    ["a metric", `select: { metric: temperatur }, ${warm}`, "metric did you mean temperature?"],
    [
      "a metric of another profile",
      `select: { profile: acme/fz-200, metric: open }, severity: info, condition: { threshold: { equals: true } }`,
      "metric there is temperature",
    ],
    [
      "a metric that the device has not",
      `select: { device: door-1, metric: temperature }, ${warm}`,
      "metric there is open",
    ],
    [
      "a metric whose silence is watched",
      `select: { metric: temperature }, severity: info, condition: { absent: { longer_than: 5m, of: temprature } }`,
      "metric did you mean temperature?",
    ],
    [
      "a device",
      `select: { device: freezer-7, metric: temperature }, ${warm}`,
      "device did you mean freezer-07?",
    ],
    [
      "a pattern",
      `select: { device: freezr-*, metric: temperature }, ${warm}`,
      "device did you mean freezer-*?",
    ],
    [
      "a device without its family",
      `select: { device: kitchen, metric: temperature }, ${warm}`,
      "device there is freezer-07, door-1; one that is discovered is called <family>-kitchen",
    ],
    [
      "a site",
      `select: { site: plant-b, metric: temperature }, ${warm}`,
      "site did you mean plant-a?",
    ],
    [
      "a gateway",
      `select: { gateway: gw2, metric: temperature }, ${warm}`,
      "gateway did you mean gw1?",
    ],
    [
      "a tag",
      `select: { tags: { aria: x }, metric: temperature }, ${warm}`,
      "tag did you mean area?",
    ],
    [
      "the value of a tag",
      `select: { tags: { area: cold-stor }, metric: temperature }, ${warm}`,
      "tag did you mean cold-store?",
    ],
  ])("is warned of: %s", async (_, rule, expected) => {
    expect(await check(rule)).toEqual([`warning rule.unknown-${expected}`]);
  });

  it.each([
    ["an alert", `select: { metric: cold }, ${warm}`],
    [
      "an alert of a site",
      `per: site, select: { metric: cold }, severity: info, condition: { window: { agg: avg, over: 10m, above: 1 } }`,
    ],
    [
      "another series",
      `select: { metric: temperature }, ${warm} }\n      - { record: colder, select: { metric: cold }, agg: max, every: 1h`,
    ],
  ])("is warned of where it is a series of a gateway: %s", async (_, rule) => {
    const series = (per: string) =>
      check(
        `${rule} }\n      - { record: cold, per: ${per}, select: { metric: temperature }, agg: avg, every: 1m`,
      );
    expect(await series("gateway")).toEqual([
      "warning rule.unheard-series make the series per: device, and the rule that asks for it per: gateway",
    ]);
    expect(await series("device")).toEqual([]);
  });

  it("is looked at although something else in it is wrong, and in the configuration", async () => {
    const rule = `select: { metric: temperatur, device: freezer-7 }, for: 5, ${warm}`;
    expect(await check(rule, `${site}backbone: { servers: ["http://foo"] }\n`)).toEqual([
      "warning rule.unknown-metric did you mean temperature?",
      "warning rule.unknown-device did you mean freezer-07?",
      "error rule.wrong-type write 5m or 5s",
      expect.stringMatching(/^error config.bad-value write nats:/),
    ]);
  });

  it("is right at a hub, which describes no devices, about those of other sites", async () => {
    const rule = `select: { site: berlin, gateway: pump-house, device: pump-3, tags: { a: b }, metric: temperature }, ${warm}`;
    expect(await check(rule, "site: hub\ngateway: { id: hub-1 }\n")).toEqual([]);
  });

  it.each(["acme-kitchen", "acme-*", "ac*"])(
    "is right about %s, which may be discovered",
    async (device) => {
      expect(await check(`select: { device: "${device}", metric: temperature }, ${warm}`)).toEqual(
        [],
      );
    },
  );

  it("is right about names of every kind that are there", async () => {
    const rule = `select: { site: plant-*, gateway: gw1, device: [freezer-*, door-1], metric: temperature }, ${warm}`;
    expect(await check(rule)).toEqual([]);
  });
});

describe("a limit that no value can cross", () => {
  it.each([
    ["a number for true and false", "open", "above: 5", "write equals: true or equals: false"],
    ["a number that equals true", "open", "equals: 1", "write equals: true or equals: false"],
    ["text that equals true", "open", 'equals: "true"', "write equals: true or equals: false"],
    ["true for a number", "temperature", "equals: true", "compare it with a number"],
  ])("is an error: %s", async (_, metric, limit, hint) => {
    const rule = `select: { metric: ${metric} }, severity: info, condition: { threshold: { ${limit} } }`;
    expect(await check(rule)).toEqual([`error rule.wrong-limit ${hint}`]);
  });

  it("is an error in a level, too", async () => {
    const rule =
      "select: { metric: open }, condition: { threshold: { levels: [{ severity: info, above: 1 }] } }";
    expect(await check(rule)).toEqual([
      "error rule.wrong-limit write equals: true or equals: false",
    ]);
  });

  it("is an error at the device whose attribute is text", async () => {
    const limit = (attr: string) =>
      `select: { metric: temperature }, severity: info, condition: { threshold: { above: { attr: ${attr}, default: 3 } } }`;
    expect(await check(limit("max"))).toEqual([
      "error config.wrong-type write -15, without quotes",
    ]);
    expect(await check(limit("min"))).toEqual([]);
    expect(await check(limit("none"))).toEqual([]);
  });
});

describe("a hold that is shorter than for", () => {
  const cold = `select: { device: f1, metric: temperature }, ${warm}`;

  it("is a warning where the next sample comes later, or nobody knows when", async () => {
    const hint = "warning rule.hold-too-short leave hold out, or make it as long as for";
    expect(await check(`${cold}, for: 10m, hold: 5s`)).toContain(hint);
    const door = "severity: info, condition: { threshold: { equals: true } }";
    const open = `select: { device: door-1, metric: open }, ${door}, for: 10m`;
    expect(await check(`${open}, hold: 5s`)).toContain(hint);
    expect(await check(open)).not.toContain(hint);
    expect(await check(`${open}, hold: 10m`)).not.toContain(hint);
  });
});
