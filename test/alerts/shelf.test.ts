import { describe, expect, test } from "vitest";
import { actionOn, endOf, givenBoard, isoAt, msAt, transitionOf } from "./given-alerts.ts";

const why = { reason: "defrost" };

describe("a shelf", () => {
  test("hides the alert, its end and its next episode until its time is over", () => {
    const { act, board, stateOf, take } = givenBoard();
    const fired = take(transitionOf("f1", 0, 1));
    act(actionOn(fired, "shelve", 1, { until: isoAt(61), ...why }), 1);
    expect(stateOf("f1", 2)).toBe("shelved");
    take(endOf("f1", 0, 2, 10));
    expect(stateOf("f1", 11)).toBe("shelved");
    take(transitionOf("f1", 20, 1));
    expect(stateOf("f1", 60)).toBe("shelved");
    expect(board.nextChangeMs(msAt(60))).toBe(msAt(61));
    // It fires on: now somebody has to know.
    expect(stateOf("f1", 61)).toBe("unacknowledged");
    expect(board.nextChangeMs(msAt(61))).toBe(Number.POSITIVE_INFINITY);
  });

  test("lasts as long as was asked for, however wrong the clock of who asked is", () => {
    for (const wrong of [-100_000, 0, 100_000]) {
      const { act, stateOf, take } = givenBoard();
      const times = { at: isoAt(wrong), until: isoAt(wrong + 60) };
      act(actionOn(take(transitionOf("f1", 0, 1)), "shelve", 1, { ...times, ...why }), 1);
      expect([wrong, stateOf("f1", 60), stateOf("f1", 61)]).toEqual([
        wrong,
        "shelved",
        "unacknowledged",
      ]);
    }
  });

  test("is never longer than is allowed, and none where its end is before its beginning", () => {
    const { act, stateOf, take } = givenBoard({ maxShelveMs: 3_600_000 });
    const fired = take(transitionOf("f1", 0, 1));
    act(actionOn(fired, "shelve", 1, { until: isoAt(10_000), ...why }), 1);
    expect([stateOf("f1", 60), stateOf("f1", 61)]).toEqual(["shelved", "unacknowledged"]);
    act(actionOn(fired, "shelve", 70, { until: isoAt(60), ...why }), 70);
    expect(stateOf("f1", 70)).toBe("unacknowledged");
  });

  test("for once ends with the next end, also where it was normal before", () => {
    const { act, stateOf, take } = givenBoard();
    take(transitionOf("f1", 0, 1));
    const ended = take(endOf("f1", 0, 2, 5));
    act(actionOn(ended, "shelve", 6, { until: isoAt(600), once: true, ...why }), 6);
    expect(stateOf("f1", 7)).toBe("shelved");
    take(transitionOf("f1", 10, 1));
    expect(stateOf("f1", 11)).toBe("shelved");
    take(endOf("f1", 10, 2, 12));
    take(transitionOf("f1", 20, 1));
    expect(stateOf("f1", 21)).toBe("unacknowledged");
  });

  test("is taken away by hand, and what was acknowledged on it stays so", () => {
    const { act, stateOf, take } = givenBoard();
    const fired = take(transitionOf("f1", 0, 1));
    act(actionOn(fired, "shelve", 1, { until: isoAt(61), ...why }), 1);
    act(actionOn(fired, "ack", 2), 2);
    expect(stateOf("f1", 2)).toBe("shelved");
    act(actionOn(fired, "unshelve", 3), 3);
    expect(stateOf("f1", 3)).toBe("acknowledged");
  });
});

describe("an alert out of service", () => {
  test("is in that list alone, whatever else holds, until it is taken back", () => {
    const { act, stateOf, take } = givenBoard();
    const fired = take(transitionOf("f1", 0, 1));
    act(actionOn(fired, "shelve", 1, { until: isoAt(61), ...why }), 1);
    act(actionOn(fired, "out-of-service", 2, { reason: "probe is broken" }), 2);
    take(endOf("f1", 0, 2, 3));
    take(transitionOf("f1", 10_000, 1));
    expect(stateOf("f1", 10_001)).toBe("out-of-service");
    act(actionOn(fired, "in-service", 10_002), 10_002);
    expect(stateOf("f1", 10_003)).toBe("unacknowledged");
  });
});

describe("what is latched", () => {
  test("stays so until somebody resets its episode, and a new one fires above it", () => {
    const { act, stateOf, take } = givenBoard();
    const handling = { latch: true } as const;
    const fired = take(transitionOf("f1", 0, 1, { handling }));
    act(actionOn(fired, "ack", 1), 1);
    // Nothing to reset yet, so this is none.
    const ended = take(endOf("f1", 0, 2, 2, { handling }));
    expect(stateOf("f1", 3)).toBe("latched");
    take(transitionOf("f1", 5, 1, { handling }));
    expect(stateOf("f1", 6)).toBe("unacknowledged");
    act(actionOn(ended, "reset", 6), 6);
    const again = take(endOf("f1", 5, 2, 7, { handling }));
    expect(stateOf("f1", 8)).toBe("latched");
    act(actionOn(again, "reset", 9), 9);
    expect(stateOf("f1", 9)).toBe("normal");
  });

  test("stays latched where a person cleared it, and a reset says that it was seen", () => {
    const { act, stateOf, take } = givenBoard();
    const rule = { severity: "critical", handling: { latch: true } } as const;
    act(actionOn(take(transitionOf("f1", 0, 1, rule)), "clear", 1), 1);
    expect(stateOf("f1", 1)).toBe("acknowledged");
    const ended = take(endOf("f1", 0, 2, 2, { ...rule, reason: "cleared" }));
    expect(stateOf("f1", 2)).toBe("latched");
    act(actionOn(ended, "reset", 3), 3);
    expect(stateOf("f1", 3)).toBe("normal");
  });
});
