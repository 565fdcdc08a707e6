import { expect, test } from "vitest";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { eventsOf, givenCatalog, givenMessage, receivedMs } from "../normalize/given.ts";
import { samplesOfCodecs } from "./codec-samples.ts";
import { faultIn } from "./fuzz-messages.ts";
import { hostilePayloads } from "./hostile-payloads.ts";

const samples = samplesOfCodecs();
const normalize = createNormalizer({
  catalog: givenCatalog({ profiles: samples.map(({ profile }) => profile) }),
  ...{ maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 4_096 },
});

/** What came of a payload that must not be: undefined where all is well. */
function anomalyOf(topic: string, payload: Uint8Array): string | undefined {
  let storedBytes = 0;
  try {
    const normalized = normalize(givenMessage(topic, payload, { receivedMs }), true);
    if (normalized.passedOver !== undefined) return undefined;
    for (const one of eventsOf(normalized)) {
      storedBytes += JSON.stringify(one.event).length;
      const fault = faultIn(one);
      if (fault !== undefined) return fault.slice(0, 200);
    }
  } catch (thrown) {
    return `throws ${thrown}`;
  }
  if (storedBytes > 64 * payload.length + 65_536) return `${storedBytes} bytes are stored`;
  return Object.hasOwn(Object.prototype, "polluted") ? "a prototype grew" : undefined;
}

test.each(Object.entries(hostilePayloads))("%s harms no decoder", (_, payload) => {
  const anomalies = samples.flatMap(({ profile, sample }) => {
    const anomaly = anomalyOf(sample.topic, payload);
    return anomaly === undefined ? [] : [`${profile.codec.name}: ${anomaly}`];
  });
  expect(anomalies).toEqual([]);
});

test("they are no fewer than two hundred cases over every codec there is", () => {
  expect(samples.length * Object.keys(hostilePayloads).length).toBeGreaterThan(200);
});
