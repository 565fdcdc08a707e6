/** Devices of ten families as their makers' firmware speaks, each message with a number in its reading. */

/** One message, and the event that has to come of it. */
export interface FamilyMessage {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

export interface Family {
  readonly name: string;
  /** The id that a device of this name gets. */
  idOf(device: string): string;
  /** The name of the metric that holds the number. */
  readonly metric: string;
  /** What a device says with the number `n`, at `atMs`; several where it is heard several times. */
  say(device: string, n: number, atMs: number): readonly FamilyMessage[];
}

const json = (topic: string, payload: object, retain = false): FamilyMessage => ({
  topic,
  payload: JSON.stringify(payload),
  retain,
});

/** Twelve digits in hex of a name with a number behind its hyphen. */
function addressOf(device: string): string {
  return Number(device.split("-")[1]).toString(16).toUpperCase().padStart(12, "0");
}

export const families: readonly Family[] = [
  {
    name: "tasmota",
    idOf: (device) => `tasmota-${device}`,
    metric: "temperature",
    say: (device, n, atMs) => [
      json(`tele/${device}/SENSOR`, {
        Time: new Date(atMs).toISOString().slice(0, 19),
        AM2301: { Temperature: n, Humidity: 50 },
        TempUnit: "C",
      }),
    ],
  },
  {
    name: "zigbee2mqtt",
    idOf: (device) => `z2m-floor/${device}`,
    metric: "temperature",
    say: (device, n) => [
      json(`zigbee2mqtt/floor/${device}`, { temperature: n, linkquality: 80 }, true),
    ],
  },
  {
    name: "shelly of the later generations",
    idOf: (device) => `shelly-shellyplus1pm-${device}`,
    metric: "temperature_100",
    say: (device, n, atMs) => [
      json(`shellyplus1pm-${device}/events/rpc`, {
        src: `shellyplus1pm-${device}`,
        dst: `shellyplus1pm-${device}/events`,
        method: "NotifyStatus",
        params: { ts: atMs / 1_000, "temperature:100": { id: 100, tC: n, tF: n * 1.8 + 32 } },
      }),
    ],
  },
  {
    name: "shelly of the first generation",
    idOf: (device) => `shelly-shellyht-${device}`,
    metric: "temperature",
    say: (device, n) => [
      { topic: `shellies/shellyht-${device}/sensor/temperature`, payload: `${n}`, retain: true },
    ],
  },
  {
    name: "esphome",
    idOf: (device) => `esphome-${device}`,
    metric: "temperature",
    say: (device, n) => [
      { topic: `${device}/sensor/temperature/state`, payload: `${n}`, retain: true },
    ],
  },
  {
    name: "the things stack",
    idOf: (device) => `tts-plant-${device}`,
    metric: "temperature",
    say: (device, n, atMs) => [
      json(`v3/plant/devices/${device}/up`, {
        end_device_ids: { device_id: device, application_ids: { application_id: "plant" } },
        received_at: new Date(atMs).toISOString(),
        uplink_message: { f_port: 2, f_cnt: n, decoded_payload: { temperature: n } },
      }),
    ],
  },
  {
    name: "chirpstack",
    idOf: (device) => `chirpstack-${addressOf(device)}`,
    metric: "temperature",
    say: (device, n, atMs) => [
      json(`application/7e8d/device/${addressOf(device)}/event/up`, {
        deduplicationId: `${device} ${n}`,
        time: new Date(atMs).toISOString(),
        deviceInfo: { deviceName: device, devEui: addressOf(device) },
        fPort: 2,
        fCnt: n,
        object: { temperature: n },
      }),
    ],
  },
  {
    name: "openmqttgateway, heard twice",
    idOf: (device) => `omg-${addressOf(device).replace(/..(?=.)/g, "$&:")}`,
    metric: "temperature",
    say: (device, n) =>
      ["OMG_1", "OMG_2"].map((gateway, at) =>
        json(`home/${gateway}/BTtoMQTT/${addressOf(device)}`, {
          id: addressOf(device).replace(/..(?=.)/g, "$&:"),
          model: "LYWSDCGQ",
          tempc: n,
          hum: 50,
          rssi: -60 - at,
        }),
      ),
  },
  {
    name: "a node that describes itself",
    idOf: (device) => `ha-${device}`,
    metric: "temperature",
    say: (device, n) => [json(`own/${device}/state`, { t: n })],
  },
  {
    name: "a bridge of Tasmota",
    idOf: (device) => `tasmota-zbbridge-0x${addressOf(device).slice(-4)}`,
    metric: "temperature",
    say: (device, n) => {
      const address = `0x${addressOf(device).slice(-4)}`;
      const said = { Device: address, Name: device, Temperature: n, Endpoint: 1, LinkQuality: 99 };
      return [json("tele/zbbridge/SENSOR", { ZbReceived: { [address]: said } })];
    },
  },
];

/** What a node that describes itself says of itself, kept by the broker. */
export function descriptionOf(device: string): FamilyMessage {
  return json(
    `homeassistant/sensor/${device}/temperature/config`,
    {
      name: "Temperature",
      unique_id: `${device}-t`,
      state_topic: `own/${device}/state`,
      value_template: "{{ value_json.t }}",
      unit_of_measurement: "°C",
      device_class: "temperature",
      device: { identifiers: [device], name: device },
    },
    true,
  );
}

/** What nobody measures. */
export function noise(n: number): readonly FamilyMessage[] {
  return [
    json("zigbee2mqtt/bridge/logging", { level: "info", message: `MQTT publish ${n}` }),
    { topic: "homeassistant/status", payload: "online", retain: true },
    { topic: `nobody/reads/${n % 3}`, payload: `line ${n}`, retain: false },
    { topic: "cmnd/plug/POWER", payload: "", retain: false },
  ];
}
