import { spawn } from "node:child_process";
import { cp, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lockFolder } from "../../src/buffer/lock.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import { boxWith, flipBit, frameAt, segmentsOf, sluicegate } from "../support/dead-box.ts";
import { gatewayProcess } from "../support/gateway-process.ts";
import { program } from "../support/gateway-program.ts";
import { natsServer } from "../support/nats-server.ts";
import { snapshotOf } from "../support/snapshot.ts";
import { tempFolder } from "../support/temp-folder.ts";

describe("sluicegate buffer show", () => {
  it("says what a dead box holds and what the backbone has", async () => {
    const box = await boxWith(async (log) => {
      log.confirm({ run: log.run, seq: toSeq(20), streamSeq: toStreamSeq(20) });
      await log.close();
    });
    const before = await snapshotOf(box.data);
    const { status, stdout } = sluicegate("buffer", "show", box.data, "-o", "json");
    expect(status).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      schema: "sluicegate.buffer/1",
      folder: box.log,
      locked: false,
      runs: [{ run: "firstrun", firstSeq: 1, lastSeq: 60, records: 60 }],
      records: { telemetry: 54, state: 6, alarm: 0 },
      confirmed: { run: "firstrun", seq: 20, streamSeq: 20 },
      waitingRecords: 40,
      identities: { devices: 4, messages: 48 },
      quarantine: { files: 0, bytes: 0 },
    });
    expect(report.segments).toHaveLength((await segmentsOf(box)).length);
    expect(sluicegate("buffer", "show", box.data).stdout).toContain("40 wait behind it");
    expect(await snapshotOf(box.data)).toEqual(before);
  });

  it("says that a living process has the folder", async () => {
    const box = await boxWith();
    const lock = await lockFolder(box.data, "test-owner");
    const child = spawn(process.execPath, [program, "buffer", "show", box.data, "-o", "json"]);
    let stdout = "";
    child.stdout.on("data", (text) => {
      stdout += text;
    });
    await new Promise((resolve) => child.once("close", resolve));
    await lock.release();
    expect(JSON.parse(stdout).locked).toBe(true);
  });

  it("asks for a folder that is one", async () => {
    const empty = await tempFolder();
    expect(sluicegate("buffer", "show", empty)).toMatchObject({ status: 2 });
    const missing = sluicegate("buffer", "show", join(empty, "no"));
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain("there is no folder");
    const box = await boxWith();
    const [first = ""] = await segmentsOf(box);
    const file = sluicegate("buffer", "show", join(box.log, first));
    expect(file.status).toBe(2);
    expect(file.stderr).toContain("is a file: name a gateway's data folder");
  });

  it("names the range of what is held though the newest file cannot be read", async () => {
    const box = await boxWith();
    const newest = (await segmentsOf(box)).at(-1) ?? "";
    const at = Number(newest.slice(0, 20));
    await writeFile(join(box.log, newest), Buffer.alloc(3_000, 0x55));
    expect(sluicegate("buffer", "show", box.data).stdout).toContain(`Records     1 to ${at - 1} `);
  });
});

describe("sluicegate buffer verify", () => {
  it("finds nothing wrong in a log that is whole, closed or killed", async () => {
    const closed = await boxWith();
    expect(sluicegate("buffer", "verify", closed.data)).toMatchObject({ status: 0 });
    const killed = await boxWith(async () => {});
    const { status, stdout } = sluicegate("buffer", "verify", killed.data);
    expect(stdout).toContain("60 records in 4 segments");
    expect(status).toBe(0);
  });

  it("finds one flipped bit in a payload and names the record", async () => {
    const box = await boxWith();
    const [, second = ""] = await segmentsOf(box);
    const at = await frameAt(join(box.log, second), 20);
    await flipBit(join(box.log, second), at + 40);
    const before = await snapshotOf(box.data);
    const { status, stdout } = sluicegate("buffer", "verify", box.data, "-o", "json");
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      clean: false,
      records: 59,
      lostRecords: 1,
      damages: [
        { file: second, offset: at, kind: "payload", lost: { from: 20, to: 20 }, declared: false },
      ],
    });
    expect(await snapshotOf(box.data)).toEqual(before);
    expect(sluicegate("buffer", "verify", box.data).stdout).toContain(
      `${second} at ${at}: record 20: payload damaged`,
    );
  });

  it("finds any single flipped bit, wherever it is", { timeout: 120_000 }, async () => {
    const box = await boxWith();
    const [first = "", , , last = ""] = await segmentsOf(box);
    const { size } = await stat(join(box.log, last));
    const places: readonly (readonly [string, number, string])[] = [
      [first, 9, "segment-header"],
      [first, 100, "segment-header"],
      [first, (await frameAt(join(box.log, first), 3)) + 2, "record-header"],
      [first, (await frameAt(join(box.log, first), 3)) + 20, "record-header"],
      [last, (await frameAt(join(box.log, last), 60)) + 60, "payload"],
      [last, size - 144, "footer"],
      [last, size - 100, "footer"],
      [last, size - 3, "footer"],
      [last, size - 200, "footer"],
      ["cursor", 30, "cursor"],
    ];
    for (const [name, at, kind] of places) {
      await flipBit(join(box.log, name), at);
      const { status, stdout } = sluicegate("buffer", "verify", box.data, "-o", "json");
      expect({ name, at, status }).toEqual({ name, at, status: 1 });
      const kinds = JSON.parse(stdout).damages.map((damage: { kind: string }) => damage.kind);
      expect({ name, at, kinds }).toEqual({ name, at, kinds: [kind] });
      await flipBit(join(box.log, name), at);
    }
    expect(sluicegate("buffer", "verify", box.data)).toMatchObject({ status: 0 });
  });

  it("misses a segment that is gone, at the beginning, between and at the end", async () => {
    const box = await boxWith();
    const segments = await segmentsOf(box);
    const starts = segments.map((name) => Number(name.slice(0, 20)));
    for (const [index, name] of segments.entries()) {
      const copy = { data: await tempFolder(), log: "" };
      await cp(box.log, join(copy.data, "log"), { recursive: true });
      await rm(join(copy.data, "log", name));
      const { status, stdout } = sluicegate("buffer", "verify", copy.data, "-o", "json");
      expect(status).toBe(1);
      const lost = { from: starts[index], to: (starts[index + 1] ?? 61) - 1 };
      expect(JSON.parse(stdout).damages).toMatchObject([{ kind: "missing", lost }]);
    }
  });
});

