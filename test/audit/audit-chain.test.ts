import { appendFile, copyFile, readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { newRun } from "../../src/app/new-run.ts";
import { AuditFile } from "../../src/audit/audit-file.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";
import { markText, parseMark } from "../../src/audit/chain.ts";
import { auditEntries, auditNames, verifyAudit } from "../../src/audit/read-audit.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";

const name = "audit-gateway.ndjson";
const mostBytes = 4_000;

async function openLog(folder: string) {
  const log = new AuditLog({
    ...{ source: "/plant-a/gw1/gateway", clock: new ManualClock(), logger: silentLogger },
  });
  log.begin(await AuditFile.open({ disk: nodeDisk, folder, name, mostBytes }, newRun));
  return log;
}

function note(log: AuditLog, target: string): void {
  log.note({
    ...{ by: "ana", from: "10.0.0.7", action: "ack", target, outcome: "done", text: null },
  });
}

/** A folder with a log of so many entries, stopped. */
async function logOf(count: number): Promise<string> {
  const folder = await tempFolder();
  const log = await openLog(folder);
  for (let n = 1; n <= count; n += 1) note(log, `t${n}`);
  await log.stop();
  return folder;
}

async function change(folder: string, edit: (lines: string[]) => readonly string[]): Promise<void> {
  const path = `${folder}/${name}`;
  const lines = (await readFile(path, "utf8")).trimEnd().split("\n");
  await writeFile(
    path,
    edit(lines)
      .map((line) => `${line}\n`)
      .join(""),
  );
}

async function faultsOf(folder: string) {
  const { faults } = await verifyAudit(nodeDisk, folder, name);
  return faults.map(({ kind, line }) => [kind, line]);
}

describe("The chain of the audit log", () => {
  it("is whole over restarts", async () => {
    const folder = await logOf(3);
    const log = await openLog(folder);
    note(log, "t4");
    await log.stop();
    const verdict = await verifyAudit(nodeDisk, folder, name);
    expect(verdict).toMatchObject({ entryCount: 4, faultCount: 0, isTorn: false });
    expect(verdict.end?.seq).toBe(4);
  });

  it.each<[string, (lines: string[]) => readonly string[], string, number | undefined]>([
    ["a changed line", (all) => all.with(2, (all[2] ?? "").replace("t3", "tX")), "changed", 3],
    ["a line made unreadable", (all) => all.with(2, "{}"), "changed", 3],
    ["a changed last line", (all) => all.with(5, (all[5] ?? "").replace("t6", "tX")), "changed", 6],
    ["a line taken out", (all) => all.toSpliced(2, 1), "removed", 3],
    ["first lines taken out", (all) => all.slice(2), "removed", 1],
    ["a line put in twice", (all) => all.toSpliced(3, 0, all[2] ?? ""), "added", 4],
    ["lines exchanged", (all) => all.with(2, all[3] ?? "").with(3, all[2] ?? ""), "removed", 3],
    ["the last lines cut off", (all) => all.slice(0, 4), "cut", undefined],
    ["nothing but an empty file", () => [], "cut", undefined],
  ])("tells %s, and where", async (_, edit, kind, line) => {
    const folder = await logOf(6);
    await change(folder, edit);
    expect((await faultsOf(folder))[0]).toEqual([kind, line]);
  });

  it("tells the end that is gone from the half line of a power cut", async () => {
    const folder = await logOf(6);
    const path = `${folder}/${name}`;
    await appendFile(path, '{"specversion":"1.0","id":"k3');
    expect(await verifyAudit(nodeDisk, folder, name)).toMatchObject({
      faultCount: 0,
      isTorn: true,
    });
    const text = await readFile(path, "utf8");
    const [, , , , fifth = ""] = text.split("\n");
    await writeFile(path, text.slice(0, text.indexOf(fifth) + 40));
    expect(await verifyAudit(nodeDisk, folder, name)).toMatchObject({
      isTorn: true,
      faults: [{ kind: "cut", text: "its last entries, 5 to 6, were cut off" }],
    });
  });

  it("takes lines that a power cut left behind the end that stands beside as right", async () => {
    const folder = await logOf(2);
    const head = await readFile(`${folder}/${name}.head`, "utf8");
    const log = await openLog(folder);
    note(log, "t3");
    await log.stop();
    await writeFile(`${folder}/${name}.head`, head);
    expect(await faultsOf(folder)).toEqual([]);
    const next = await openLog(folder);
    note(next, "t4");
    await next.stop();
    expect(await verifyAudit(nodeDisk, folder, name)).toMatchObject({
      ...{ faultCount: 0, entryCount: 4 },
    });
  });

  it("tells the file of another log, and one without the file beside", async () => {
    const [folder, other] = [await logOf(3), await logOf(5)];
    await copyFile(`${other}/${name}`, `${folder}/${name}`);
    expect((await faultsOf(folder))[0]).toEqual(["exchanged", 1]);
    await rm(`${other}/${name}.head`);
    expect(await faultsOf(other)).toEqual([["head", undefined]]);
  });

  it("says so itself when it goes on, and the break stays to be seen", async () => {
    const folder = await logOf(6);
    await change(folder, (lines) => lines.slice(0, 4));
    const log = await openLog(folder);
    note(log, "t7");
    await log.stop();
    const said = [];
    for await (const { action, outcome, text } of auditEntries(nodeDisk, folder, name))
      if (action === "audit-log") said.push([outcome, text]);
    expect(said).toEqual([["failed", "its last entries, 5 to 6, were cut off"]]);
    expect(await faultsOf(folder)).toEqual([["removed", 5]]);
  });

  it("finds a log that was written anew as a whole by an end that was kept elsewhere", async () => {
    const [folder, other] = [await logOf(6), await logOf(6)];
    const { end } = await verifyAudit(nodeDisk, folder, name);
    const mark = end && parseMark(markText(end));
    expect(await verifyAudit(nodeDisk, folder, name, mark)).toMatchObject({ mark: "fits" });
    for (const file of [name, `${name}.head`])
      await copyFile(`${other}/${file}`, `${folder}/${file}`);
    expect((await verifyAudit(nodeDisk, folder, name)).faultCount).toBe(0);
    expect(await verifyAudit(nodeDisk, folder, name, mark)).toMatchObject({
      ...{ mark: "broken", faultCount: 1 },
    });
  });

  it("goes on behind the lines of versions that did not chain them, and holds on to the last", async () => {
    const folder = await tempFolder();
    const data = {
      by: "ana",
      from: null,
      action: "ack",
      target: null,
      outcome: "done",
      text: null,
    };
    const old = [1, 2].map((n) =>
      JSON.stringify({
        ...{ specversion: "1.0", id: `old-${n}`, source: "/plant-a/gw1" },
        ...{ type: "io.sluicegate.audit.v1", time: "2026-11-21T14:00:00.000Z", data },
      }),
    );
    await writeFile(`${folder}/${name}`, `${old.join("\n")}\n`);
    const log = await openLog(folder);
    expect(log.newest(10).entries.map(({ id }) => id)).toEqual(["old-2", "old-1"]);
    note(log, "t1");
    await log.stop();
    expect(await verifyAudit(nodeDisk, folder, name)).toMatchObject({
      ...{ entryCount: 1, unchainedCount: 2, faultCount: 0 },
    });
    await change(folder, (lines) => lines.with(1, (lines[1] ?? "").replace("ana", "bob")));
    expect(await faultsOf(folder)).toEqual([["changed", 2]]);
  });

  it("goes on over files that are full, of which it keeps five, and knows where it begins", async () => {
    const folder = await tempFolder();
    const { file } = await AuditFile.open({ disk: nodeDisk, folder, name, mostBytes }, newRun);
    const text = "x".repeat(1_200);
    const entry = { by: "ana", from: null, action: "ack", target: null, outcome: "done" } as const;
    for (let seq = 1; seq <= 13; seq += 1) {
      const id = `${file.end.chain}.${seq}`;
      await file.append([{ id, atMs: 0, ...entry, text }], "/plant-a/gw1");
    }
    await file.close();
    expect((await nodeDisk.list(folder)).sort()).toEqual([
      name,
      ...[1, 2, 3, 4].map((n) => `${name}.${n}`),
      `${name}.head`,
    ]);
    expect(await auditNames(nodeDisk, folder)).toEqual([name]);
    expect(await verifyAudit(nodeDisk, folder, name)).toMatchObject({ faultCount: 0 });
    await rm(`${folder}/${name}.2`);
    expect(await faultsOf(folder)).toEqual([["removed", 1]]);
    await rm(`${folder}/${name}.4`);
    await rm(`${folder}/${name}.3`);
    expect(await faultsOf(folder)).toEqual([["removed", 1]]);
  });
});
