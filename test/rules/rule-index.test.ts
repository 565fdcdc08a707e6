import { describe, expect, test } from "vitest";
import { toDeviceId, toGatewayId, toSiteId } from "../../src/core/ids.ts";
import type { RuleDevice } from "../../src/rules/rule-device.ts";
import { RuleIndex } from "../../src/rules/rule-index.ts";
import { selectsDevice } from "../../src/rules/select.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { ruleSet } from "./gateway-script.ts";

const metrics = ["temperature", "temp", "door"];
const names = ["d", "d1", "d12", "door-1", "é1"];

function deviceWith(device: Partial<RuleDevice>): RuleDevice {
  return {
    site: toSiteId("plant-a"),
    gateway: toGatewayId("gw1"),
    device: toDeviceId("d1"),
    profile: "p",
    intervalMs: undefined,
    tags: {},
    attrs: {},
    metrics: new Set(["temperature"]),
    told: true,
    ...device,
  };
}

describe("the index of rules", () => {
  test("gives every rule that selects a device, in the order of the set", () => {
    const random = createSeededRandom("index");
    const oneOf = <T>(list: readonly [T, ...T[]]): T =>
      list[Math.floor(random() * list.length)] ?? list[0];
    const pattern = (): string => oneOf(["d1", "d*", "*", "d?", "?1", "d1*", "door-1", "é*", "p"]);
    const some = (): string | string[] => (random() < 0.3 ? [pattern(), pattern()] : pattern());
    for (let round = 0; round < 40; round += 1) {
      const rules = ruleSet(
        ...Array.from({ length: 30 }, (_, n) => ({
          alert: `R${n}`,
          select: {
            ...(random() < 0.5 && { device: some() }),
            ...(random() < 0.3 && { profile: some() }),
            ...(random() < 0.2 && { gateway: oneOf(["gw1", "gw*", "gw2"]) }),
            ...(random() < 0.2 && { site: oneOf(["plant-a", "*-a", "plant-b"]) }),
            ...(random() < 0.3 && { tags: { line: some() } }),
          },
          ...(random() < 0.5
            ? { condition: { absent: { longer_than: "1m", of: oneOf(["temp", "door"]) } } }
            : { condition: { absent: { longer_than: "1m" } } }),
          severity: "info",
        })),
      );
      const index = new RuleIndex(rules);
      for (const name of names) {
        const device = deviceWith({
          device: toDeviceId(name),
          profile: oneOf(["p", "d1", "d12"]),
          tags: random() < 0.5 ? { line: oneOf(["d1", "p", ""]) } : {},
          metrics: new Set(metrics.filter(() => random() < 0.5)),
        });
        const selects = ({ id }: { id: string }): boolean => {
          const rule = index.get(id);
          return rule !== undefined && selectsDevice(rule, device);
        };
        const found = [...index.candidates(device)].filter(selects);
        expect(found).toEqual(rules.rules.filter(selects));
      }
    }
  });

  test("finds as few rules for a device among a thousand as among ten", () => {
    const found = [10, 1_000].map((count) => {
      const rules = ruleSet(
        ...Array.from({ length: count }, (_, n) => ({
          alert: `R${n}`,
          select: {
            metric: "temperature",
            ...(n >= 10 && [{ device: `d${n}` }, { profile: `q${n}-*` }][n % 2]),
          },
          condition: { threshold: { above: n } },
          severity: "info",
        })),
      );
      return [...new RuleIndex(rules).candidates(deviceWith({}))].length;
    });
    expect(found).toEqual([10, 10]);
  });
});
