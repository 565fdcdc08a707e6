/** A real Mosquitto as a process, which can be stopped and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { freePort } from "../../src/demo/free-port.ts";
import { waitUntil } from "./wait-until.ts";

export class MosquittoProgram {
  readonly port: number;
  readonly #configuration: string;
  #child: ChildProcess | undefined;

  constructor(port: number, configuration: string) {
    this.port = port;
    this.#configuration = configuration;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Of the process that was started last. */
  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  async start(): Promise<void> {
    const program = ["/usr/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"].find(existsSync);
    this.#child = spawn(program ?? "mosquitto", ["-c", this.#configuration], { stdio: "ignore" });
    await waitUntil(() => answers(this.port), "mosquitto answers");
  }

  /** Ends it in order, so that it writes down what it keeps; or at once. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }
}

/**
 * Starts one on a free port; whoever starts it ends it. `more` are lines of its configuration behind
 * those of the listener, which may carry on with it; `{folder}` is the folder.
 */
export async function startMosquitto(
  folder: string,
  more: readonly string[] = [],
): Promise<MosquittoProgram> {
  const port = await freePort();
  const lines = [
    "user root",
    `listener ${port} 127.0.0.1`,
    ...(more.some((line) => line.startsWith("allow_anonymous")) ? [] : ["allow_anonymous true"]),
    ...more.map((line) => line.replaceAll("{folder}", folder)),
    "",
  ];
  const configuration = `${folder}/mosquitto.conf`;
  await writeFile(configuration, lines.join("\n"));
  const broker = new MosquittoProgram(port, configuration);
  await broker.start();
  return broker;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}
