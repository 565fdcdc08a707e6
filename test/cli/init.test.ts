import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openFolder, runCommand } from "../support/command-line.ts";

describe("sluicegate init", () => {
  it.each([
    ["nothing but what it finds", ["--yes"]],
    [
      "everything that can be said",
      [
        ...[
          "--yes",
          "--id",
          "gw-7",
          "--site",
          "Halle 3: Süd",
          "--mqtt",
          "mqtts://broker.local:8883",
        ],
        ...["--nats", "nats://hub:4222", "--serial", "/dev/serial/by-id/a", "/dev/serial/by-id/b"],
      ],
    ],
  ])("writes a short file of %s that validate takes without a warning", async (_, flags) => {
    const cwd = await openFolder();
    const { status, stdout } = await runCommand(["init", ...flags], { cwd });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^next: sluicegate validate /m)]);
    const text = await readFile(join(cwd, "sluicegate.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=\S+sluicegate\.json\n/);
    expect(text.split("\n").length).toBeLessThanOrEqual(40);
    expect(await runCommand(["validate", "--strict"], { cwd })).toMatchObject({ status: 0 });
  });

  it("never changes a file that is there", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "mine");
    expect((await runCommand(["init", "--yes"], { cwd })).status).toBe(5);
    expect(await readFile(join(cwd, "sluicegate.yaml"), "utf8")).toBe("mine");
  });

  it("writes nothing where it may ask nobody, or where the file would have faults", async () => {
    const cwd = await openFolder();
    expect(await runCommand(["init"], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("add --yes"),
    });
    const wrong = await runCommand(["init", "--yes", "--mqtt", "mqtt://u:secret@host"], { cwd });
    expect(wrong).toMatchObject({ status: 2, stderr: expect.stringContaining("has a user in it") });
    expect(wrong.stderr).not.toContain("secret");
    expect(await readdir(cwd)).toEqual([]);
  });
});
