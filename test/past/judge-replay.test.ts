import { expect, it } from "vitest";
import { toRunId } from "../../src/core/ids.ts";
import { refusalOfReplay } from "../../src/past/judge-replay.ts";

const nowMs = 1_700_000_000_000;
const run = toRunId("aaaaaaaa");
const mark = { of: "plant-a/gw1", shiftMs: 0 };
const empty = {
  ...{ created: "today", messages: 0, mark: undefined, lastStoredMs: undefined },
  ownRuns: new Set<never>(),
};
const held = { ...empty, messages: 9, lastStoredMs: nowMs - 3_600_000 };
const intent = { mark, run, sourceCreated: undefined, isMeant: false };

it.each([
  ["an empty stream", empty, intent, undefined],
  ["its own beginning", { ...held, mark }, intent, undefined],
  ["another replay", { ...held, mark: { ...mark, shiftMs: 5 } }, intent, /9 messages of something/],
  [
    "another replay, meant",
    { ...held, mark: { ...mark, of: "x/y" } },
    { ...intent, isMeant: true },
    undefined,
  ],
  ["a gateway's past", held, intent, /something else; --i-mean-it/],
  ["a gateway's past, meant", held, { ...intent, isMeant: true }, undefined],
  [
    "a gateway that lives",
    { ...held, lastStoredMs: nowMs - 1_000 },
    { ...intent, isMeant: true },
    /wrote there 1s ago/,
  ],
  ["what was just played", { ...held, mark, lastStoredMs: nowMs }, intent, undefined],
  [
    "itself",
    { ...held, mark },
    { ...intent, sourceCreated: "today", isMeant: true },
    /that is played/,
  ],
  [
    "what was recorded",
    { ...held, ownRuns: new Set([run]) },
    { ...intent, isMeant: true },
    /itself/,
  ],
] as const)("a replay into %s", (_, before, wanted, refused) => {
  const said = refusalOfReplay(before, wanted, nowMs);
  if (refused === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(refused);
});
