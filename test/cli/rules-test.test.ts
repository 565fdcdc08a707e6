import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";

const shipped = fileURLToPath(new URL("../../config", import.meta.url));

it("the tests of the shipped example rules hold, and one that does not is found at its place", async () => {
  const cwd = await openFolder();
  await cp(join(shipped, "rules"), join(cwd, "rules"), { recursive: true });
  const held = await runCommand(["rules", "test"], { cwd });
  expect(held).toMatchObject({ status: 0, stderr: "" });
  expect(held.stdout).toMatch(/^(ok {6}.*\n){7}7 tests: all hold\n$/);

  const path = join(cwd, "rules/tests/cold-chain.yaml");
  const text = await readFile(path, "utf8");
  await writeFile(path, text.replace("at: 15m, late: true", "at: 14m, late: true"));
  const failed = await runCommand(["rules", "test", "rules/tests/cold*.yaml"], { cwd });
  expect(failed.status).toBe(1);
  expect(failed.stdout).toContain(
    "FAILED  a link that is down for an hour neither fires nor forgets\n",
  );
  expect(failed.stderr).toMatch(
    /^rules\/tests\/cold-chain.yaml:21:9 error\[rule-test.failed\] FreezerWarm f7 firing at 14m: it is at 15m\n/,
  );
  const junit = await runCommand(["rules", "test", path, "-o", "junit"], { cwd });
  expect(junit.stdout).toContain('<testsuite name="sluicegate rules" tests="5" failures="1">');
  expect(junit.stdout).toContain(
    `>${path}:21: FreezerWarm f7 firing at 14m: it is at 15m</failure>`,
  );
  const json: unknown = JSON.parse(
    (await runCommand(["rules", "test", path, "-o", "json"], { cwd })).stdout,
  );
  expect(json).toMatchObject({
    schema: "sluicegate.rules-test/1",
    failed: 1,
    results: [
      { holds: true },
      { holds: false, differences: [{ line: 21, column: 9 }] },
      {},
      {},
      {},
    ],
  });
});

it("a file with faults is told with line and column, and nothing of it is run", async () => {
  const cwd = await openFolder();
  await writeFile(
    join(cwd, "t.yaml"),
    `rule_files: [nothing.yaml]
devices: { f1: {} }
tests:
  - name: a
    input:
      - { device: f1, metric: t, step: 1 minute, values: "1 warm" }
    expects: []
`,
  );
  const { status, stderr, stdout } = await runCommand(["rules", "test", "t.yaml"], { cwd });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "no test was run\n" });
  const heads = stderr.split("\n").filter((line) => line.startsWith("t.yaml"));
  expect(heads).toEqual([
    't.yaml:6:40 error[rule-test.bad-duration] "1 minute" is not a duration',
    't.yaml:6:58 error[rule-test.bad-series] "warm" is no sample',
    't.yaml:7:5 error[rule-test.unknown-field] unknown field "expects"',
  ]);
  const nothing = await runCommand(["rules", "test"], { cwd });
  expect(nothing).toMatchObject({ status: 2 });
});
