/** Clients that send messages of 1 B at QoS 0 as fast as they are taken, until the program is ended. */
import { createConnection } from "node:net";
import mqttPacket from "mqtt-packet";
import { answer, readArguments } from "./answer.ts";
import type { FloodArguments } from "./reports.ts";

const { connections, url } = readArguments<FloodArguments>();
const { hostname, port } = new URL(url);

function flood(n: number): Promise<void> {
  const socket = createConnection({ host: hostname, port: Number(port) });
  const message = mqttPacket.generate({
    cmd: "publish",
    topic: `flood/${n}`,
    payload: "x",
    qos: 0,
    dup: false,
    retain: false,
  });
  const many = Buffer.alloc(message.length * 5_000, message);
  const more = (): void => {
    while (!socket.destroyed && socket.write(many));
  };
  socket.write(
    mqttPacket.generate({ cmd: "connect", clientId: `flood-${n}`, keepalive: 0, clean: true }),
  );
  socket.on("drain", more);
  socket.resume();
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.once("data", () => {
      more();
      resolve();
    });
  });
}

await Promise.all(Array.from({ length: connections }, (_, n) => flood(n)));
answer({ started: true });
