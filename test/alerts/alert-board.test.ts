import { describe, expect, test } from "vitest";
import { AlarmCounter } from "../../src/alerts/alarm-figures.ts";
import { AlertBoard } from "../../src/alerts/alert-board.ts";
import { displayStates } from "../../src/alerts/display-state.ts";
import { refusalOf } from "../../src/alerts/judge-action.ts";
import { RuleCircles } from "../../src/alerts/rule-circles.ts";
import { operatorVerbs } from "../../src/core/operator-action.ts";
import { actionOn, endOf, givenBoard, isoAt, msAt, startMs, transitionOf } from "./given-alerts.ts";

/** A few hundred things that happen to six alerts, at random but the same each time. */
function manyThings(seed: number) {
  const given = givenBoard({ maxDone: 3 });
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const open = new Map<number, { begun: number; n: number }>();
  for (let minute = 0; minute < 300; minute += 1) {
    const which = draw(6);
    const rule = {
      severity: (["info", "warning", "critical"] as const)[draw(3)] ?? "info",
      handling: { latch: which < 3 ? (true as const) : undefined, ...hiders(which) },
    };
    const known = open.get(which);
    if (!known || draw(3) > 0) {
      const { begun, n } = known ?? { begun: minute, n: 0 };
      const changes = { minutes: minute, alert: `A${which}`, severity: rule.severity };
      const { latch, ...others } = rule.handling;
      const handling = { ...others, ...(latch && { latch }) };
      const isEnd = known !== undefined && draw(2) === 0;
      const make = isEnd
        ? endOf("f", begun, n + 1, minute, { ...changes, handling })
        : transitionOf("f", begun, n + 1, { ...changes, handling });
      given.take(make);
      if (isEnd) open.delete(which);
      else open.set(which, { begun, n: n + 1 });
    } else {
      const verb = operatorVerbs[draw(operatorVerbs.length)] ?? "ack";
      const about = transitionOf("f", known.begun, known.n, { alert: `A${which}` });
      const extra = { until: isoAt(minute + 20), reason: "why", id: `${minute}` };
      given.act(actionOn(about, verb, minute, extra), minute);
    }
  }
  return given;
}

const hiders = (which: number) =>
  which < 2 ? {} : { suppressed_by: [{ alert: `A${which - 2}`, equal: ["site"] }] };

const contentOf = (board: AlertBoard, minutes: number) =>
  [...board.views(msAt(minutes))].sort((a, b) => (a.instance < b.instance ? -1 : 1));

