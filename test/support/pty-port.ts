import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readlink, rm } from "node:fs/promises";
import type { Readable, Writable } from "node:stream";
import { waitUntil } from "./wait-until.ts";

type Socat = ChildProcessByStdio<Writable, Readable, null>;

/** A port that is a terminal of the system, with the test where its device is. */
export class PtyPort {
  /** The same each time it is plugged in, as a name below `/dev/serial/by-id` is. */
  readonly path: string;
  #socat: Socat | undefined;
  /** What was written to the port since it was plugged in. */
  heard = Buffer.alloc(0);

  constructor(path: string) {
    this.path = path;
  }

  async plug(): Promise<void> {
    this.heard = Buffer.alloc(0);

    const socat = spawn("socat", ["-b", "65536", "-", `PTY,rawer,link=${this.path}`], {
      stdio: ["pipe", "pipe", "ignore"],
    });
    socat.stdin.on("error", () => {});
    socat.stdout.on("data", (bytes: Buffer) => {
      this.heard = Buffer.concat([this.heard, bytes]);
    });
    this.#socat = socat;
    await waitUntil(() => existsSync(this.path), "the port is there");
  }

  /** The device takes nothing more; the port is full soon. */
  standStill(): void {
    this.#socat?.kill("SIGSTOP");
  }

  /** The terminal is gone at once, and so is its name. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    if (socat === undefined) return;
    this.#socat = undefined;
    const ended = new Promise((resolve) => socat.once("exit", resolve));
    socat.kill("SIGKILL");
    await ended;
    await rm(this.path, { force: true });
  }

  /** The device says something; resolves when the system has taken it. */
  say(bytes: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socat === undefined) return resolve();
      this.#socat.stdin.write(bytes, () => resolve());
    });
  }

  /** The terminal that its name stands for. */
  realPath(): Promise<string> {
    return readlink(this.path);
  }
}
