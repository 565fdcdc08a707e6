import { expect, test } from "vitest";
import { completeTransition } from "../../src/processor/complete-transition.ts";
import { createCountingEngine } from "../support/counting-engine.ts";
import { reading, startMs, storedEvent } from "../support/gateway-stream.ts";

const minuteMs = 60_000;

test("what changes now in an episode that began long ago is not late", () => {
  const [draft] = createCountingEngine().feed(storedEvent(reading("f1", 1, 0), "aaaaaaaa", 1));
  if (!draft) throw new Error("nothing fired");
  const at = new Date(startMs + 60 * minuteMs).toISOString();
  const complete = (observedMs: number) =>
    completeTransition({ ...draft, n: 2, reason: "level", at }, [], observedMs, 5 * minuteMs);

  expect(complete(startMs + 61 * minuteMs)).toMatchObject({
    fired_at: draft.fired_at,
    late: false,
  });
  expect(complete(startMs + 65 * minuteMs)).toMatchObject({ late: false });
  expect(complete(startMs + 65 * minuteMs + 1)).toMatchObject({ late: true });
});
