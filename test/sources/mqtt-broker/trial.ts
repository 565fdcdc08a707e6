import { connect } from "../../support/mqtt-device.ts";
import type { SourceTrial } from "../source-trial.ts";

export const trial: SourceTrial = {
  entry: { kind: "mqtt-broker", listen: "127.0.0.1:0" },
  async send({ address }, payloads) {
    const device = await connect({ port: Number(address.split(":").at(-1)), clientId: "d1" });
    await Promise.all(payloads.map((payload) => device.publish("d1/telemetry", payload)));
  },
  acknowledges: true,
};