describe("the board", () => {
  test("is the same where it is made anew of the stream, also where that comes again", () => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { board, stream } = manyThings(seed);
      const anew = new AlertBoard({ maxDone: 3 });
      for (const put of stream) put(anew);
      expect(contentOf(anew, 300)).toEqual(contentOf(board, 300));
      for (const put of stream.slice(-50)) put(anew);
      expect(contentOf(anew, 300)).toEqual(contentOf(board, 300));
    }
  });

  test("is the same whether what people did or what happened is handed in first", () => {
    const { board, stream, ...given } = givenBoard();
    const fired = given.take(transitionOf("f1", 0, 1));
    given.act(actionOn(fired, "ack", 1), 1);
    given.act(actionOn(fired, "shelve", 2, { until: isoAt(62), once: true, reason: "x" }), 2);
    given.take(transitionOf("f1", 0, 2, { severity: "critical", minutes: 3 }));
    const ended = given.take(endOf("f1", 0, 3, 4));
    given.act(actionOn(ended, "ack", 5, { id: "second" }), 5);
    given.take(transitionOf("f1", 9, 1));
    const isAction = [false, true, true, false, false, true, false];
    for (const first of [true, false]) {
      const other = new AlertBoard();
      for (const [index, put] of stream.entries()) if (isAction[index] === first) put(other);
      for (const [index, put] of stream.entries()) if (isAction[index] !== first) put(other);
      expect(contentOf(other, 10)).toEqual(contentOf(board, 10));
    }
    expect(contentOf(board, 10)).toMatchObject([{ state: "unacknowledged", shelf: undefined }]);
  });

  test("has each alert in one list, and a state for each", () => {
    const met = new Set<string>();
    for (let seed = 1; seed <= 20; seed += 1)
      for (const view of contentOf(manyThings(seed).board, 300)) met.add(view.state);
    expect([...met].sort()).toEqual(displayStates.filter((state) => state !== "normal").sort());
  });

  test("remembers no more than it may, and counts what it has no room for", () => {
    const { board, take } = givenBoard({ maxAlerts: 10, maxDone: 5 });
    for (let index = 0; index < 100; index += 1) {
      take(transitionOf(`f${index}`, index, 1));
      take(endOf(`f${index}`, index, 2, index));
    }
    const known = Array.from({ length: 100 }, (_, index) =>
      board.view(`FreezerWarm-f${index}`, 0),
    ).filter((view) => view !== undefined);
    expect(known.length).toBe(5);
    for (let index = 0; index < 15; index += 1) take(transitionOf(`g${index}`, 200, 1));
    expect([...board.views(0)].length).toBe(10);
    expect(board.leftOut).toBe(5);
  });

  test("takes no harm from what a stranger writes as handling or times", () => {
    const { board, take } = givenBoard();
    const wrong: unknown[] = [
      null,
      7,
      { latch: "yes", ack_required: 1, flapping: { changes: -1 }, suppressed_by: [null, {}, 3] },
      { suppressed_by: [{ alert: "A", equal: [1] }], flapping: { changes: 1e9, within_ms: 1 } },
      { suppressed_by: Array.from({ length: 1_000 }, () => ({ alert: "B", equal: [] })) },
    ];
    for (const [index, handling] of wrong.entries()) {
      const fired = transitionOf(`f${index}`, 0, 1, { at: "never", fired_at: "?" });
      take(Object.assign(fired, { handling }));
    }
    expect(
      [...board.views(startMs)].map(({ state, standingSinceMs }) => [state, standingSinceMs]),
    ).toEqual(wrong.map(() => ["unacknowledged", startMs]));
  });

  test("says that an alert flaps from its sixth change in ten minutes on until it is calm for as long", () => {
    const { board, take } = givenBoard();
    const flaps = (minutes: number) => board.view("FreezerWarm-f1", msAt(minutes))?.isFlapping;
    for (let minute = 0; minute < 5; minute += 2) {
      take(transitionOf("f1", minute, 1));
      expect(flaps(minute)).toBe(false);
      take(endOf("f1", minute, 2, minute + 1));
    }
    expect([flaps(5), flaps(14), flaps(15)]).toEqual([true, true, false]);
    take(transitionOf("f1", 14, 1));
    expect([flaps(15), flaps(23), flaps(24)]).toEqual([true, true, false]);
    for (const [device, flapping] of [
      ["f2", "off"],
      ["f3", { changes: 2, within_ms: 60_000 }],
    ] as const) {
      for (let n = 1; n <= 8; n += 1) take(transitionOf(device, 0, n, { handling: { flapping } }));
      expect(board.view(`FreezerWarm-${device}`, msAt(0))?.isFlapping).toBe(flapping !== "off");
    }
  });
});

