import { describe, expect, test } from "vitest";
import { advance } from "../../src/plans/advance.ts";
import { issue } from "../../src/plans/issue.ts";
import { mostSteps } from "../../src/plans/plan.ts";
import { mostReasonChars } from "../../src/plans/plan-run.ts";
import { decodeRun, encodeRun, mostRequestBytes } from "../../src/plans/run-document.ts";
import { givenRun, shutLine } from "./given-run.ts";

const nowMs = Date.UTC(2026, 4, 1);

function readWith(change: (run: object) => object) {
  const event = JSON.parse(encodeRun(advance(givenRun(shutLine, nowMs), nowMs)));
  return decodeRun(Buffer.from(JSON.stringify({ ...event, data: change(event.data) })));
}

describe("a run in the stream", () => {
  test("comes back as it was written", () => {
    const run = advance(givenRun(shutLine, nowMs), nowMs);
    expect(decodeRun(Buffer.from(encodeRun(run)))).toEqual(run);
  });

  test("is none where a time or a duration in it cannot be one", () => {
    for (const changed of [
      { changedMs: 1e300 },
      { changedMs: -1 },
      { endsMs: 8.64e15 },
      { stuckMs: 9e15 },
      { giveUpMs: 1e300 },
      { giveUpMs: -1 },
      { requested: { by: "eve", atMs: 1e17 } },
      { cancel: { by: "eve", atMs: -1e17 } },
      { steps: [{ kind: "wait", forMs: 1e300 }] },
      { steps: [{ kind: "wait", forMs: 5, untilMs: 1e300 }] },
    ])
      expect(readWith((run) => ({ ...run, ...changed }))).toBeUndefined();
  });

  test("can be read also where all that it may hold is as long as it may be", () => {
    const longest = "\u0001".repeat(256);
    const reason = "\u0001".repeat(mostReasonChars);
    const steps = Array.from({ length: mostSteps }, (_, at) => ({
      ...{ command: "set", device: `valve-${at}`, params: {} as Record<string, string> },
      compensate: { command: "set", params: {} },
    }));
    const run = givenRun({ name: "long", steps }, nowMs);
    const filler = mostRequestBytes - encodeRun(run).length - 100;
    const filled = run.steps.map((step, at) => {
      if (step.kind !== "command") return step;
      const params = at === 0 ? { text: "x".repeat(filler) } : {};
      const attempt = { ...issue(`${"r".repeat(80)}.64.1`, nowMs, nowMs), text: longest };
      return { ...step, order: { ...step.order, params }, attempt, undo: attempt };
    });
    const word = { by: "ana", reason, atMs: nowMs };
    const why = `${longest}${reason}`;
    const full = { ...run, steps: filled, why, cancel: word, settled: word };
    expect(decodeRun(Buffer.from(encodeRun(full)))).toEqual(full);
  });

  test("takes nothing from names that every object has", () => {
    const run = readWith((one) => ({ ...one, params: JSON.parse('{"__proto__":{"x":1},"a":1}') }));
    expect(run === undefined || !("x" in run.params)).toBe(true);
    expect(Object.prototype).not.toHaveProperty("x");
  });
});
