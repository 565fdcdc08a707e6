import { createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { mosquittoProcess } from "../../support/mosquitto-process.ts";
import type { ReceiverTrial } from "./trial.ts";

export const trial: ReceiverTrial = {
  async taken() {
    const { url } = await mosquittoProcess();
    return { entry: { kind: "mqtt", url } };
  },
  refused: undefined,
  async broken() {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => void sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    return { entry: { kind: "mqtt", url: `mqtt://127.0.0.1:${port}`, timeout: "200ms" } };
  },
};