describe("sluicegate buffer export", () => {
  it("gives every whole event in order, and names what is damaged on standard error", async () => {
    const box = await boxWith(async () => {});
    const [, second = ""] = await segmentsOf(box);
    await flipBit(join(box.log, second), (await frameAt(join(box.log, second), 20)) + 40);
    const { status, stderr, stdout } = sluicegate("buffer", "export", box.data);
    const seqs = stdout
      .trimEnd()
      .split("\n")
      .map((line) => Number(JSON.parse(line).id.split(".")[2]));
    const whole = Array.from({ length: 60 }, (_, index) => index + 1).filter((seq) => seq !== 20);
    expect(seqs).toEqual(whole);
    expect(stderr).toContain("record 20: payload damaged");
    expect(status).toBe(1);
  });

  it("misses a segment that is gone between others", async () => {
    const box = await boxWith();
    const [, second = ""] = await segmentsOf(box);
    await rm(join(box.log, second));
    const { status, stderr } = sluicegate("buffer", "export", box.data);
    expect(stderr).toMatch(
      /records \d+ to \d+: records are missing\n\(\d+ events, 1 damaged place\)/,
    );
    expect(status).toBe(1);
    expect(sluicegate("buffer", "export", box.data, "--to-seq", "5")).toMatchObject({ status: 0 });
  });

  it("gives a range", async () => {
    const box = await boxWith();
    const { status, stdout } = sluicegate(
      "buffer",
      "export",
      box.log,
      "--from-seq",
      "15",
      "--to-seq",
      "18",
    );
    expect(status).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line).id),
    ).toEqual([15, 16, 17, 18].map((seq) => `gw1.firstrun.${seq}`));
    expect(sluicegate("buffer", "export", box.log, "--from-seq", "x").status).toBe(2);
    const empty = ["--from-seq", "9", "--to-seq", "8"];
    expect(sluicegate("buffer", "export", box.log, ...empty).status).toBe(2);
  });
});

describe("sluicegate buffer wait-drained", () => {
  it("waits for the backbone, or gives up with 7", { timeout: 60_000 }, async () => {
    const folder = await tempFolder();
    const server = await natsServer();
    const gateway = await gatewayProcess({ folder, natsUrl: server.url });
    await gateway.start();
    const config = ["--config", gateway.configPath];
    expect(sluicegate("buffer", "wait-drained", ...config, "--timeout", "15s")).toMatchObject({
      status: 0,
    });
    const shown = JSON.parse(sluicegate("buffer", "show", ...config, "-o", "json").stdout);
    expect(shown).toMatchObject({ locked: true, settledSeq: 0 });
    expect(sluicegate("buffer", "verify", ...config)).toMatchObject({ status: 0 });
    await server.kill();
    const alone = await gatewayProcess({
      folder: await tempFolder(),
      natsUrl: "nats://127.0.0.1:1",
    });
    await alone.start();
    const late = sluicegate("buffer", "wait-drained", "-c", alone.configPath, "--timeout", "300ms");
    expect(late.status).toBe(7);
    expect(late.stderr).toContain("still wait");
    await alone.stop();
    expect(sluicegate("buffer", "wait-drained", "-c", alone.configPath).status).toBe(3);
  });
});
