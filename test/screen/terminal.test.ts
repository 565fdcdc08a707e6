import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type PtyProgram, ptyProgram } from "../support/pty-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

const program = fileURLToPath(new URL("programs/counting.ts", import.meta.url));
const tsx = import.meta.resolve("tsx");
const counting = `sh pid.sh ${execPath} --import ${tsx} ${program}`;
const shell = "exec bash --norc --noprofile -i";

function shows(pty: PtyProgram, text: string): Promise<true> {
  return waitUntil(() => pty.screen.text.includes(text), `the screen shows: ${text}`);
}

/** Starts it; when it has ended the shell says how the terminal is that it left. */
async function start(): Promise<PtyProgram> {
  const pty = await ptyProgram(`${counting}; echo "exit $?"; stty -a`);
  await shows(pty, "the last row");
  return pty;
}

/** Starts it as people do, from a shell that can stop it. */
async function startFromShell(): Promise<PtyProgram> {
  const pty = await ptyProgram(shell);
  pty.type(`${counting}\n`);
  await shows(pty, "the last row");
  return pty;
}

function expectGivenBack({ said, screen }: PtyProgram): void {
  const [second, cursor, wraps] = ["1049", "25", "7"].map((mode) => screen.modes.get(mode));
  expect({ second, cursor, wraps }).toEqual({ second: false, cursor: true, wraps: true });
  expect(said()).toMatch(/ icanon\b/);
  expect(said()).toMatch(/ echo\b/);
}

describe("a terminal", () => {
  it("is drawn from edge to edge at every size, and never scrolls", async () => {
    const pty = await start();
    expect(pty.screen.rows[23]).toBe("the last row");
    await pty.resize(40, 6);
    await shows(pty, "40 by 6");
    expect(pty.screen.rows[5]).toBe("the last row");
    await pty.resize(1, 1);
    await waitUntil(() => pty.screen.rows[0] === "…", "one sign is left");
    await pty.resize(132, 50);
    await shows(pty, "132 by 50");
    expect(pty.screen.strange).toEqual([]);
    expect(pty.said()).not.toContain("\n");
  });

  it.each([
    ["ends in order", "q", "exit 0", "ended in order"],
    ["throws", "t", "exit 1", "Error: thrown at a key"],
    ["rejects a promise", "r", "exit 1", "Error: rejected at a key"],
    ["exits at once", "x", "exit 3", ""],
  ])(
    "is given back by a program that %s, and its last words stand where people see them",
    async (_, key, exit, words) => {
      const pty = await start();
      pty.type(key);
      await pty.ended;
      expect(pty.said()).toContain(exit);
      expectGivenBack(pty);
      expect(pty.said().split("\u001b[?1049l")[1]).toContain(words);
    },
  );

  it("is given back by a program that is asked to end", async () => {
    const pty = await start();
    process.kill(await pty.pid(), "SIGTERM");
    await pty.ended;
    expect(pty.said()).toContain("exit 143");
    expectGivenBack(pty);
  });

  it("is the shell's while the program is stopped, and is drawn anew when it goes on", async () => {
    const pty = await startFromShell();
    pty.type("\u001a");
    await waitUntil(() => pty.said().includes("Stopped"), "the shell is back");
    pty.type("stty -a; echo typed\n");
    await waitUntil(() => /\r\ntyped/.test(pty.said()), "the shell does what is typed");
    expectGivenBack(pty);
    await pty.resize(60, 10);
    pty.type("fg\n");
    await shows(pty, "60 by 10");
    pty.type("j");
    await shows(pty, "key 1: j");
    pty.type("q");
    await waitUntil(() => pty.said().includes("ended in order"), "it ends");
  });

  it("is taken again after a stop that the program could not see", async () => {
    const pty = await startFromShell();
    process.kill(await pty.pid(), "SIGSTOP");
    await waitUntil(() => pty.said().includes("Stopped"), "the shell is back");
    pty.type("fg\n");
    await waitUntil(() => pty.screen.rows[0] === "80 by 24", "it is drawn anew");
    pty.type("j");
    await waitUntil(() => pty.screen.rows[1]?.endsWith(": j"), "a key comes without Enter");
    pty.type("q");
    await waitUntil(() => pty.said().includes("ended in order"), "it ends");
  });

  it("stays taken where nobody could make a stopped program go on", async () => {
    const pty = await start();
    pty.type("\u001aj");
    await shows(pty, "key 1: j");
    expect(pty.screen.modes.get("1049")).toBe(true);
    pty.type("q");
    await pty.ended;
    expectGivenBack(pty);
  });

  it("that is closed is the end of the program, which ends as of a hang-up", async () => {
    const folder = await tempFolder();
    const script = `trap '' HUP; ${counting}; echo "$?" > now; mv now status`;
    const pty = await ptyProgram(script, { folder });
    await shows(pty, "the last row");
    await pty.close();
    const status = await waitUntil(
      async () => (await readFile(join(folder, "status"), "utf8").catch(() => "")) || undefined,
      "it is gone",
    );
    expect(status).toBe("129\n");
    expect(await readdir(folder)).toContain("gone");
  });
});
