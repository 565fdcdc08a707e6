import { expect, test } from "vitest";
import { createCatalog } from "../../src/normalize/create-catalog.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { createSensor, type Family, healthy } from "../../src/simulate/sensor.ts";
import { givenMessage, givenNormalizer } from "../normalize/given.ts";
import { loadProfile } from "./load-profile.ts";

const all: Family[] = ["freezer", "motor", "mast"];

test.each(all)("everything a simulated %s says is in its profile and good", (family) => {
  const profile = loadProfile(`sluicegate/sim-${family}.yaml`);
  const catalog = createCatalog({ profiles: [profile], devices: [], generic: false });
  if (!catalog.ok) throw new Error(JSON.stringify(catalog.faults));
  const normalize = givenNormalizer({
    catalog: catalog.value,
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 0,
  });
  const sensor = createSensor(family, createSeededRandom("profile"));
  for (let n = 1; n <= 200; n += 1) {
    const values = sensor(5_000, { doorOpen: n % 40 < 3, setPoint: -18 }, healthy);
    const ts = "2026-11-21T14:02:10.000Z";
    const { event, identity } = normalize(
      givenMessage(
        `sim/${family}/one/telemetry`,
        { n, boot: "b", ts, ...values },
        { receivedMs: Date.parse(ts) },
      ),
      true,
    );
    if (event.kind !== "measurement") throw new Error(JSON.stringify(event.data));
    expect(event.clock).toBe("device");
    expect(identity?.counter).toBe(n);
    const found = event.data.map(({ name, value, quality }) => [name, value, quality]);
    const sent = Object.entries({ n, ...values }).map(([name, value]) => [name, value, "good"]);
    expect(found.sort()).toEqual(sent.sort());
  }
});
