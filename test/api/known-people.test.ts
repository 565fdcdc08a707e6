import { rm, writeFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { KnownPeople } from "../../src/api/sign-in/known-people.ts";
import { makeToken, parseTokensFile } from "../../src/api/sign-in/tokens-file.ts";
import { parseUsersFile } from "../../src/api/sign-in/users-file.ts";
import { whoAsks } from "../../src/api/sign-in/who-asks.ts";
import { nodeDisk } from "../../src/buffer/disk.ts";
import { noAudit } from "../../src/core/audit.ts";
import type { Disk } from "../../src/core/disk.ts";
import { silentLogger } from "../../src/core/logger.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";
import { hourMs, userLine, webHere } from "./web-here.ts";

describe("The files of people and programs", () => {
  it("count as they are now: a change is seen, and whoever it is about is told of", async () => {
    const folder = await tempFolder();
    const clock = new ManualClock();
    const changed: string[] = [];
    const usersFile = `${folder}/users`;
    const ana = userLine("ana", "admin");
    await writeFile(usersFile, `# people\n\n${ana}\n${userLine("vera", "viewer")}\n`);
    const people = new KnownPeople({
      audit: noAudit,
      ...{ usersFile, tokensFile: `${folder}/tokens`, disk: nodeDisk, clock },
      logger: silentLogger,
      changed: (names) => void changed.push(...names),
    });
    await people.start();
    onTestFinished(() => people.stop());
    const look = async (until: () => boolean, what: string) =>
      waitUntil(async () => {
        await clock.advance(3_000);
        return until();
      }, what);
    expect(people.user("vera")?.role).toBe("viewer");
    await writeFile(usersFile, `${ana}\n${userLine("vera", "operator")}\n`);
    await look(() => people.user("vera")?.role === "operator", "another role");
    expect(changed).toEqual(["vera"]);
    // A file with a fault changes nothing.
    await writeFile(usersFile, `${ana}\nvera:boss:x\n`);
    await clock.advance(9_000);
    expect(people.user("vera")?.role).toBe("operator");
    await rm(usersFile);
    await look(() => people.anybody === undefined, "nobody");
    expect(changed.sort()).toEqual(["ana", "vera", "vera"]);
  });

  it("are not taken for what stands there while somebody writes them", async () => {
    const folder = await tempFolder();
    const clock = new ManualClock();
    const changed: string[] = [];
    const usersFile = `${folder}/users`;
    const whole = `${userLine("ana", "admin")}\n${userLine("vera", "viewer")}\n`;
    await writeFile(usersFile, whole);
    let looks = 0;
    const disk: Disk = {
      ...nodeDisk,
      async open(path, mode) {
        const file = await nodeDisk.open(path, mode);
        if (path === usersFile) looks += 1;
        return file;
      },
    };
    const people = new KnownPeople({
      audit: noAudit,
      ...{ usersFile, tokensFile: `${folder}/tokens`, disk, clock },
      logger: silentLogger,
      changed: (names) => void changed.push(...names),
    });
    await people.start();
    onTestFinished(() => people.stop());
    await writeFile(usersFile, "");
    await clock.advance(3_000);
    await waitUntil(() => looks > 1, "it looked at the empty file");
    await writeFile(usersFile, whole);
    for (let n = 0; n < 4; n += 1) await clock.advance(3_000);
    await waitUntil(() => looks > 2, "it looked again");
    expect([people.user("vera")?.role, ...changed]).toEqual(["viewer"]);
  });

  it("name the line that does not fit, and nothing that may be a password", () => {
    const { faults, users } = parseUsersFile(
      [
        "ana:admin:hunter2",
        "ana",
        ":viewer:x",
        "a b:viewer:x",
        userLine("otto", "operator"),
        userLine("otto", "viewer"),
        `${userLine("vera", "viewer")}:more`,
        "__proto__:admin:x",
      ].join("\n"),
    );
    expect([...users.keys()]).toEqual(["otto"]);
    expect(faults.map(({ line }) => line)).toEqual([1, 2, 3, 4, 6, 7, 8]);
    expect(JSON.stringify(faults)).not.toMatch(/hunter2|scrypt\$/);
  });

  it("take no hash whose check would cost a box its memory", () => {
    const costly = ["1073741824$8$1", "32768$8$4096", "32768$1048576$1", "3$8$1", "0$8$1"];
    for (const cost of costly) {
      const salt = Buffer.alloc(16).toString("base64");
      const hash = Buffer.alloc(32).toString("base64");
      const { users } = parseUsersFile(`ana:admin:scrypt$${cost}$${salt}$${hash}`);
      expect([cost, users.size]).toEqual([cost, 0]);
    }
  });
});

describe("A token", () => {
  it("is known by its hash, until its end", async () => {
    const web = await webHere();
    const { hash, token } = makeToken();
    expect(token).toMatch(/^slg_[\w-]{43}$/);
    const end = new Date(web.clock.wallMs() + hourMs).toISOString();
    const { tokens } = parseTokensFile(`grafana:viewer:${hash}:${end}`);
    const ask = () =>
      whoAsks(
        { authorization: `Bearer ${token}`, sessionId: undefined },
        { sessions: web.sessions, tokens: () => tokens, wallMs: () => web.clock.wallMs() },
      );
    expect(ask()).toEqual({ name: "grafana", role: "viewer", by: "token" });
    await web.clock.advance(hourMs);
    expect(ask()).toBeUndefined();
  });
});
