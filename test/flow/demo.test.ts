import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { execPath } from "node:process";
import { describe, expect, it, onTestFinished } from "vitest";
import { program, programWith } from "../support/gateway-program.ts";
import type { Fault } from "../support/planted-program.ts";
import { processesNaming } from "../support/processes-naming.ts";
import { ptyProgram } from "../support/pty-program.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { waitUntil } from "../support/wait-until.ts";

interface DemoRun {
  readonly pid: number | undefined;
  /** All it wrote so far. */
  said(): string;
  readonly ended: Promise<number | null>;
  /** Whatever is left of it: files in its temporary folder, and processes that were given it. */
  left(): Promise<string[]>;
}

/** The demo as a newcomer starts it, but with a temporary folder of its own to put all things in. */
async function startDemo(args: readonly string[], fault?: Fault): Promise<DemoRun> {
  return runDemo([process.execPath, await programWith(fault), "demo", ...args]);
}

async function runDemo([command = "", ...args]: readonly string[]): Promise<DemoRun> {
  const folder = await tempFolder();
  const demo = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, TMPDIR: folder },
  });
  const ended = new Promise<number | null>((resolve) => demo.once("close", resolve));
  onTestFinished(async () => {
    demo.kill("SIGINT");
    await ended;
  });
  let text = "";
  for (const pipe of [demo.stdout, demo.stderr])
    pipe.setEncoding("utf8").on("data", (part: string) => {
      text += part;
    });
  return {
    pid: demo.pid,
    said: () => text,
    ended,
    left: async () => [
      ...(await readdir(folder)),
      ...processesNaming(folder).map(({ command }) => command),
    ],
  };
}

/** Of what `left` gives; a command line has blanks. */
const isFile = (left: string): boolean => !left.includes(" ");

const scriptAlone = ["--script", "--speed", "4x"];

describe("sluicegate demo", () => {
  it("ends with a proof that nothing was lost or doubled, and leaves nothing behind", async () => {
    const demo = await startDemo(scriptAlone);
    expect(await demo.ended, demo.said()).toBe(0);
    const [, sent, stored] =
      /^proof {3}sent by devices ([\d,]+) {3}stored in JetStream ([\d,]+) {3}lost 0 {3}duplicates 0 {3}out of order per device 0$/m.exec(
        demo.said(),
      ) ?? [];
    expect(sent).toMatch(/^[1-9]/);
    expect(stored).toBe(sent);
    expect(demo.said()).toMatch(/▲ FreezerWarm sim-freezer-07: .*\(late: the link was down\)/);
    expect(demo.said()).toMatch(/ 0 false "device silent" alerts/);
    expect(await demo.left()).toEqual([]);
  });

  it("exits 1 and names the event when one is lost", async () => {
    const demo = await startDemo(scriptAlone, "drop-record");
    expect(await demo.ended, demo.said()).toBe(1);
    expect(demo.said()).toMatch(/^proof .* lost 1 /m);
    expect(demo.said()).toMatch(/^ {8}✗ .*\w+-\d+.*lost/m);
    expect(await demo.left()).toEqual([]);
  });

  it("refuses a speed that it cannot keep, in words", async () => {
    for (const speed of ["8x", "0.1", "fast", "4xx"]) {
      const demo = await startDemo(["--script", "--speed", speed]);
      expect(await demo.ended).toBe(2);
      expect(demo.said()).toMatch(/--speed .*: .*; write 0\.5x to 5x, such as 4x/);
    }
  });

  it("is a screen on a terminal: forgets keys of the script, and shows what each later key leads to", async () => {
    const folder = await tempFolder();
    const demo = `${execPath} ${program} demo --speed 5x; echo "exit $?"`;
    const pty = await ptyProgram(demo, { env: { TMPDIR: folder } });
    const { screen } = pty;
    const shows = (pattern: RegExp) =>
      waitUntil(() => pattern.test(screen.text), `it shows ${pattern}`).catch((thrown) => {
        throw new Error(`${thrown.message}\n${screen.text}`);
      });
    await shows(/events {4}/);
    pty.type("uukd");
    await shows(/your turn/);
    for (const [key, follows, moves] of [
      ["u", /✂ cable unplugged +Link: offline; events wait/, /^Buffer {4}[1-9][\d,]* events wait/m],
      ["d", /door opened: .*alert follows/s, /^Link {6}buffering/m],
      ["u", /drained \d+ events.*▲ FreezerWarm sim-freezer-07/s, /^Alerts {4}1 firing/m],
      ["k", /killed \(SIGKILL\) and started: \d+ events wait +Link: linked/, /^Link {6}linked/m],
      ["d", /▽ FreezerWarm sim-freezer-07: ended/, /^Alerts {4}none firing/m],
    ] as const) {
      pty.type(key);
      await shows(follows);
      await shows(moves);
    }
    pty.type("q");
    await waitUntil(() => pty.said().includes("exit 0"), "it ends");
    expect(screen.strange).toEqual([]);
    const [, behind = ""] = pty.said().split("\u001b[?1049l");
    expect(behind).toMatch(/^proof .*lost 0\s+duplicates 0/ms);
    expect(Math.max(...behind.split(/\r?\n/).map((line) => line.length))).toBeLessThan(81);
    expect(behind.split("your turn")[0]?.match(/cable unplugged/g)).toHaveLength(1);
    expect([...(await readdir(folder)), ...processesNaming(folder)]).toEqual([]);
  });

  it("leaves no process behind when it is killed", async () => {
    const demo = await startDemo(scriptAlone);
    await waitUntil(() => demo.said().includes("cable unplugged"), "the demo is under way");
    process.kill(demo.pid ?? 0, "SIGKILL");
    await demo.ended;
    await waitUntil(async () => (await demo.left()).every(isFile), "all its processes are gone");
  });

  it("leaves no process and no file behind when it is interrupted", async () => {
    const demo = await startDemo(scriptAlone);
    await waitUntil(() => demo.said().includes("cable unplugged"), "the demo is under way");
    expect((await demo.left()).join("\n")).toMatch(/sluicegate.* run gateway/);
    process.kill(demo.pid ?? 0, "SIGINT");
    expect(await demo.ended).toBe(130);
    expect(await demo.left()).toEqual([]);
  });
});
