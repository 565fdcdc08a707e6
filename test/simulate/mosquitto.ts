import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { tempFolder } from "../support/temp-folder.ts";

export interface Mosquitto {
  readonly port: number;
  /** Everything it received since it started, as topic and payload, in order of arrival. */
  readonly received: readonly { readonly topic: string; readonly payload: string }[];
}

/**
 * A real broker of the running test's own, and a real client that watches it. `more` are lines at
 * the end of its configuration.
 */
export async function mosquitto(more: readonly string[] = []): Promise<Mosquitto> {
  const folder = await tempFolder();
  const port = await freePort();
  const configurationPath = join(folder, "mosquitto.conf");
  await writeFile(
    configurationPath,
    [
      `listener ${port} 127.0.0.1`,
      "allow_anonymous true",
      "max_queued_messages 0",
      "max_inflight_messages 0",
      "user root",
      ...more,
      "",
    ].join("\n"),
  );
  const program = ["/usr/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"].find(existsSync);
  run(program ?? "mosquitto", ["-c", configurationPath]);
  await waitUntil(() => answers(port));

  const received: { topic: string; payload: string }[] = [];
  const watcher = run("mosquitto_sub", ["-p", String(port), "-q", "1", "-v", "-t", "#"]);
  let rest = "";
  watcher.stdout?.setEncoding("utf8");
  watcher.stdout?.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const space = line.indexOf(" ");
      received.push({ topic: line.slice(0, space), payload: line.slice(space + 1) });
    }
  });
  run("mosquitto_pub", ["-p", String(port), "-q", "1", "-r", "-t", "watcher", "-m", "ready"]);
  await waitUntil(async () => received.some(({ topic }) => topic === "watcher"));
  received.length = 0;
  return { port, received };
}

/** Looks again and again, until the test's own time is over. */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 10));
}

function run(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  return child;
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
