/** Telegraf behind Mosquitto. It reads the JSON, and writes its own. */
import { sensorStream } from "./raw-sensor.ts";
import { withMosquitto } from "./with-mosquitto.ts";

const decoder = new TextDecoder();

export const telegraf = withMosquitto({
  name: "Mosquitto and Telegraf",
  program: "telegraf",
  file: "telegraf.conf",
  args: ["--config"],
  subscribed: "Connected [tcp://",
  // What is unacknowledged may be ten times of what it has by itself: the rest waits at the broker.
  configuration: (mqttPort, natsUrl) => `[agent]
  omit_hostname = true
  metric_batch_size = 1000
  metric_buffer_limit = 100000
  flush_interval = "100ms"
[[inputs.mqtt_consumer]]
  servers = ["tcp://127.0.0.1:${mqttPort}"]
  topics = ["tele/#"]
  qos = 1
  persistent_session = true
  client_id = "telegraf"
  max_undelivered_messages = 10000
  data_format = "json"
[[outputs.nats]]
  servers = ["${natsUrl}"]
  subject = "tele.telegraf"
  data_format = "json"
  [outputs.nats.jetstream]
    name = "${sensorStream}"
    async_publish = true
    disable_stream_creation = true
`,
  read({ body }) {
    const text = decoder.decode(body);
    const device = /"topic":"tele\/([^/"]+)\/SENSOR"/.exec(text)?.[1];
    const n = /"COUNTER_C1":(\d+)/.exec(text)?.[1];
    return device === undefined || n === undefined ? undefined : { device, n: Number(n) };
  },
});
