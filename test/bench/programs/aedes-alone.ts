/** The MQTT package by itself: nothing in front of it, nothing behind it. */
import { createServer } from "node:net";
import { Aedes } from "aedes";
import { answer } from "./answer.ts";
import type { BrokerAnswer } from "./reports.ts";

const aedes = await Aedes.createBroker({ concurrency: 1_000, queueLimit: 1_000 });
const server = createServer({ noDelay: true }, (socket) => void aedes.handle(socket));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address) answer({ port: address.port } satisfies BrokerAnswer);
});
