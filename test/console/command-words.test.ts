import { expect, test } from "vitest";
import type { CommandRow } from "../../src/api/shapes/command.ts";
import { commandWord } from "../../src/api/shapes/command.ts";
import {
  callText,
  commandSayings,
  lastSaid,
  newestFirst,
  tookMs,
  triesOf,
} from "../../src/console/screens/device/command-words.ts";

function command(facts: Partial<CommandRow> = {}): CommandRow {
  return {
    ...{ id: "c-1", deviceKey: "plant.gw1.freezer", device: "freezer", gateway: "gw1" },
    ...{ name: "set_point", params: { level: -18 }, by: "ana", reason: null, run: null },
    ...{ issuedMs: 1_000, expiresMs: 9_000, state: "issued", isFinal: false },
    ...{ validUntilMs: null, steps: [], ...facts },
  };
}

const step = { attempt: null, text: null, answer: null };

test("every state of a command is told in words, and what is not known says to look at the device", () => {
  for (const state of commandWord.options) expect(commandSayings[state].means).toMatch(/\.$/);
  for (const state of ["timed-out", "unknown"] as const)
    expect(commandSayings[state].advice).toContain("Look at the device before you send it again");
});

test("a command is called as it is typed in a terminal", () => {
  expect(callText(command())).toBe("set_point level=-18");
  expect(callText({ name: "defrost", params: {} })).toBe("defrost");
});

test("how long a command took is known when it has ended", () => {
  const steps = [
    { ...step, state: "sent" as const, atMs: 1_200, attempt: 1 },
    { ...step, state: "sent" as const, atMs: 2_200, attempt: 2 },
    { ...step, state: "acknowledged" as const, atMs: 2_400, answer: '{"ok":true}' },
  ];
  expect(tookMs(command({ steps: steps.slice(0, 2) }))).toBeUndefined();
  const done = command({ steps, isFinal: true, state: "acknowledged" });
  expect([tookMs(done), triesOf(done), lastSaid(done)]).toEqual([1_400, 2, '{"ok":true}']);
});

test("a clock that is behind the one of the gateway makes no time below nothing", () => {
  const steps = [{ ...step, state: "refused" as const, atMs: 400, text: "the door is open" }];
  const refused = command({ steps, isFinal: true, state: "refused" });
  expect([tookMs(refused), lastSaid(refused)]).toEqual([0, "the door is open"]);
});

test("the newest command is the first, and two of one moment have an order", () => {
  const rows = [command({ id: "a" }), command({ id: "b" }), command({ id: "c", issuedMs: 2_000 })];
  expect(rows.sort(newestFirst).map(({ id }) => id)).toEqual(["c", "b", "a"]);
});

test("what was said while it waited is not what is said of its end", () => {
  const steps = [
    { ...step, state: "queued" as const, atMs: 1_100, text: "plug is not there" },
    { ...step, state: "sent" as const, atMs: 1_200 },
  ];
  expect(lastSaid(command({ steps }))).toBe("plug is not there");
  expect(lastSaid(command({ steps, isFinal: true, state: "sent" }))).toBeUndefined();
});
