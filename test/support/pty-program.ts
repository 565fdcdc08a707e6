/** A program on a terminal of its own: what it writes is shown, keys are pressed, and it is resized. */
import { execFile, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { endChild } from "./end-child.ts";
import { ShownScreen } from "./shown-screen.ts";
import { tempFolder } from "./temp-folder.ts";

const run = promisify(execFile);

export interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Where it runs; default: a new one. */
  readonly folder?: string;
  /** In place of a usual terminal with UTF-8. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface PtyProgram {
  readonly screen: ShownScreen;
  /** All that was written. */
  said(): string;
  type(keys: string): void;
  resize(columns: number, rows: number): Promise<void>;
  /** The process that the script started by `sh pid.sh <program>`. */
  pid(): Promise<number>;
  /** Closes the terminal while the program runs. */
  close(): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Runs a script of the shell on a new terminal, in a session of its own. */
export async function ptyProgram(script: string, options: PtyOptions = {}): Promise<PtyProgram> {
  const { columns = 80, env = {}, folder = await tempFolder(), rows = 24 } = options;
  const at = (name: string): string => join(folder, name);
  await writeFile(at("pid.sh"), 'echo $$ > pid; exec "$@"\n');
  await writeFile(at("script.sh"), `tty > tty; stty cols ${columns} rows ${rows}\n${script}\n`);
  const usual = { TERM: "xterm-256color", LANG: "C.UTF-8", LC_ALL: "", NO_COLOR: "" };
  const child = spawn("socat", ["-t", "0.1", "STDIO", "EXEC:sh script.sh,pty,setsid,ctty,stderr"], {
    cwd: folder,
    env: { ...process.env, ...usual, ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => endChild(child));
  const screen = new ShownScreen({ columns, rows });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
    screen.write(part);
  });
  return {
    screen,
    said: () => text,
    type: (keys) => void child.stdin.write(keys),
    async resize(toColumns, toRows) {
      screen.resize(toColumns, toRows);
      const tty = (await readFile(at("tty"), "utf8")).trim();
      await run("stty", ["-F", tty, "cols", String(toColumns), "rows", String(toRows)]);
    },
    pid: async () => Number(await readFile(at("pid"), "utf8")),
    close: () => endChild(child),
    ended: new Promise((resolve) => child.once("close", resolve)),
  };
}
