import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conventionsWith } from "../../src/describe/conventions.ts";
import { readDescription, valuesIn } from "./given.ts";

describe("discovery messages of Home Assistant", () => {
  it("says what a node with ESPHome sends", () => {
    const description = readDescription({
      "homeassistant/sensor/weather-mast/outside_temperature/config": {
        dev_cla: "temperature",
        unit_of_meas: "°C",
        stat_cla: "measurement",
        name: "Outside Temperature",
        stat_t: "weather-mast/sensor/outside_temperature/state",
        avty_t: "weather-mast/status",
        uniq_id: "ESPsensoroutside_temperature",
        dev: {
          ids: "a4cf12000001",
          name: "weather-mast",
          sw: "2026.10.1 (config hash 0x1234abcd)",
          mdl: "esp32dev",
          mf: "Espressif",
          sa: "Roof",
          cns: [["mac", "a4cf12000001"]],
        },
      },
    });
    expect(description).toMatchObject({
      device: "a4cf12000001",
      facts: { name: "weather-mast", model: "esp32dev", manufacturer: "Espressif", area: "Roof" },
      presences: [{ topic: "weather-mast/status", online: ["online"], offline: ["offline"] }],
    });
    const topic = "weather-mast/sensor/outside_temperature/state";
    expect(valuesIn(description, topic, "21.5")).toEqual({ "outside_temperature Cel": "21.5" });
  });

  it("says what a sensor behind Zigbee2MQTT sends, without its name in front", () => {
    const description = readDescription({
      "homeassistant/sensor/0x00158d0001abcdef/temperature/config": {
        availability: [
          { topic: "zigbee2mqtt/bridge/state", value_template: "{{ value_json.state }}" },
          {
            topic: "zigbee2mqtt/cold-store/availability",
            value_template: "{{ value_json.state }}",
          },
        ],
        availability_mode: "all",
        device: {
          identifiers: ["zigbee2mqtt_0x00158d0001abcdef"],
          manufacturer: "Aqara",
          model: "Temperature and humidity sensor",
          model_id: "WSDCGQ11LM",
          name: "cold-store",
          via_device: "zigbee2mqtt_bridge_0x00124b0001020304",
        },
        device_class: "temperature",
        enabled_by_default: true,
        object_id: "cold-store_temperature",
        state_class: "measurement",
        state_topic: "zigbee2mqtt/cold-store",
        unique_id: "0x00158d0001abcdef_temperature_zigbee2mqtt",
        unit_of_measurement: "°C",
        value_template: '{{ value_json["temperature"] }}',
      },
    });
    expect(description).toMatchObject({
      isBehindAnother: true,
      topics: ["zigbee2mqtt/cold-store"],
    });
    expect(valuesIn(description, "zigbee2mqtt/cold-store", { temperature: 3.9 })).toEqual({
      "temperature Cel": 3.9,
    });
  });

  it("completes topics with ~ and reads brackets, as Tasmota's older discovery has them", () => {
    const description = readDescription({
      "homeassistant/sensor/5C62A1_ENERGY_Today/config": {
        name: "Dryer ENERGY Today",
        stat_t: "~SENSOR",
        avty_t: "~LWT",
        pl_avail: "Online",
        pl_not_avail: "Offline",
        uniq_id: "5C62A1_ENERGY_Today",
        device: { identifiers: ["5C62A1"], connections: [["mac", "84:0D:8E:5C:62:A1"]] },
        "~": "dryer/tele/",
        unit_of_meas: "kWh",
        val_tpl: "{{value_json['ENERGY'].Today}}",
        dev_cla: "power",
      },
    });
    expect(description.presences).toMatchObject([{ topic: "dryer/tele/LWT", online: ["Online"] }]);
    expect(valuesIn(description, "dryer/tele/SENSOR", { ENERGY: { Today: 0.154 } })).toEqual({
      "dryer_energy_today kWh": 0.154,
    });
  });

  it("takes topics with + of OpenMQTTGateway, and leaves out what is not in a message", () => {
    const description = readDescription({
      "homeassistant/sensor/A4C138000001-tempc/config": {
        stat_t: "+/+/BTtoMQTT/A4C138000001",
        dev_cla: "temperature",
        unit_of_meas: "°C",
        name: "LYWSD03MMC-tempc",
        uniq_id: "A4C138000001-tempc",
        val_tpl: "{{ value_json.tempc | is_defined }}",
        state_class: "measurement",
        device: {
          ids: ["A4C138000001"],
          cns: [["mac", "A4C138000001"]],
          mf: "Xiaomi",
          mdl: "LYWSD03MMC",
          name: "Mijia Thermometer-000001",
          via_device: "OpenMQTTGateway",
        },
      },
    });
    const topic = "+/+/BTtoMQTT/A4C138000001";
    expect(valuesIn(description, topic, { id: "A4:C1:38:00:00:01", tempc: 21.3 })).toEqual({
      "tempc Cel": 21.3,
    });
  });

  it("converts what Theengs tells in other words, and reads its truth values", () => {
    const device = { ids: ["C4A1"], name: "Lock-A1", mdl: "SBLK" };
    const lock = readDescription({
      "homeassistant/binary_sensor/C4A1-unlocked/config": {
        stat_t: "home/TheengsGateway/BTtoMQTT/C4A1",
        name: "SBLK-unlocked",
        uniq_id: "C4A1-unlocked",
        pl_on: "True",
        pl_off: "False",
        val_tpl: "{% if value_json.get('unlocked') is true -%}True{%- else -%}False{%- endif %}",
        device,
      },
    });
    const [reading] = lock.readings;
    expect(reading?.values).toEqual(
      new Map([
        ["True", true],
        ["true", true],
        ["False", false],
        ["false", false],
      ]),
    );
    const topic = "home/TheengsGateway/BTtoMQTT/C4A1";
    expect(valuesIn(lock, topic, { unlocked: true })).toEqual({ unlocked: "True" });
  });

  it("reads what rtl_433's helper announces: bare values, arithmetic, Fahrenheit", () => {
    const device = {
      identifiers: ["Acurite-606TX-134"],
      name: "Acurite-606TX-134",
      model: "Acurite-606TX",
    };
    const battery = readDescription({
      "homeassistant/sensor/Acurite-606TX-134/Acurite-606TX-134-B/config": {
        device_class: "battery",
        name: "Battery",
        unit_of_measurement: "%",
        value_template: "{{ float(value) * 99 + 1 }}",
        state_class: "measurement",
        state_topic: "rtl_433/pi/devices/Acurite-606TX/134/battery_ok",
        unique_id: "Acurite-606TX-134-B",
        device,
      },
    });
    const topic = "rtl_433/pi/devices/Acurite-606TX/134/battery_ok";
    expect(valuesIn(battery, topic, "1")).toEqual({ "battery %EL": 100 });
    const fahrenheit = readDescription({
      "homeassistant/sensor/Acurite-606TX-134/Acurite-606TX-134-F/config": {
        device_class: "temperature",
        name: "Temperature",
        unit_of_measurement: "°F",
        value_template: "{{ value|float }}",
        state_topic: "rtl_433/pi/devices/Acurite-606TX/134/temperature_F",
        unique_id: "Acurite-606TX-134-F",
        device,
      },
    });
    expect(fahrenheit.readings).toMatchObject([
      { name: "temperature", unit: "Cel", conversion: { multiply: 5, divide: 9 } },
    ]);
  });

  it("reads a message about a whole device, with what its parts share", () => {
    const description = readDescription({
      "homeassistant/device/roof-station/config": {
        dev: { ids: "roof-station", name: "Roof Station", mf: "Acme", mdl: "RS-1", sn: "0042" },
        o: { name: "acme2mqtt", sw: "2.1" },
        state_topic: "roof/state",
        avty_t: "roof/status",
        cmps: {
          t: {
            p: "sensor",
            uniq_id: "roof_t",
            name: "Temperature",
            dev_cla: "temperature",
            unit_of_meas: "°C",
            val_tpl: "{{value_json.t}}",
          },
          w: {
            p: "sensor",
            uniq_id: "roof_w",
            dev_cla: "wind_speed",
            unit_of_meas: "km/h",
            val_tpl: "{{value_json.w}}",
          },
          r: {
            p: "binary_sensor",
            uniq_id: "roof_r",
            name: "Rain",
            dev_cla: "moisture",
            pl_on: "wet",
            pl_off: "dry",
            val_tpl: "{{value_json.r}}",
          },
          b: { p: "button", uniq_id: "roof_b", cmd_t: "roof/restart" },
          gone: { p: "sensor" },
        },
      },
    });
    expect(description).toMatchObject({
      device: "roof-station",
      facts: { serial_number: "0042" },
      presences: [{ topic: "roof/status" }],
      passedOver: ["roof/restart"],
      leftOut: [],
    });
    expect(valuesIn(description, "roof/state", { t: 4.5, w: 36, r: "wet" })).toMatchObject({
      "temperature Cel": 4.5,
      "wind_speed m/s": 36,
      rain: "wet",
    });
    expect(description.readings.find(({ name }) => name === "rain")).toMatchObject({
      type: "listed",
      alarm: true,
    });
  });

  it("does not believe a value that is made up for a message without it, as EMS-ESP has it", () => {
    const description = readDescription({
      "homeassistant/sensor/ems-esp/boiler_outdoortemp/config": {
        "~": "ems-esp",
        uniq_id: "boiler_outdoortemp",
        stat_t: "~/boiler_data",
        name: "Outside temperature",
        val_tpl: "{{value_json.outdoortemp if value_json.outdoortemp is defined else 0}}",
        stat_cla: "measurement",
        dev_cla: "temperature",
        unit_of_meas: "°C",
        dev: { name: "EMS-ESP Boiler", ids: ["ems-esp-boiler"], via_device: "ems-esp" },
        avty: [
          { t: "~/status", val_tpl: "{{'online' if value == 'online' else 'offline'}}" },
          {
            t: "~/boiler_data",
            val_tpl: "{{'online' if value_json.outdoortemp is defined else 'offline'}}",
          },
        ],
        avty_mode: "all",
      },
    });
    expect(valuesIn(description, "ems-esp/boiler_data", { outdoortemp: 8.5 })).toEqual({
      "outside_temperature Cel": 8.5,
    });
    expect(valuesIn(description, "ems-esp/boiler_data", { curflowtemp: 40 })).toEqual({
      "outside_temperature Cel": undefined,
    });
    expect(description.presences.map(({ topic }) => topic)).toEqual(["ems-esp/status"]);
  });

  it("reads lamps, covers, thermostats, buttons and events", () => {
    const device = { ids: ["x1"], name: "Hall" };
    const lamp = readDescription({
      "homeassistant/light/x1/lamp/config": {
        schema: "json",
        name: null,
        stat_t: "hall/lamp",
        device,
      },
    });
    expect(valuesIn(lamp, "hall/lamp", { state: "ON", brightness: 200 })).toMatchObject({
      lamp: "ON",
      lamp_brightness: 200,
    });
    const cover = readDescription({
      "homeassistant/cover/x1/blind/config": {
        name: "Blind",
        stat_t: "hall/blind",
        pos_t: "hall/blind/pos",
        device,
      },
    });
    expect(cover.readings.map(({ name, type, unit }) => [name, type, unit])).toEqual([
      ["blind", "any", undefined],
      ["blind_position", "number", "%"],
    ]);
    const heating = readDescription({
      "homeassistant/climate/x1/heating/config": {
        name: "Heating",
        temp_unit: "F",
        curr_temp_t: "hall/heating",
        curr_temp_tpl: "{{ value_json.local }}",
        mode_stat_t: "hall/heating",
        mode_stat_tpl: "{{ value_json.mode }}",
        act_t: "hall/heating",
        act_tpl:
          "{% set values = {None:None,'idle':'idle','heat':'heating'} %}{{ values[value_json.run] }}",
        device,
      },
    });
    expect(valuesIn(heating, "hall/heating", { local: 70, mode: "heat", run: "heat" })).toEqual({
      "heating_current_temperature Cel": 70,
      heating_mode: "heat",
      heating_action: "heating",
    });
    const remote = readDescription({
      "homeassistant/device_automation/x1/action_single/config": {
        automation_type: "trigger",
        type: "action",
        subtype: "single",
        payload: "single",
        topic: "hall/remote/action",
        device,
      },
    });
    expect(valuesIn(remote, "hall/remote/action", "double")).toEqual({ action: "double" });
    const bell = readDescription({
      "homeassistant/event/x1/bell/config": {
        name: "Bell",
        stat_t: "hall/bell",
        evt_typ: ["press"],
        device,
      },
    });
    expect(valuesIn(bell, "hall/bell", { event_type: "press" })).toEqual({ bell: "press" });
  });

  it("leaves out an entity whose template it does not know, and says which and why", () => {
    const description = readDescription({
      "homeassistant/sensor/x1/boot/config": {
        name: "Boot",
        uniq_id: "x1_boot",
        stat_t: "x1/state",
        val_tpl: "{{ now() - timedelta(seconds=value_json.uptime) }}",
        dev: { ids: "x1" },
      },
    });
    expect(description.readings).toEqual([]);
    expect(description.leftOut).toEqual([
      'sensor/x1_boot: its template is not read: "now" is not known',
    ]);
  });

  it("keeps a unit that nobody knows as a word, and renames none", () => {
    const description = readDescription({
      "homeassistant/sensor/x1/uv/config": {
        name: "UV",
        unit_of_meas: "UV index",
        stat_t: "x1/uv",
        dev: { ids: "x1" },
      },
    });
    expect(description.readings).toMatchObject([
      { name: "uv", unknownUnit: "UV index", type: "number" },
    ]);
    expect(description.readings[0]).not.toHaveProperty("unit");
  });

  it("tells devices apart that give an identifier, an address, or neither", () => {
    const device = (dev: object) =>
      readDescription({ "homeassistant/sensor/node1/t/config": { stat_t: "x/t", dev } }).device;
    expect(device({ ids: [4711] })).toBe("4711");
    expect(device({ ids: "=mac-aa" })).toBe("==mac-aa");
    expect(device({ cns: [["mac", "AA:BB:CC:00:11:22"]] })).toBe("=mac-aa:bb:cc:00:11:22");
    expect(device({})).toBe("=topic-node1");
  });

  it("reads what a script on a Shelly announces, whose words are truth values", () => {
    const description = readDescription({
      "homeassistant/switch/a8032abe54dc-0/config": {
        name: "Boiler",
        uniq_id: "a8032abe54dc:switch:0",
        "~": "shellyplus1pm-a8032abe54dc",
        cmd_t: "~/rpc",
        stat_t: "~/status/switch:0",
        val_tpl: "{{ value_json.output }}",
        stat_on: true,
        stat_off: false,
        pl_on: '{"id":1,"method":"Switch.Set","params":{"id":0,"on":true}}',
        avty_t: "~/online",
        pl_avail: "true",
        pl_not_avail: "false",
        dev: { ids: ["a8032abe54dc"], name: "shellyplus1pm-a8032abe54dc", mdl: "SNSW-001P16EU" },
      },
    });
    const topic = "shellyplus1pm-a8032abe54dc/status/switch:0";
    expect(valuesIn(description, topic, { id: 0, output: false })).toEqual({ boiler: false });
    expect(description.readings[0]?.values?.get("false")).toBe(false);
    expect(description.presences).toMatchObject([{ online: ["true"], offline: ["false"] }]);
  });

  it("reads what the library of AWTRIX announces: a topic for each value and no template", () => {
    const description = readDescription({
      "homeassistant/sensor/c4dd57000001/c4dd57000001_lux/config": {
        name: "Illuminance",
        uniq_id: "c4dd57000001_lux",
        dev_cla: "illuminance",
        unit_of_meas: "lx",
        avty_t: "aha/c4dd57000001/avty_t",
        stat_t: "aha/c4dd57000001/c4dd57000001_lux/stat_t",
        dev: {
          ids: "c4dd57000001",
          mf: "Blueforcer",
          mdl: "AWTRIX 3",
          sw: "0.98",
          name: "awtrix_000001",
        },
      },
    });
    const topic = "aha/c4dd57000001/c4dd57000001_lux/stat_t";
    expect(valuesIn(description, topic, "37")).toEqual({ "illuminance lx": "37" });
  });

  it("throws for no message, whatever stands in it", () => {
    const word = fc.constantFrom(
      ...[
        "stat_t",
        "val_tpl",
        "dev",
        "ids",
        "cns",
        "cmps",
        "p",
        "avty",
        "t",
        "~",
        "name",
        "uniq_id",
      ],
      ...["unit_of_meas", "dev_cla", "exp_aft", "pl_on", "schema", "__proto__", "constructor", "e"],
    );
    const value = fc.oneof(
      fc.constantFrom(
        "sensor",
        "light",
        "json",
        "~/x",
        "{{ value }}",
        "{{",
        "°C",
        "#",
        "",
        null,
        true,
        -1,
      ),
      fc.jsonValue({ maxDepth: 2 }),
    );
    const entries = fc.array(fc.tuple(word, value), { maxLength: 8 });
    const fields = fc.letrec<{ object: object }>((tie) => ({
      object: fc
        .tuple(entries, fc.option(fc.tuple(word, tie("object")), { maxDepth: 3 }))
        .map(([pairs, inner]) => Object.fromEntries(inner === null ? pairs : [...pairs, inner])),
    })).object;
    const [convention] = conventionsWith("homeassistant");
    fc.assert(
      fc.property(word, fields, (component, message) => {
        for (const kind of ["device", "sensor", component])
          convention?.read(new Map([[`homeassistant/${kind}/x/config`, JSON.stringify(message)]]));
      }),
      { numRuns: 300 },
    );
  });
});
