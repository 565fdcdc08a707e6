/** Redpanda Connect behind Mosquitto. It hands messages on as they are. */
import { readRawSensor } from "./raw-sensor.ts";
import { withMosquitto } from "./with-mosquitto.ts";

export const redpandaConnect = withMosquitto({
  name: "Mosquitto and Redpanda Connect",
  program: "redpanda-connect",
  file: "connect.yaml",
  args: ["run"],
  subscribed: "Input type mqtt is now active",
  configuration: (mqttPort, natsUrl) => `input:
  mqtt:
    urls: ["tcp://127.0.0.1:${mqttPort}"]
    topics: ["tele/#"]
    client_id: connect
    qos: 1
    clean_session: false
output:
  nats_jetstream:
    urls: ["${natsUrl}"]
    subject: '\${! meta("mqtt_topic").replace_all("/", ".") }'
    max_in_flight: 1024
`,
  read: readRawSensor,
});
