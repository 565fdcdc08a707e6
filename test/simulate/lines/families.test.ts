/** What simulated devices say, read by the profiles that users have, is what they measured. */
import { describe, expect, it } from "vitest";
import type { GatewayEvent } from "../../../src/core/event.ts";
import { talkers } from "../../../src/simulate/lines/families.ts";
import type { LineFamily, LineFrame } from "../../../src/simulate/lines/line-family.ts";
import { wellBehaved } from "../../../src/simulate/lines/misbehavior.ts";
import { spoken } from "../../../src/simulate/lines/voice.ts";
import { createSeededRandom } from "../../../src/simulate/seeded-random.ts";
import { loadProfile } from "../../devices/load-profile.ts";
import {
  eventsOf,
  givenCatalog,
  givenDevice,
  givenMessage,
  givenNormalizer,
} from "../../normalize/given.ts";
import { ManualClock } from "../../support/manual-clock.ts";

const readings = 60;

/** The frames of some readings, without a line in between. */
async function framesOf(family: LineFamily): Promise<readonly LineFrame[]> {
  const clock = new ManualClock();
  const frames: LineFrame[] = [];
  let number = 0;
  const device = family.open(
    { write: (frame) => frames.push(frame), onData: () => {} },
    {
      clock,
      random: createSeededRandom("1"),
      everyMs: 1_000,
      goesWrong: () => false,
      nextNumber: () => {
        number += 1;
        return number;
      },
    },
  );
  for (let at = 0; at < readings; at += 1) await clock.advance(1_000);
  device.off();
  return frames;
}

function givenFamily(family: LineFamily) {
  const { told } = family;
  if (told === undefined) throw new Error(`${family.name} tells no readings`);
  const profile = loadProfile(`${told.profile}.yaml`);
  const device = givenDevice({ id: "d1", profile: told.profile, topic: "serial/d1" });
  const normalize = givenNormalizer({
    catalog: givenCatalog({ profiles: [profile], devices: [device] }),
    maxSkewMs: 300_000,
    maxAgeMs: 30 * 86_400_000,
    maxRejectedBytes: 100,
  });
  const read = (bytes: Uint8Array): readonly GatewayEvent[] =>
    eventsOf(normalize(givenMessage("serial/d1", bytes), true)).map(({ event }) => event);
  return { told, read };
}

describe.each(talkers.map((family) => [family.name, family] as const))("%s", (_, family) => {
  it("says what its profile reads, value for value", async () => {
    const { read, told } = givenFamily(family);
    const numbers = new Set<number>();
    for (const { bytes, number } of await framesOf(family)) {
      const events = read(bytes);
      const values: Readonly<Record<string, unknown>> = told.values(number ?? 0);
      for (const event of events) {
        if (event.kind === "rejection" && family.name === "ve-direct") continue;
        expect(event.kind).not.toBe("rejection");
        if (event.kind !== "measurement") continue;
        for (const { name, value } of event.data) {
          if (Object.hasOwn(values, name)) expect([name, value]).toEqual([name, values[name]]);
          if (name === told.counter.metric) numbers.add(told.counter.numberOf(Number(value)));
        }
      }
    }
    expect([...numbers]).toEqual(Array.from({ length: readings }, (__, at) => at + 1));
  });

  it("is not read where its checksum is wrong", async () => {
    const { read } = givenFamily(family);
    const random = createSeededRandom("2");
    for (const frame of await framesOf(family)) {
      if (frame.checksumAt === undefined) continue;
      const { bytes, fate } = spoken(frame, { ...wellBehaved, wrongChecksum: 1 }, random);
      expect(fate).toBe("wrong-checksum");
      for (const event of read(bytes ?? frame.bytes)) expect(event.kind).toBe("rejection");
    }
  });
});
