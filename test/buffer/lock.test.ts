import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { lockFolder, lockPath } from "../../src/buffer/lock.ts";
import { tempFolder } from "../support/temp-folder.ts";

/** Binds a lock as a process that is killed at once and cannot clean up. */
async function leaveStaleLock(path: string): Promise<void> {
  const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  const child = spawn(process.execPath, ["-e", script]);
  await new Promise((resolve) => child.once("exit", resolve));
}

describe("lockFolder()", () => {
  it("lets one owner in at a time", async () => {
    const folder = await tempFolder();
    const lock = await lockFolder(folder, "1-aaaa");
    await expect(lockFolder(folder, "1-bbbb")).rejects.toMatchObject({
      code: "buffer.locked",
      exitStatus: 75,
    });
    await lock.release();
    const next = await lockFolder(folder, "1-bbbb");
    await next.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it("takes over from a process that was killed", async () => {
    const folder = await tempFolder();
    await leaveStaleLock(join(folder, "lock"));
    expect(await readdir(folder)).toEqual(["lock"]);
    const lock = await lockFolder(folder, "1-aaaa");
    await expect(lockFolder(folder, "1-bbbb")).rejects.toMatchObject({ code: "buffer.locked" });
    await lock.release();
  });

  it("gives a stale lock to no more than one of many who find it at once", async () => {
    const folder = await tempFolder();
    await leaveStaleLock(join(folder, "lock"));
    const owners = ["a", "b", "c", "d", "e", "f"];
    const results = await Promise.allSettled(owners.map((owner) => lockFolder(folder, owner)));
    const locks = results.filter((result) => result.status === "fulfilled");
    expect(locks.length).toBeLessThanOrEqual(1);
    for (const { value } of locks) await value.release();
    await (await lockFolder(folder, "g")).release();
  });

  it("locks a folder whose path is too long for a socket", async () => {
    const folder = join(await tempFolder(), "x".repeat(60), "y".repeat(60));
    await nodeDisk.makeFolder(folder);
    expect(lockPath(folder).length).toBeLessThan(80);
    const lock = await lockFolder(folder, "1-aaaa");
    await expect(lockFolder(folder, "1-bbbb")).rejects.toMatchObject({ code: "buffer.locked" });
    await lock.release();
    await (await lockFolder(folder, "1-bbbb")).release();
  });
});
