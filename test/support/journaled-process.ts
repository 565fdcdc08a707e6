import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

/** A program that is started again and again; all that its processes write goes into one file. */
export class JournaledProcess {
  readonly #journalPath: string;
  #child: ChildProcess | undefined;
  #ended: Promise<number | null> = Promise.resolve(null);

  constructor(journalPath: string) {
    this.#journalPath = journalPath;
    closeSync(openSync(journalPath, "a"));
  }

  /** Of the process that was started last; 0 before the first. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The process that was started last is still there. */
  get alive(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  start(...[command = process.execPath, ...args]: readonly string[]): void {
    const said = openSync(this.#journalPath, "a");
    const child = spawn(command, args, { stdio: ["ignore", said, said] });
    closeSync(said);
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
  }

  /** Resolves with the exit status when it is gone. */
  end(signal: NodeJS.Signals): Promise<number | null> {
    this.#child?.kill(signal);
    return this.#ended;
  }

  /** Sends a signal that does not end it. */
  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGHUP"): void {
    this.#child?.kill(signal);
  }

  journal(): string {
    return readFileSync(this.#journalPath, "utf8");
  }
}
