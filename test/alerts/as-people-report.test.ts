/** What people complain of in other alarm systems, each as a sequence with what is right. */
import { describe, expect, test } from "vitest";
import type { AlertTransition } from "../../src/core/alert.ts";
import type { OperatorAction, OperatorVerb } from "../../src/core/operator-action.ts";
import { actionOn, endOf, givenBoard, isoAt, msAt, transitionOf } from "./given-alerts.ts";

type Step =
  | readonly ["fires", begun: number, n?: number, severity?: AlertTransition["severity"]]
  | readonly ["ends", begun: number, n: number, minutes: number]
  | readonly [OperatorVerb, minutes: number, fields?: Partial<OperatorAction>]
  | readonly ["is", minutes: number, state: string];

/** Plays steps on one alert whose rule handles it so; actions are about what was stored last. */
function play(steps: readonly Step[], handling: AlertTransition["handling"] = {}): void {
  const { act, board, take } = givenBoard();
  let last = transitionOf("f1", 0, 1);
  for (const step of steps) {
    switch (step[0]) {
      case "fires":
        last = transitionOf("f1", step[1], step[2] ?? 1, {
          minutes: step[1] + (step[2] ?? 1) - 1,
          severity: step[3] ?? "warning",
          handling,
        });
        take(last);
        break;
      case "ends":
        last = take(endOf("f1", step[1], step[2], step[3], { handling, severity: last.severity }));
        break;
      case "is":
        expect([step, board.view("FreezerWarm-f1", msAt(step[1]))?.state]).toEqual([step, step[2]]);
        break;
      default:
        act(actionOn(last, step[0], step[1], { reason: "why", ...step[2] }), step[1]);
    }
  }
}

describe("what is acknowledged", () => {
  test("is no alert that is cleared and comes again: that one is another", () =>
    play([
      ["fires", 0],
      ["ack", 1],
      ["clear", 2],
      ["ends", 0, 2, 3],
      ["fires", 5],
      ["is", 5, "unacknowledged"],
    ]));

  test("is the present trouble, not the next one that comes while a silence would still last", () =>
    play([
      ["fires", 0],
      ["ack", 1],
      ["ends", 0, 2, 10],
      ["is", 11, "normal"],
      ["fires", 20],
      ["is", 21, "unacknowledged"],
    ]));

  test("is known again after a rise, and stays known when that falls back", () =>
    play([
      ["fires", 0],
      ["ack", 1],
      ["fires", 0, 2, "critical"],
      ["is", 2, "unacknowledged"],
      ["ack", 3],
      ["fires", 0, 3, "warning"],
      ["is", 4, "acknowledged"],
      ["fires", 0, 4, "critical"],
      ["is", 5, "unacknowledged"],
    ]));

  test("does not run out by itself: who acknowledged is shown for as long as it fires", () =>
    play([
      ["fires", 0],
      ["ack", 1],
      ["is", 100_000, "acknowledged"],
    ]));

  test("may be over already: nobody has to un-acknowledge it to see it go", () =>
    play([
      ["fires", 0, 1, "critical"],
      ["ends", 0, 2, 1],
      ["is", 2, "returned-unacknowledged"],
      ["ack", 3],
      ["is", 3, "normal"],
    ]));

  test("is acknowledged as it was seen: a short one that is worse underneath is not", () =>
    play([
      ["fires", 0],
      ["fires", 0, 2, "critical"],
      ["ack", 3, { n: 1 }],
      ["is", 3, "unacknowledged"],
    ]));

  test("is not silenced by one who acknowledges an earlier episode late", () =>
    play([
      ["fires", 0],
      ["ends", 0, 2, 1],
      ["fires", 2],
      ["ack", 3, { episode: "FreezerWarm-f1-0" }],
      ["is", 3, "unacknowledged"],
    ]));
});

describe("what is shelved", () => {
  test("stays so over its ends: an alert that comes and goes is quiet for the time asked for", () =>
    play([
      ["fires", 0],
      ["shelve", 1, { until: isoAt(61), at: isoAt(1) }],
      ["ends", 0, 2, 2],
      ["fires", 3],
      ["ends", 3, 2, 4],
      ["fires", 5],
      ["is", 60, "shelved"],
    ]));

  test("comes back by itself when time is over, with nobody's help, and is unacknowledged", () =>
    play([
      ["fires", 0],
      ["shelve", 1, { until: isoAt(61), at: isoAt(1) }],
      ["is", 60, "shelved"],
      ["is", 61, "unacknowledged"],
    ]));

  test("once, until it is normal, is told of when it comes again, and by its time at the latest", () =>
    play([
      ["fires", 0],
      ["shelve", 1, { until: isoAt(61), at: isoAt(1), once: true }],
      ["ends", 0, 2, 2],
      ["fires", 3],
      ["is", 3, "unacknowledged"],
      ["shelve", 4, { until: isoAt(64), at: isoAt(4), once: true }],
      ["is", 64, "unacknowledged"],
    ]));

  test("can be shelved where it was acknowledged, and is acknowledged when it is back", () =>
    play([
      ["fires", 0],
      ["ack", 1],
      ["shelve", 2, { until: isoAt(62), at: isoAt(2) }],
      ["is", 3, "shelved"],
      ["unshelve", 4],
      ["is", 4, "acknowledged"],
    ]));
});

describe("what is cleared by hand", () => {
  test("is not gone for good where it still is so: another one fires at the next sample", () =>
    play([
      ["fires", 0],
      ["clear", 1],
      ["ends", 0, 2, 1],
      ["is", 1, "normal"],
      ["fires", 2],
      ["is", 2, "unacknowledged"],
    ]));

  test("keeps who cleared it, and is not asked for again where it was critical", () =>
    play([
      ["fires", 0, 1, "critical"],
      ["clear", 1],
      ["ends", 0, 2, 1],
      ["is", 2, "normal"],
    ]));
});

describe("what is latched", () => {
  const latch = { latch: true } as const;
  test("does not reset itself when the value is normal, whoever acknowledged it", () =>
    play(
      [
        ["fires", 0],
        ["ack", 1],
        ["ends", 0, 2, 2],
        ["is", 100_000, "latched"],
        ["reset", 100_001],
        ["is", 100_001, "normal"],
      ],
      latch,
    ));

  test("is not reset while it fires: what was said then counts for nothing when it ends", () =>
    play(
      [
        ["fires", 0],
        ["reset", 1],
        ["ends", 0, 2, 2],
        ["is", 2, "latched"],
        ["reset", 3],
        ["is", 3, "normal"],
      ],
      latch,
    ));
});
