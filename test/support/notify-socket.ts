/** What systemd listens on, played by a few lines of Python: what a service tells ends up in a file. */
import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { waitUntil } from "./wait-until.ts";

export interface NotifySocket {
  readonly path: string;
  /** Every assignment so far, in order. */
  heard(): string[];
}

/** Files that come along are closed by not taking them, as who waits at the barrier wants it. */
const listener = `
import socket, sys
box = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
box.bind(sys.argv[1])
while True:
    print(box.recv(65536).decode(), flush=True)
`;

/** Listens until the test ends. */
export async function openNotifySocket(folder: string): Promise<NotifySocket> {
  const path = join(folder, "notify");
  const heardPath = join(folder, "heard");
  const child = spawn("python3", ["-c", listener, path], {
    stdio: ["ignore", openSync(heardPath, "a"), "inherit"],
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  await waitUntil(() => existsSync(path), "the manager listens");
  return {
    path,
    heard: () =>
      readFileSync(heardPath, "utf8")
        .split("\n")
        .filter((line) => line !== "" && line !== "BARRIER=1"),
  };
}
