import { spawnSync } from "node:child_process";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

const script = new URL("../../.ci/run", import.meta.url).pathname;

/** Runs a copy of the script in a project whose `npm` only notes how it was called. */
async function runCi({ npm = "", node = "" } = {}) {
  const root = await tempFolder();
  const bin = join(root, "bin");
  const journal = join(root, "journal");
  await mkdir(bin);
  await mkdir(join(root, ".ci"));
  await cp(script, join(root, ".ci", "run"));
  const program = (name: string, lines: string): Promise<void> =>
    writeFile(join(bin, name), `#!/bin/sh\n${lines}\n`, { flag: "wx", mode: 0o755 });
  await program("npm", `echo "$PWD $*" >>${journal}\n${npm}`);
  if (node !== "") await program("node", node);
  const { status, stdout } = spawnSync(join(root, ".ci", "run"), {
    cwd: "/",
    env: { PATH: `${bin}:${process.env["PATH"]}` },
    encoding: "utf8",
  });
  const calls = await readFile(journal, "utf8").catch(() => "");
  return { status, stdout, calls: calls.replaceAll(`${root} `, "").split("\n").slice(0, -1) };
}

describe(".ci/run", () => {
  test("installs once, checks types and style, runs the tests, and says so at the end", async () => {
    const { status, stdout, calls } = await runCi();
    expect(calls).toEqual(["ci", "run types", "run lint", "test"]);
    expect(stdout).toMatch(/\n== all checks passed in \d+ s\n$/);
    expect(status).toBe(0);
  });

  test.each(["ci", "run types", "run lint", "test"])(
    "fails when npm %s fails, and stops there",
    async (step) => {
      const { status, stdout, calls } = await runCi({ npm: `[ "$*" != "${step}" ]` });
      expect(status).toBe(1);
      expect(calls.at(-1)).toBe(step);
      expect(stdout).toContain(`== FAILED: npm ${step} (status 1`);
      expect(stdout).not.toContain("all checks passed");
    },
  );

  test("refuses a Node that is too old", async () => {
    const { status, stdout, calls } = await runCi({
      node: "case $1 in -v) echo v20.18.0 ;; *) exit 1 ;; esac",
    });
    expect(status).toBe(1);
    expect(stdout).toContain("Node 20.19 or newer is needed; here is v20.18.0");
    expect(calls).toEqual([]);
  });
});
