import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { expect, onTestFinished, test } from "vitest";
import { exitCodesText } from "../../src/cli/exit-codes-text.ts";
import { exitStatusOf } from "../../src/cli/exit-status.ts";
import { GatewayError } from "../../src/core/errors.ts";
import { program } from "../support/gateway-program.ts";
import { runToEnd } from "../support/run-to-end.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Lines of a shell that end so, beside a configuration of which nothing runs, and one that is none. */
const lines: Readonly<Record<number, string>> = {
  0: "sluicegate version",
  1: "sluicegate validate broken.yaml",
  2: "sluicegate status --confg x",
  3: "sluicegate status",
  4: "sluicegate context use nowhere",
  5: "sluicegate init --yes sluicegate.yaml",
  6: "sluicegate status --addr https://127.0.0.1:1",
  7: "sluicegate status --wait linked --timeout 100ms",
  74: "sluicegate version > /dev/full",
  78: "sluicegate run gateway -c broken.yaml",
  130: "interrupted sluicegate status --wait linked",
  141: "sluicegate help | true",
};

test("each exit code that help lists is what some command ends with", async () => {
  const cwd = await tempFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1 }\nsources: []\n");
  await writeFile(join(cwd, "broken.yaml"), "gateway: { idd: gw1 }\n");
  const run = (line: string) => {
    const over = new AbortController();
    onTestFinished(() => over.abort());
    return runToEnd(
      [
        "-c",
        `set -o pipefail; sluicegate() { $interrupt "${execPath}" "${program}" "$@"; }\n` +
          `interrupted() { interrupt="timeout --preserve-status -s INT 3"; "$@"; }\n${line}`,
      ],
      {
        cwd,
        env: { XDG_CONFIG_HOME: cwd, interrupt: "" },
        shell: "/bin/bash",
        signal: over.signal,
      },
    );
  };
  const told = [...exitCodesText.matchAll(/^ {2}(\d+) {2,}/gm)].map(([, code]) => Number(code));
  const bug = exitStatusOf(new GatewayError("internal.bug", "a fault"), "status");
  const ended = await Promise.all(
    Object.entries(lines).map(async ([code, line]) => {
      const { status, stderr } = await run(line);
      return [Number(code), status, status === Number(code) ? "" : stderr] as const;
    }),
  );
  expect(ended).toEqual(ended.map(([code]) => [code, code, ""]));
  const shown = [...ended.map(([, status]) => status ?? -1), bug];
  expect(shown.sort((one, other) => one - other)).toEqual(told);
}, 120_000);
