import { spawn, spawnSync } from "node:child_process";
import { chmod, chown, mkdir, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { lockFolder } from "../../src/buffer/lock.ts";
import { toSeq, toStreamSeq } from "../../src/core/ids.ts";
import {
  type Box,
  boxWith,
  flipBit,
  frameAt,
  segmentsOf,
  sluicegate,
} from "../support/dead-box.ts";
import { program } from "../support/gateway-program.ts";
import { snapshotOf } from "../support/snapshot.ts";

describe("sluicegate buffer repair", () => {
  async function damagedBox(): Promise<Box> {
    const box = await boxWith(async () => {});
    const [, second = ""] = await segmentsOf(box);
    await flipBit(join(box.log, second), (await frameAt(join(box.log, second), 20)) + 40);
    return box;
  }

  it("writes a damaged copy of the cursor again, and ends with nothing for verify to find", async () => {
    const box = await boxWith(async (log) => {
      log.confirm({ run: log.run, seq: toSeq(20), streamSeq: toStreamSeq(20) });
      await log.close();
    });
    await flipBit(join(box.log, "cursor"), 30);
    expect(sluicegate("buffer", "verify", box.data)).toMatchObject({ status: 1 });
    const { status, stdout } = sluicegate("buffer", "repair", box.data, "--yes");
    expect(stdout).toContain("write both copies again");
    expect(status).toBe(0);
    expect(sluicegate("buffer", "verify", box.data)).toMatchObject({ status: 0 });
  });

  it("leaves damage alone where the backbone has confirmed the records, and promises nothing", async () => {
    const box = await boxWith(async (log) => {
      log.confirm({ run: log.run, seq: toSeq(30), streamSeq: toStreamSeq(30) });
      await log.close();
    });
    const [, second = ""] = await segmentsOf(box);
    await flipBit(join(box.log, second), (await frameAt(join(box.log, second), 20)) + 40);
    const repaired = sluicegate("buffer", "repair", box.data, "--yes");
    expect(repaired.status).toBe(0);
    expect(repaired.stdout).toMatch(/^nothing to repair: .* goes with its segment\n$/);
  });

  it("says what it would do and changes nothing, unless it was asked to", async () => {
    const box = await damagedBox();
    const before = await snapshotOf(box.data);
    const planned = sluicegate("buffer", "repair", box.data, "--dry-run");
    expect(planned.status).toBe(0);
    expect(planned.stdout).toContain("close it with a footer");
    expect(planned.stdout).toContain("declare 1 record lost");
    const unasked = sluicegate("buffer", "repair", box.data);
    expect(unasked.status).toBe(2);
    expect(unasked.stderr).toContain("--yes");
    expect(await snapshotOf(box.data)).toEqual(before);
  });

  it("does what a start would do, and keeps what it cuts out", async () => {
    const box = await damagedBox();
    const { status, stdout } = sluicegate("buffer", "repair", box.data, "--yes");
    expect(status).toBe(0);
    expect(stdout).toContain("0 records lost that no gap event declares");
    expect(sluicegate("buffer", "verify", box.data)).toMatchObject({ status: 0 });
    const exported = sluicegate("buffer", "export", box.data);
    expect(exported).toMatchObject({ status: 0 });
    expect(exported.stderr).toContain("declared lost by a gap event");
    const report = JSON.parse(sluicegate("buffer", "show", box.data, "-o", "json").stdout);
    expect(report.gaps).toMatchObject([{ run: "firstrun", from: 20, to: 20, count: 1 }]);
    expect(report.quarantine.files).toBe(1);
    expect(report.segments.every(({ state }: { state: string }) => state === "sealed")).toBe(true);
    expect(sluicegate("buffer", "repair", box.data, "--yes").stdout).toBe("nothing to repair\n");
  });

  it("says so when the volume takes no changes", async (context) => {
    const box = await damagedBox();
    const before = await snapshotOf(box.data);
    const mount = (...args: string[]) => spawnSync("mount", args).status === 0;
    onTestFinished(() => void spawnSync("umount", [box.data]));
    const isReadOnly =
      mount("--bind", box.data, box.data) && mount("-o", "remount,ro,bind", box.data);
    context.skip(!isReadOnly, "nothing can be mounted here");
    const { status, stderr, stdout } = sluicegate("buffer", "repair", box.data, "--yes");
    expect(stdout).toContain("not everything could be done");
    expect(stderr).toContain("EROFS");
    expect(status).toBe(1);
    expect(await snapshotOf(box.data)).toEqual(before);
  });

  it("refuses while a gateway has the folder", async () => {
    const box = await damagedBox();
    await mkdir(box.data, { recursive: true });
    const lock = await lockFolder(box.data, "test-owner");
    const child = spawn(process.execPath, [program, "buffer", "repair", box.data, "--yes"]);
    const status = await new Promise((resolve) => child.once("close", resolve));
    await lock.release();
    expect(status).toBe(5);
  });
});

/** Nobody's number. Tests that work under it need root, and a place that everybody may read. */
const stranger = 65_534;
const canBeStranger =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, [program, "--version"], { uid: stranger, gid: stranger }).status ===
    0;

describe.skipIf(!canBeStranger)("a box of another user", () => {
  it("is refused by every command, as a whole or for one file, and nothing is called damaged", async () => {
    const box = await boxWith();
    await chmod(box.data, 0o755);
    const [, second = ""] = await segmentsOf(box);
    for (const [path, mode] of [
      [box.log, 0o700],
      [join(box.log, second), 0o600],
    ] as const) {
      for (const name of await readdir(box.log)) await chmod(join(box.log, name), 0o644);
      await chmod(box.log, 0o755);
      await chmod(path, mode);
      for (const verb of ["show", "verify", "export", "repair"]) {
        const options = { encoding: "utf8", uid: stranger, gid: stranger, input: "" } as const;
        const { status, stderr } = spawnSync(
          process.execPath,
          [program, "buffer", verb, box.data],
          options,
        );
        expect({ verb, path, status }).toEqual({ verb, path, status: 6 });
        expect(stderr).toContain(`cannot use ${path}: permission denied`);
      }
    }
  });

  it("still belongs to that user when root has repaired it", async () => {
    const box = await boxWith(async () => {});
    const [, second = ""] = await segmentsOf(box);
    await flipBit(join(box.log, second), (await frameAt(join(box.log, second), 20)) + 40);
    const own = async (path: string): Promise<void> => chown(path, stranger, stranger);
    for (const path of [box.data, box.log]) await own(path);
    for (const name of await readdir(box.log)) await own(join(box.log, name));
    expect(sluicegate("buffer", "repair", box.data, "--yes")).toMatchObject({ status: 0 });
    const found = await readdir(box.data, { recursive: true });
    expect(found.some((name) => name.includes("quarantine/"))).toBe(true);
    for (const name of found)
      expect({ name, uid: (await stat(join(box.data, name))).uid }).toEqual({
        name,
        uid: stranger,
      });
  });
});
