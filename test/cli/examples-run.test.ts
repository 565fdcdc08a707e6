import { expect, test } from "vitest";
import { entriesOf, isCallable } from "../../src/cli/command-tree.ts";
import { examplesOf } from "../../src/cli/examples.ts";
import { buildProgram } from "../../src/cli/program.ts";
import { isObject } from "../../src/core/is-object.ts";
import { exampleSite } from "../support/example-site.ts";

const commands = entriesOf(buildProgram())
  .filter(isCallable)
  .filter(({ path }) => path !== "" && path !== "complete");

/** Some go on until Ctrl-C. */
const endless = new Set([
  "sluicegate alerts watch",
  "sluicegate alerts watch -o json",
  "sluicegate up --config /etc/sluicegate/sluicegate.yaml",
  "sluicegate top",
  "sluicegate ports watch",
  "sluicegate ports watch --listen tcp://127.0.0.1:4002 -o json",
]);

/**
 * Run by tests of their own: they need a terminal, a database, somebody who answers, or a site that is
 * theirs alone, which is over when it is drained or wiped.
 */
const elsewhere =
  /^(echo .*\| )?sluicegate (demo|history|up$|run (processor|gateway)|drain|reset|fleet|bridge|init|users (add|import|ls|passwd|rm)|context (add|use|rm)|backbone (backup|prepare|restore))/;

/** Where the answer is no, or a person was faster. */
const ends: readonly (readonly [RegExp, number])[] = [
  [/--fail-on/, 1],
  [/^sluicegate alerts reset/, 1],
  [/^sluicegate dlq (try|reprocess --all)/, 1],
  // A gateway lives at this backbone.
  [/^sluicegate replay/, 2],
  [/^sluicegate notify test/, 1],
  [/^sluicegate notify dlq resend duty$/, 1],
  [/^sluicegate commands cancel/, 5],
  [/^sluicegate plan (cancel|settle)/, 5],
];

/** In the order in which one needs what another did; the rest at the same time. */
const inOrder = ["record", "replay", "devices", "profile", "rules", "dlq", "state", "buffer"];

/** One object that names its form. */
function saysItsForm(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    return isObject(answer) && /^sluicegate\.[a-z-]+\/\d+$/.test(String(answer["schema"]));
  } catch {
    return false;
  }
}

/** It calls some 200 commands, one after the other: too long for every change. */
const isWanted = process.env["TEST_EXAMPLES"] === "1";

test.runIf(isWanted)(
  "each example does what it says where a small site runs",
  async () => {
    const site = await exampleSite();
    const wrong: unknown[] = [];
    const chain = async (some: typeof commands): Promise<void> => {
      for (const { command } of some)
        for (const line of Object.keys(examplesOf(command))) {
          if (elsewhere.test(line)) continue;
          const expected = ends.find(([pattern]) => pattern.test(line))?.[1] ?? 0;
          const result = await site.run(line, endless.has(line) ? 12 : 300);
          const isAsExpected =
            result.status === expected || (endless.has(line) && result.status === 130);
          // A refusal is said on standard error.
          const isJson = / -o json/.test(line) && !endless.has(line) && expected < 2;
          if (!isAsExpected || (isJson && !saysItsForm(result.stdout)))
            wrong.push([line, expected, result]);
        }
    };
    const nounOf = ({ path }: { path: string }): string => path.split(" ")[0] ?? "";
    const isOrdered = (one: { path: string }): boolean => inOrder.includes(nounOf(one));
    const ordered = inOrder.flatMap((noun) => commands.filter((one) => nounOf(one) === noun));
    await Promise.all([chain(ordered), chain(commands.filter((one) => !isOrdered(one)))]);
    expect(wrong).toEqual([]);
  },
  3_600_000,
);
