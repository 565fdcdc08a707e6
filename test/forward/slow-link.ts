import { connect, createServer } from "node:net";
import { onTestFinished } from "vitest";

export interface SlowLink {
  readonly url: string;
  /** How often somebody connected and sent something; who only looks whether a server greets does not count. */
  readonly connections: number;
}

/** What is held on the way, besides the buffers of the system. */
const heldBytes = 16 * 1_024;
const everyMs = 20;

/** A way to a server that carries so many bytes per second there, and all that comes back at once. */
export async function slowLink(port: number, bytesPerSecond: number): Promise<SlowLink> {
  let connections = 0;
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    let held = Buffer.alloc(0);
    let lastMs = performance.now();
    near.once("data", () => {
      connections += 1;
    });
    near.on("data", (chunk) => {
      held = Buffer.concat([held, chunk]);
      if (held.length >= heldBytes) near.pause();
    });
    far.pipe(near);
    const timer = setInterval(() => {
      const nowMs = performance.now();
      const part = Math.ceil(((nowMs - lastMs) * bytesPerSecond) / 1_000);
      lastMs = nowMs;
      far.write(held.subarray(0, part));
      held = held.subarray(part);
      if (held.length < heldBytes) near.resume();
    }, everyMs);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => {
        clearInterval(timer);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("it listens without a port");
  return {
    url: `nats://127.0.0.1:${address.port}`,
    get connections() {
      return connections;
    },
  };
}
