import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newRun } from "../../src/app/new-run.ts";
import { AuditFile } from "../../src/audit/audit-file.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { openFolder, runCommand } from "../support/command-line.ts";
import { ManualClock } from "../support/manual-clock.ts";

const name = "audit-gateway.ndjson";

/** A site that ran once: somebody signed in, and a device was refused. */
async function siteThatRan(): Promise<string> {
  const cwd = await openFolder();
  await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1, data: data }\n");
  const folder = join(cwd, "data");
  await nodeDisk.makeFolder(folder);
  const log = new AuditLog({
    ...{ source: "/s/gw1/gateway", clock: new ManualClock(), logger: silentLogger },
  });
  log.begin(await AuditFile.open({ disk: nodeDisk, folder, name, mostBytes: 65_536 }, newRun));
  const done = { outcome: "done", text: null, target: null } as const;
  log.note({ by: "ana", from: "10.0.0.7", action: "sign-in", ...done });
  log.note({ by: "x", from: "10.0.0.9", action: "mqtt-login", ...done, outcome: "refused" });
  log.note({ by: "ana", from: "10.0.0.7", action: "ack", ...done });
  await log.stop();
  return cwd;
}

describe("sluicegate audit", () => {
  it("lists what was done and refused, the newest last, by what is asked for", async () => {
    const cwd = await siteThatRan();
    const run = (...args: string[]) => runCommand(["audit", "ls", ...args], { cwd });
    const { status, stdout } = await run();
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => line.split("\t")[2]),
    ).toEqual([...["sign-in", "mqtt-login", "ack"]]);
    const json = JSON.parse((await run("--refused", "-o", "json")).stdout);
    expect(json).toMatchObject({ schema: "sluicegate.audit/1", entries: [{ by: "x" }] });
    expect((await run("--by", "ana", "--limit", "1")).stdout).toContain("\tack\t");
  });

  it("verifies a log, and names the first place where it is not as it was written", async () => {
    const cwd = await siteThatRan();
    const run = (...args: string[]) => runCommand(["audit", "verify", ...args], { cwd });
    const whole = await run();
    expect(whole).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`${name}: whole, 3`),
    });
    const mark = whole.stdout.trim().split(" ").at(-1) ?? "";
    expect(await run("--mark", mark)).toMatchObject({ status: 0 });
    const path = join(cwd, "data", name);
    await writeFile(path, (await readFile(path, "utf8")).replace("10.0.0.9", "10.0.0.8"));
    const changed = await run("-o", "json");
    expect(changed.status).toBe(1);
    expect(JSON.parse(changed.stdout)).toMatchObject({
      ...{ schema: "sluicegate.audit-verdict/1", whole: false },
      logs: [{ faults: [{ kind: "changed", file: name, line: 2 }] }],
    });
  });

  it("says where a log would be that is not there", async () => {
    const cwd = await openFolder();
    await writeFile(join(cwd, "sluicegate.yaml"), "gateway: { id: gw1, data: data }\n");
    const { status, stderr } = await runCommand(["audit", "ls"], { cwd });
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringContaining("there is no audit log in"),
    });
  });
});
