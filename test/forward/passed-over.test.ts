import { expect, test } from "vitest";
import { createDrafter } from "../../src/core/event-draft.ts";
import { toSeq } from "../../src/core/ids.ts";
import { PassedOver } from "../../src/forward/passed-over.ts";
import { MemoryLog } from "../support/memory-log.ts";
import { origin } from "./rig.ts";

const draft = createDrafter(origin);

/** More would not be asked in time if each record were compared with each gap. */
const many = 60_000;

test("a log that declared records one by one is as quick to ask as one that declared none", async () => {
  const earlier = new MemoryLog(origin);
  for (let n = 0; n < many; n += 1) {
    const seq = toSeq(n * 2 + 1);
    const range = { run: earlier.run, from: seq, to: seq, count: 1 };
    const ranges = [{ ...range, class: "telemetry" as const, reason: "set-aside" }];
    const facts = { timeMs: 0, receivedMs: 0, clock: "gateway" } as const;
    earlier.append(draft({ ...facts, kind: "gap", device: null, data: { ranges } }));
  }
  const passedOver = new PassedOver(new MemoryLog(origin, "run00002", earlier));
  await passedOver.recall();
  const found = Array.from({ length: 4 * many }, (_, seq) => passedOver.has(toSeq(seq)));
  expect(found.filter(Boolean)).toHaveLength(many);
  expect([found[0], found[1], found[2], found[3]]).toEqual([false, true, false, true]);
  for (let seq = 0; seq < 4 * many; seq += 1) passedOver.add(toSeq(seq));
  expect(passedOver.has(toSeq(2))).toBe(true);
});
