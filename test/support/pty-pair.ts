/** Two terminals of the system with a line between them: a device at one, a gateway at the other. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { waitUntil } from "./wait-until.ts";

export interface PtyPair {
  readonly device: string;
  readonly gateway: string;
  stop(): Promise<void>;
}

export async function startPtyPair(folder: string, name: string): Promise<PtyPair> {
  const [device, gateway] = [join(folder, `${name}-device`), join(folder, `${name}-gateway`)];
  const ends = [device, gateway].map((path) => `PTY,rawer,link=${path}`);
  const socat = spawn("socat", ends, { stdio: "ignore" });
  const ended = new Promise<void>((resolve) => socat.once("exit", () => resolve()));
  await waitUntil(() => existsSync(device) && existsSync(gateway), "both ends are there");
  return {
    device,
    gateway,
    async stop() {
      socat.kill("SIGKILL");
      await ended;
    },
  };
}
