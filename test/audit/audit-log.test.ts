import { describe, expect, it } from "vitest";
import { newRun } from "../../src/app/new-run.ts";
import { AuditFile } from "../../src/audit/audit-file.ts";
import { AuditLog } from "../../src/audit/audit-log.ts";
import { noHash } from "../../src/audit/chain.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { webHere } from "../api/web-here.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function openLog(folder: string, clock = new ManualClock()) {
  const log = new AuditLog({ source: "/plant-a/gw1", clock, logger: silentLogger });
  log.begin(await AuditFile.open(placeIn(folder), newRun));
  return log;
}

function placeIn(folder: string) {
  return { disk: nodeDisk, folder, name: "audit-gateway.ndjson", mostBytes: 65_536 };
}

const acked = {
  by: "ana",
  from: "10.0.0.7",
  action: "ack",
  target: "9f2c",
  outcome: "done",
  text: "on my way",
} as const;

describe("The audit log", () => {
  it("has who did what, from where and why, and what became of it", async () => {
    const web = await webHere();
    const cookie = await web.signIn("otto");
    const headers = { ...web.own, cookie };
    const post = (path: string) =>
      web.ask(path, { method: "POST", headers, body: JSON.stringify({ reason: "defrost" }) });
    await post("/api/v1/post-operator/pump-1");
    await post("/api/v1/post-admin/pump-1");
    await web.ask("/api/v1/get-admin/pump-1", { headers });
    const { entries } = web.audit.newest(10);
    expect(
      entries.map(({ action, by, outcome, target, text }) => [by, action, target, outcome, text]),
    ).toEqual([
      ["otto", "post-admin", "pump-1", "refused", "otto is operator, and this is for admin"],
      ["otto", "post-operator", "pump-1", "done", "defrost"],
      ["otto", "sign-in", null, "done", null],
    ]);
    expect(entries[0]?.from).toBe("127.0.0.1");
  });

  it("has no password and no token in it", async () => {
    const web = await webHere();
    await web.signIn("otto");
    await web.trySignIn("otto", "a-secret-that-is-wrong");
    const token = web.links.make("root");
    const body = JSON.stringify({ token });
    await web.ask("/api/v1/sign-in", { method: "POST", headers: web.own, body });
    const said = web.written.join("") + JSON.stringify(web.audit.newest(10));
    expect(said).not.toMatch(/correct horse|a-secret|scrypt/);
    expect(said).not.toContain(token);
  });

  it("counts refusals of strangers, however many they make", async () => {
    const web = await webHere();
    for (let n = 0; n < 60; n += 1) await web.ask("/api/v1/post-admin/x", { method: "POST" });
    for (let n = 0; n < 20; n += 1) await web.trySignIn(`guess-${n}`, "wrong");
    await web.clock.advance(60_000);
    const { entries } = web.audit.newest(100);
    expect(entries.map(({ action, text }) => `${action}: ${text}`)).toEqual([
      "sign-in: 19 more were refused within a minute",
      "post-admin: 59 more were refused within a minute",
      "sign-in: name or password is wrong",
      expect.stringContaining("post-admin: refused"),
    ]);
  });

  it("counts together what comes from more addresses than it counts apart", async () => {
    const clock = new ManualClock();
    const log = await openLog(await tempFolder(), clock);
    for (let n = 0; n < 1_000; n += 1)
      log.note({ ...acked, by: "nobody", from: `10.0.0.${n}`, outcome: "refused" });
    await clock.advance(60_000);
    const { entries } = log.newest(100);
    expect(entries).toHaveLength(61);
    expect(entries[0]).toMatchObject({
      action: "several",
      text: "940 more were refused within a minute",
    });
    await log.stop();
  });

  it("is there after a restart, page by page, without the half line of a power cut", async () => {
    const folder = await tempFolder();
    const first = await openLog(folder);
    for (let n = 0; n < 5; n += 1) first.note({ ...acked, target: `${n}` });
    await first.stop();
    const torn = await nodeDisk.open(`${folder}/audit-gateway.ndjson`, "read-write");
    await torn.write([Buffer.from('{"specversion":"1.0","id"')], await torn.sizeBytes());
    await torn.close();
    const second = await openLog(folder);
    second.note({ ...acked, target: "5" });
    await second.stop();
    const third = await openLog(folder);
    const { entries, more } = third.newest(4);
    expect(entries.map(({ target }) => target)).toEqual(["5", "4", "3", "2"]);
    expect(more).toBe(true);
    const rest = third.newest(4, entries.at(-1)?.id);
    expect([rest.entries.map(({ target }) => target), rest.more]).toEqual([["1", "0"], false]);
    expect(rest.entries[0]).toMatchObject({ by: "ana", text: "on my way" });
    await third.stop();
  });

  it("keeps what was noted before its file is open", async () => {
    const folder = await tempFolder();
    const log = new AuditLog({
      ...{ source: "/plant-a/gw1", clock: new ManualClock(), logger: silentLogger },
    });
    log.note(acked);
    log.begin(await AuditFile.open(placeIn(folder), newRun));
    await log.stop();
    expect((await openLog(folder)).newest(10).entries).toMatchObject([acked]);
  });

  it("tries again where the disk does not take it, and loses nothing", async () => {
    const clock = new ManualClock();
    const written: string[] = [];
    let isFull = true;
    const log = new AuditLog({ source: "/plant-a/gw1", clock, logger: silentLogger });
    log.begin({
      file: {
        end: { chain: "k3f9x2a1", seq: 0, hash: noHash },
        append: async (entries) => {
          if (isFull) throw new Error("full");
          written.push(...entries.map(({ id }) => id));
        },
        close: async () => {},
      },
      ...{ entries: [], trouble: undefined },
    });
    log.note(acked);
    await clock.advance(6_000);
    log.note(acked);
    isFull = false;
    await clock.advance(6_000);
    await log.stop();
    expect(written).toEqual(["k3f9x2a1.1", "k3f9x2a1.2"]);
  });

  it("tells refusals that go on as one count a minute", async () => {
    const clock = new ManualClock();
    const log = await openLog(await tempFolder(), clock);
    for (let minute = 0; minute < 3; minute += 1) {
      for (let n = 0; n < 5; n += 1) log.note({ ...acked, outcome: "refused", text: "no" });
      await clock.advance(60_000);
    }
    await clock.advance(120_000);
    log.note({ ...acked, outcome: "refused", text: "no" });
    expect(
      log
        .newest(10)
        .entries.map(({ text }) => text)
        .reverse(),
    ).toEqual(["no", ...[4, 5, 5].map((n) => `${n} more were refused within a minute`), "no"]);
    await log.stop();
  });
});
