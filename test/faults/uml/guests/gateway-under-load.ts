/** In a guest: the real gateway, a load on it, and each PUBACK on the console. */
import { systemClock } from "../../../../src/app/system-clock.ts";
import { startLoad } from "../../../../src/simulate/load-generator.ts";
import { printAcks } from "./print-acks.ts";
import { mqttUrl, startGateway } from "./start-gateway.ts";
import { variable } from "./variable.ts";

const boot = variable("boot");
console.log("STARTING");
startGateway();
startLoad({
  url: mqttUrl,
  connections: 4,
  window: 50,
  payloadBytes: 200,
  boot,
  topicOf: (device) => `sim/freezer/${boot}-${device}/telemetry`,
  clock: systemClock,
  onAck: printAcks((device) => `${boot}-${device}`),
});
