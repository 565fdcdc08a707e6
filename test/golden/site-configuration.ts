/** The site that was recorded before an upgrade: what its files say, and who lives there. */

export const rules = `version: 1
groups:
  - name: g
    rules:
      - alert: Hot
        select: { metric: temperature }
        condition: { threshold: { above: 30 } }
        severity: critical
      - alert: Silent
        select: { device: planned }
        condition: { absent: { longer_than: 1s } }
        severity: warning
      - alert: Quiet
        select: { profile: zigbee2mqtt/sensor }
        condition: { absent: { longer_than: 2s } }
        severity: warning
`;

/** Further lines of the configuration. */
export const configuration = `rules: { files: [rules.yaml] }
buffer: { segment_bytes: 64KiB }
time: { catch_up: 1s }
processor: { checkpoint_every: 1s, discover_every: 1s }
notify: { receivers: { log: { kind: log, format: json } } }
devices:
  - { id: freezer-07, profile: tasmota/sensor, topic: tele/freezer-07/+ }
  - { id: boiler, profile: tasmota/sensor, topic: tele/boiler/+ }
  - { id: counter, profile: tasmota/sensor, topic: tele/counter/+ }
  - { id: planned, profile: tasmota/sensor, topic: tele/planned/+ }
  - { id: freezer-08, profile: sluicegate/sim-freezer, topic: sim/freezer/freezer-08/telemetry }
`;

/**
 * Where the devices connect. The names of their sessions have it in them, so that of messages at QoS
 * 2 that were left open hold at this port only.
 */
export const mqttPort = 18_831;

export const topics = {
  freezer: "tele/freezer-07/SENSOR",
  boiler: "tele/boiler/SENSOR",
  counter: "tele/counter/SENSOR",
  planned: "tele/planned/SENSOR",
  numbered: "sim/freezer/freezer-08/telemetry",
  /** These are discovered. */
  greenhouse: "tele/greenhouse/SENSOR",
  cellar: "tele/cellar/SENSOR",
  hall: "zigbee2mqtt/hall",
  plug: "shellyplus1pm-08b61fcb7f3c/events/rpc",
  simulated: "sim/freezer/freezer-09/telemetry",
  /** Nobody's. */
  unread: "acme/press-1/state",
} as const;

/** What a thermometer with Tasmota says. */
export function tasmota(temperature: number): string {
  return JSON.stringify({ DS18B20: { Id: "1", Temperature: temperature }, TempUnit: "C" });
}

/** What a simulated freezer says; `n` numbers its messages. */
export function simulated(n: number): string {
  const ts = "2026-11-29T05:00:00.000Z";
  return JSON.stringify({ n, boot: "k3f9", ts, temperature: -18.4, door: false, compressor: true });
}

/** Two messages at QoS 2 that were begun and not released. The last one is only in the buffer. */
export const openMessages = [
  { clientId: "counter-1", messageId: 7, topic: topics.counter, payload: tasmota(11) },
  { clientId: "counter-2", messageId: 8, topic: topics.counter, payload: tasmota(12) },
] as const;
