import type { SourceTrial } from "../source-trial.ts";
import { PlayedBroker } from "./played-broker.ts";

const broker = await new PlayedBroker().open();

export const trial: SourceTrial = {
  entry: { kind: "mqtt-client", url: broker.url, topics: ["d1/#"] },
  async send({ link }, payloads) {
    if (link?.reason === "stopped") throw new Error("nobody is there to be told");
    let connection = await broker.next();
    while (connection.socket.destroyed) connection = await broker.next();
    await connection.welcome();
    for (const [at, payload] of payloads.entries())
      connection.publish(at + 1, payload, { topic: "d1/telemetry" });
    await connection.acked(payloads.length);
  },
  acknowledges: true,
};
