/** The durable log against a model, over disks that crash at any moment. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyRing } from "../../src/buffer/encryption/key-ring.ts";
import { createSeededRandom } from "../../src/simulate/seeded-random.ts";
import { type LogAction, LogTrial, type LogTrialOptions } from "../support/log-trial.ts";
import type { DiskCall } from "../support/sim-disk.ts";

const action: fc.Arbitrary<LogAction> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      count: fc.integer({ min: 1, max: 12 }),
      bytes: fc.integer({ min: 1, max: 900 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("wait" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("read" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("confirm" as const),
      part: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(1_500, 700_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fail" as const),
      call: fc.constantFrom<DiskCall>("write", "sync", "create", "syncFolder", "unlink", "rename"),
      skip: fc.integer({ min: 0, max: 4 }),
      times: fc.integer({ min: 1, max: 5 }),
      code: fc.constant("EIO"),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("fill" as const),
      freeBytes: fc.integer({ min: 0, max: 9_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("crash" as const),
      calls: fc.integer({ min: 0, max: 30 }),
      during: fc.constantFrom("work" as const, "recovery" as const),
    }),
  },
);

const keys = new KeyRing(Buffer.alloc(32, "k"));

function trials(lyingSync: boolean, options: Partial<LogTrialOptions> = {}) {
  return fc.asyncProperty(
    fc.integer(),
    fc.array(action, { minLength: 5, maxLength: 60 }),
    async (seed, actions) => {
      const random = createSeededRandom(String(seed));
      await new LogTrial({ random, lyingSync, ...options }).run(actions);
    },
  );
}

describe("the durable log", () => {
  it("keeps or declares everything it promised, whenever the power goes", async () => {
    await fc.assert(trials(false), { numRuns: 150 });
  });

  it("keeps or declares everything it promised when its records are encrypted", async () => {
    await fc.assert(trials(false, { keys }), { numRuns: 60 });
  });

  it("is caught by this very check when the disk lies about its syncs", async () => {
    const found = await fc.check(trials(true), { numRuns: 50, endOnFailure: true });
    expect(found.failed).toBe(true);
  });
});
