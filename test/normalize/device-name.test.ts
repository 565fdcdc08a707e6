import fc from "fast-check";
import { expect, test } from "vitest";
import { nameDevice, sayNaming } from "../../src/normalize/topics/device-name.ts";

const word = fc.string({ unit: fc.constantFrom("a", "b", "-", "="), maxLength: 5 });
const family = fc.constantFrom("a", "b", "ab");

function nameOf(name: string, device: string, ...before: readonly string[]): string {
  const words = before.map((_, at) => `w${at}`);
  const captures = new Map(before.map((text, at) => [`w${at}`, text]));
  return nameDevice({ family: name, words }, captures.set("device", device));
}

test("a device is called after its family and what its topic says", () => {
  expect(nameOf("tasmota", "kitchen")).toBe("tasmota-kitchen");
  expect(nameOf("tts", "sensor-1", "app1")).toBe("tts-app1-sensor-1");
  expect(sayNaming({ family: "tts", words: ["application"] })).toBe("tts-{application}-{device}");
});

test("two devices have two names, whatever hyphens theirs have", () => {
  expect(nameOf("tts", "c", "a-b")).not.toBe(nameOf("tts", "b-c", "a"));
  expect(nameOf("tts", "-b", "a")).not.toBe(nameOf("tts", "b", "a-"));
  fc.assert(
    fc.property(family, word, word, word, family, word, word, word, (f, a, b, c, g, x, y, z) => {
      const isSame = f === g && a === x && b === y && c === z;
      expect(nameOf(f, c, a, b) === nameOf(g, z, x, y)).toBe(isSame);
      expect(nameOf(f, c, a) === nameOf(g, z, x)).toBe(f === g && a === x && c === z);
      expect(nameOf(f, c) === nameOf(g, z)).toBe(f === g && c === z);
    }),
    { numRuns: 2_000 },
  );
});