describe("whether something may be done", () => {
  const maxShelveMs = 86_400_000;
  test("is told in words for each state", () => {
    const { act, board, take } = givenBoard();
    const fired = take(transitionOf("f1", 0, 1));
    const ask = (verb: (typeof operatorVerbs)[number], more = {}) => {
      const view = board.view("FreezerWarm-f1", msAt(1));
      return view && refusalOf(view, { verb, ...more }, maxShelveMs);
    };
    expect(ask("shelve", { reason: "x", forMs: maxShelveMs + 1 })).toContain("alerts.max_shelve");
    expect(ask("shelve", { reason: "x", forMs: maxShelveMs })).toBeUndefined();
    expect(ask("shelve", { reason: " ", forMs: 1 })).toContain("say why");
    expect(ask("shelve", { reason: "x" })).toContain("how long");
    expect(ask("out-of-service")).toContain("say why");
    expect([ask("reset"), ask("unshelve"), ask("in-service")]).toEqual([
      expect.stringContaining("still fires"),
      "it is not shelved",
      "it is in service",
    ]);
    expect([ask("ack"), ask("clear")]).toEqual([undefined, undefined]);
    act(actionOn(fired, "ack", 1), 1);
    act(actionOn(fired, "out-of-service", 1, { reason: "x" }), 1);
    expect(ask("ack")).toBe("ana acknowledged it already");
    expect(ask("out-of-service", { reason: "x" })).toContain("ana took it");
    expect(ask("shelve", { reason: "x", forMs: 1 })).toContain("out of service");
    take(endOf("f1", 0, 2, 1));
    take(transitionOf("f1", 5, 1));
    take(endOf("f1", 5, 2, 6));
    expect([ask("ack"), ask("clear")]).toEqual([
      expect.stringContaining("nothing to acknowledge"),
      expect.stringContaining("nothing to clear"),
    ]);
  });
});

describe("the figures", () => {
  test("are those of a span: how many, floods, who most, and who chatters", () => {
    const counter = new AlarmCounter(startMs, msAt(60));
    // Eleven in the first ten minutes, three of them within a minute; one before and one behind.
    for (let index = 0; index < 8; index += 1) counter.take(transitionOf(`f${index}`, index, 1));
    for (const minutes of [8, 8.4, 8.9]) counter.take(transitionOf("c1", minutes, 1));
    for (const minutes of [-1, 60]) counter.take(transitionOf("out", minutes, 1));
    counter.take(transitionOf("f0", 20, 2));
    counter.take(endOf("f0", 20, 3, 21));
    const figures = counter.figures();
    expect(figures).toMatchObject({ activations: 11, perHour: 11, floodShare: 1 / 6, topShare: 1 });
    expect(figures.top.slice(0, 2)).toMatchObject([{ activations: 3 }, { activations: 1 }]);
    expect(figures.chattering.map(({ labels }) => labels["device"])).toEqual(["c1"]);
  });
});

describe("what strangers write into the stream of alerts", () => {
  test("takes no alert its place, however much is done to alerts that are none", () => {
    const { act, board, take } = givenBoard({ maxAlerts: 2 });
    for (let n = 0; n < 50; n += 1) {
      const about = transitionOf(`none${n}`, 0, 1);
      act(actionOn(about, "out-of-service", 1, { reason: "why", id: `a${n}` }), 1);
    }
    take(transitionOf("f1", 2, 1));
    take(transitionOf("f2", 2, 1));
    expect(board.leftOut).toBe(0);
    expect(board.view("FreezerWarm-f2", msAt(3))?.state).toBe("unacknowledged");
  });

  test("is counted as flapping no longer than changes are near, though their clock was years ahead", () => {
    const { board, take } = givenBoard();
    const ahead = 365 * 24 * 60;
    for (let n = 1; n <= 8; n += 1)
      take(
        n % 2 === 1
          ? transitionOf("f1", ahead + n, 1)
          : endOf("f1", ahead + n - 1, 2, ahead + n - 0.5),
      );
    expect(board.view("FreezerWarm-f1", msAt(ahead + 8))?.isFlapping).toBe(true);
    expect(board.view("FreezerWarm-f1", msAt(5))?.isFlapping).toBe(false);
  });

  test("hides no alert by labels that every object has", () => {
    const { board, take } = givenBoard();
    const handling = { suppressed_by: [{ alert: "Other", equal: ["toString", "__proto__"] }] };
    take(transitionOf("f1", 1, 1, { handling }));
    take(transitionOf("f2", 1, 1, { alert: "Other" }));
    expect(board.view("FreezerWarm-f1", msAt(2))?.state).toBe("unacknowledged");
  });

  test("makes no rule that everything hides, and none that grows with it", () => {
    const circles = new RuleCircles();
    for (let n = 0; n < 1_000; n += 1) circles.note("g/A", `B${n}`);
    expect(circles.isIn("g/A", "B0")).toBe(false);
    expect(circles.isIn("g/A", "B999")).toBe(true);
  });
});
