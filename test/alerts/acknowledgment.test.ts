import { describe, expect, test } from "vitest";
import { actionOn, endOf, givenBoard, transitionOf } from "./given-alerts.ts";

describe("an acknowledgment", () => {
  test("is of the episode, through marks and a fall, until its end", () => {
    const { act, stateOf, take } = givenBoard();
    const fired = take(transitionOf("f1", 0, 1, { severity: "critical" }));
    expect(stateOf("f1", 1)).toBe("unacknowledged");
    act(actionOn(fired, "ack", 1), 1);
    expect(stateOf("f1", 1)).toBe("acknowledged");
    take(transitionOf("f1", 0, 2, { severity: "critical", stale: true, quiet: true, minutes: 2 }));
    take(transitionOf("f1", 0, 3, { severity: "warning", minutes: 3 }));
    expect(stateOf("f1", 3)).toBe("acknowledged");
    take(endOf("f1", 0, 4, 4));
    expect(stateOf("f1", 4)).toBe("normal");
  });

  test("ends with a rise in severity", () => {
    const { act, board, stateOf, take } = givenBoard();
    act(actionOn(take(transitionOf("f1", 0, 1)), "ack", 1), 1);
    const risen = take(transitionOf("f1", 0, 2, { severity: "critical", minutes: 2 }));
    expect(stateOf("f1", 2)).toBe("unacknowledged");
    act(actionOn(risen, "ack", 3, { by: "bo" }), 3);
    expect(stateOf("f1", 3)).toBe("acknowledged");
    expect(board.view("FreezerWarm-f1", 0)?.acked?.by).toBe("bo");
  });

  test("does not cover a rise that was stored before it and had not been seen", () => {
    const { act, stateOf, take } = givenBoard();
    const seen = take(transitionOf("f1", 0, 1));
    take(transitionOf("f1", 0, 2, { severity: "critical", minutes: 2 }));
    act(actionOn(seen, "ack", 3), 3);
    expect(stateOf("f1", 3)).toBe("unacknowledged");
  });

  test("does not reach the next episode", () => {
    const { act, stateOf, take } = givenBoard();
    act(actionOn(take(transitionOf("f1", 0, 1)), "ack", 1), 1);
    take(endOf("f1", 0, 2, 2));
    take(transitionOf("f1", 5, 1));
    expect(stateOf("f1", 5)).toBe("unacknowledged");
  });

  test("is waited for behind the end of what was critical, and of what asks for it", () => {
    const { act, stateOf, take } = givenBoard();
    take(transitionOf("f1", 0, 1, { severity: "critical" }));
    take(transitionOf("f1", 0, 2, { minutes: 1 }));
    const ended = take(endOf("f1", 0, 3, 2));
    expect(stateOf("f1", 3)).toBe("returned-unacknowledged");
    act(actionOn(ended, "ack", 4), 4);
    expect(stateOf("f1", 4)).toBe("normal");

    const handling = { ack_required: true };
    take(transitionOf("f2", 0, 1, { handling }));
    take(endOf("f2", 0, 2, 1, { handling }));
    expect(stateOf("f2", 3)).toBe("returned-unacknowledged");

    take(transitionOf("f3", 0, 1, { severity: "critical", handling: { ack_required: false } }));
    take(endOf("f3", 0, 2, 1, { severity: "critical", handling: { ack_required: false } }));
    expect(stateOf("f3", 3)).toBe("normal");
  });
});
