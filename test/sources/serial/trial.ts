import { createServer, type Socket } from "node:net";
import { systemClock } from "../../../src/app/system-clock.ts";
import { sleep } from "../../../src/core/clock.ts";
import { waitUntil } from "../../support/wait-until.ts";
import type { SourceTrial } from "../source-trial.ts";

/** A serial server; what a device says there goes to whoever is connected. */
const sockets = new Set<Socket>();
const server = createServer((socket) => {
  sockets.add(socket);
  socket.on("error", () => {});
  socket.on("close", () => sockets.delete(socket));
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
server.unref();
const address = server.address();
const port = typeof address === "object" ? address?.port : undefined;

export const trial: SourceTrial = {
  entry: { kind: "serial", name: "press", path: `tcp://127.0.0.1:${port}`, framing: "lines" },
  async send({ link }, payloads) {
    if (link?.reason === "stopped") throw new Error("nobody is there to be told");
    await waitUntil(() => sockets.size === 1, "somebody listens");
    // What comes at once may be the rest of a line.
    await sleep(systemClock, 150);
    for (const socket of sockets) socket.write(payloads.map((line) => `${line}\r\n`).join(""));
  },
  acknowledges: false,
};
