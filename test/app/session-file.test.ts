import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SessionBook } from "../../src/api/sign-in/session-book.ts";
import { linkProof, proofOf } from "../../src/api/sign-in/session-proof.ts";
import type { ConsoleUser } from "../../src/api/sign-in/users-file.ts";
import { SessionFile } from "../../src/app/web/people/session-file.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";

const hourMs = 3_600_000;
const limits = { idleMs: 8 * hourMs, mostMs: 24 * hourMs };
const password = { N: 2, r: 8, p: 1, salt: Buffer.alloc(16), hash: Buffer.alloc(32) };
const ana: ConsoleUser = { name: "ana", role: "operator", password, written: "scrypt$1" };

/** One process after another, over one folder and one clock on the wall. */
async function place() {
  const folder = await tempFolder();
  const path = join(folder, "sessions");
  return {
    path,
    async process(clock: ManualClock, users: readonly ConsoleUser[] = []) {
      const sessions = new SessionBook(clock, limits);
      const people = { user: (name: string) => users.find((user) => user.name === name) };
      const common = { disk: nodeDisk, folder, name: "sessions", clock, logger: silentLogger };
      const file = new SessionFile({ sessions, people, ...common });
      await file.recall();
      return { sessions, file };
    },
  };
}

describe("the file of sessions", () => {
  it("keeps people signed in over a restart, as long as they may still be there", async () => {
    const { process } = await place();
    const clock = new ManualClock();
    const first = await process(clock, [ana]);
    const byLink = first.sessions.open("root", "admin", linkProof);
    const byPassword = first.sessions.open("ana", "operator", proofOf(ana));
    await first.file.stop();

    const second = await process(clock, [ana]);
    expect(second.sessions.find(byLink)).toMatchObject({ name: "root", role: "admin" });
    expect(second.sessions.find(byPassword)).toMatchObject({ name: "ana", role: "operator" });
  });

  it.each([
    { what: "is gone", users: [] },
    { what: "has another password", users: [{ ...ana, written: "scrypt$2" }] },
    { what: "has another role", users: [{ ...ana, role: "viewer" as const }] },
  ])("signs nobody in again who $what by now", async ({ users }) => {
    const { process } = await place();
    const clock = new ManualClock();
    const first = await process(clock, [ana]);
    const id = first.sessions.open("ana", "operator", proofOf(ana));
    await first.file.stop();
    expect((await process(clock, users)).sessions.find(id)).toBeUndefined();
  });

  it("takes a name that became a user's for that user, and not for who came by a link", async () => {
    const { process } = await place();
    const clock = new ManualClock();
    const first = await process(clock);
    const id = first.sessions.open("ana", "admin", linkProof);
    await first.file.stop();
    expect((await process(clock, [ana])).sessions.find(id)).toBeUndefined();
  });

  it("counts the time between two processes, and makes no session longer by a clock set back", async () => {
    const { process } = await place();
    const clock = new ManualClock();
    const first = await process(clock);
    const id = first.sessions.open("root", "admin", linkProof);
    await first.file.stop();
    clock.step(9 * hourMs);
    expect((await process(clock)).sessions.find(id)).toBeUndefined();

    clock.step(-100 * 24 * hourMs);
    const { sessions } = await process(clock);
    await clock.advance(7 * hourMs);
    expect(sessions.find(id)).toBeDefined();
    for (let n = 0; n < 3; n += 1) {
      await clock.advance(7 * hourMs);
      sessions.find(id);
    }
    expect(sessions.find(id)).toBeUndefined();
  });

  it("begins without anybody where the file is damaged", async () => {
    const { path, process } = await place();
    await writeFile(path, '[{"key":"a","name":3},null,{"key":');
    expect((await process(new ManualClock())).sessions.kept()).toEqual([]);
  });
});
