import { expect, test } from "vitest";
import { fuzzMessages } from "./fuzz-messages.ts";

test("20,000 damaged messages over all profiles and codecs throw nothing and give events that travel", () => {
  const seed = String(Math.random());
  const report = fuzzMessages(seed, 20_000);
  expect({ seed, faults: report.faults }).toEqual({ seed, faults: [] });
  expect(report.kinds).toMatchObject({
    measurement: expect.any(Number),
    rejection: expect.any(Number),
  });
});
