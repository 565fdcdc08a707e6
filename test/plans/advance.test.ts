import { expect, test } from "vitest";
import type { CommandReply, CommandState } from "../../src/core/command.ts";
import { advance, cancelRun, giveUpOn, hear, nextLookMs } from "../../src/plans/advance.ts";
import { openCommands } from "../../src/plans/commands-of.ts";
import type { PlanRun } from "../../src/plans/plan-run.ts";
import { givenRun, shutLine } from "./given-run.ts";

const minuteMs = 60_000;

function reply(
  command: string,
  state: CommandState,
  rest: Partial<CommandReply> = {},
): CommandReply {
  return { command, name: "any", state, step: 2, final: true, ...rest };
}

/** The run after the last word on the command that is open. */
function end(run: PlanRun, state: CommandState, nowMs: number): PlanRun {
  const [open] = openCommands(run);
  return advance(hear(run, reply(open?.id ?? "", state), nowMs), nowMs);
}

test("a step that a person waits for ends at its moment, also where the process was away", () => {
  const waiting = end(advance(givenRun(shutLine), 0), "acknowledged", 1_000);
  expect(nextLookMs(waiting)).toBe(6_000);
  expect(advance(waiting, 5_999)).toBe(waiting);
  const [next] = openCommands(advance(waiting, 90_000));
  expect(next).toMatchObject({ id: "shut-1.3.1", name: "stop", issuedMs: 90_000 });
});

test("nothing begins once the time of a run is over, and what was done is taken back", () => {
  const waiting = end(advance(givenRun(shutLine), 0), "acknowledged", 1_000);
  const late = advance(waiting, 10 * minuteMs);
  expect(late).toMatchObject({
    state: "compensating",
    why: "its time was over before step 2 (wait 5s)",
  });
  expect(openCommands(late).map(({ id }) => id)).toEqual(["shut-1.1-undo.1"]);
});

test("a run that nobody takes up in time never begins", () => {
  const run = advance(givenRun(shutLine), 10 * minuteMs);
  expect(run.state).toBe("cancelled");
  expect(openCommands(run)).toEqual([]);
});

test("a command is valid no longer than its run", () => {
  const run = advance(givenRun({ ...shutLine, within: "30s" }), 10_000);
  expect(openCommands(run)).toMatchObject([{ expiresMs: 30_000 }]);
});

test("a run is cancelled where the gateway took its only command back before it left", () => {
  const run = cancelRun(advance(givenRun(shutLine), 0), { by: "ana", atMs: 1 });
  expect(run.state).toBe("running");
  expect(end(run, "cancelled", 2).state).toBe("cancelled");
});

test("a run that is cancelled too late for its first command takes it back", () => {
  const run = cancelRun(advance(givenRun(shutLine), 0), { by: "ana", reason: "no", atMs: 1 });
  const back = end(run, "acknowledged", 2);
  expect(back).toMatchObject({
    state: "compensating",
    why: "cancelled by ana before step 2 (wait 5s): no",
  });
  expect(end(back, "acknowledged", 3).state).toBe("compensated");
});

test("a run is taken back where a person's word was stored before the last answer came", () => {
  const [close] = shutLine.steps;
  const run = advance(givenRun({ ...shutLine, steps: [close] }), 0);
  const back = end(cancelRun(run, { by: "ana", reason: "no", atMs: 1 }), "acknowledged", 2);
  expect(back).toMatchObject({
    state: "compensating",
    why: "cancelled by ana behind the last step: no",
  });
  expect(openCommands(back).map(({ id }) => id)).toEqual(["shut-1.1-undo.1"]);
});

test("a device that refuses what it was sent was sent something: the run is not called cancelled", () => {
  const run = cancelRun(advance(givenRun(shutLine), 0), { by: "ana", atMs: 1 });
  const refused = hear(run, reply("shut-1.1.1", "refused", { attempt: 1 }), 2);
  expect(advance(refused, 2).state).toBe("compensated");
});

test("a step of which nobody knows whether it had an effect is taken back as if it had", () => {
  const back = end(advance(givenRun(shutLine), 0), "timed-out", 1);
  expect(openCommands(back).map(({ id }) => id)).toEqual(["shut-1.1-undo.1"]);
});

test("a person is called at once where a plan says so of a step of which nobody knows", () => {
  const [close] = shutLine.steps;
  const plan = { ...shutLine, steps: [{ ...close, on_unknown: "stuck" }] };
  const run = end(advance(givenRun(plan), 0), "unknown", 1);
  expect(run).toMatchObject({ state: "stuck", failedStep: 1, stuckMs: 1 });
});

test("taking back is tried under a new id after each failure, later and later, until it is given up", () => {
  let run = end(advance(givenRun(shutLine), 0), "unknown", 0);
  const ids = openCommands(run).map(({ id }) => id);
  const begun: number[] = [];
  let nowMs = 0;
  while (run.state === "compensating") {
    run = end(run, "failed", nowMs);
    if (run.state !== "compensating") break;
    nowMs = nextLookMs(run) ?? Number.NaN;
    run = advance(run, nowMs);
    ids.push(...openCommands(run).map(({ id }) => id));
    begun.push(nowMs);
  }
  expect(begun.slice(0, 4)).toEqual([5_000, 15_000, 35_000, 75_000]);
  expect(new Set(ids).size).toBe(ids.length);
  expect(run).toMatchObject({
    state: "stuck",
    why: expect.stringContaining(
      "step 1 (close on valve-1) could not be taken back: open on valve-1 failed",
    ),
  });
  expect(run.stuckMs).toBe(10 * minuteMs);
});

test("no try to take back is valid behind the giving up", () => {
  let run = end(advance(givenRun({ ...shutLine, give_up: "20s" }), 0), "unknown", 0);
  run = advance(end(run, "failed", 0), 5_000);
  expect(openCommands(run)).toMatchObject([{ id: "shut-1.1-undo.2", expiresMs: 20_000 }]);
});

test("a last word that comes after nobody waited any more decides what is taken back", () => {
  const twoSteps = { ...shutLine, steps: shutLine.steps.filter((step) => !("wait" in step)) };
  const second = end(advance(givenRun(twoSteps), 0), "acknowledged", 1);
  const givenUp = giveUpOn(second, "shut-1.2.1", 2, "no word");
  const heard = hear(givenUp, reply("shut-1.2.1", "expired"), 3);
  expect(openCommands(advance(heard, 3)).map(({ id }) => id)).toEqual(["shut-1.1-undo.1"]);
  const unheard = advance(givenUp, 3);
  expect(openCommands(unheard).map(({ id }) => id)).toEqual(["shut-1.2-undo.1"]);
  // What is being taken back already is waited for all the same.
  const late = advance(hear(unheard, reply("shut-1.2.1", "expired"), 4), 4);
  expect(openCommands(late).map(({ id }) => id)).toEqual(["shut-1.2-undo.1"]);
});

test("what is heard twice, or behind the last word, is no news", () => {
  const run = advance(givenRun(shutLine), 0);
  const queued = hear(run, reply("shut-1.1.1", "queued", { step: 1, final: false }), 1);
  expect(hear(queued, reply("shut-1.1.1", "queued", { step: 1, final: false }), 2)).toBe(queued);
  const ended = end(queued, "acknowledged", 3);
  expect(hear(ended, reply("shut-1.1.1", "sent", { step: 3, final: false }), 4)).toBe(ended);
  expect(hear(ended, reply("shut-1.1.1", "unknown", { step: 4 }), 4)).toBe(ended);
  expect(hear(ended, reply("shut-2.1.1", "unknown"), 4)).toBe(ended);
});
