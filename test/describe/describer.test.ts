import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeDisk } from "../../src/buffer/disk.ts";
import type { Seq } from "../../src/core/ids.ts";
import { type DeviceId, toDeviceId, toSeq } from "../../src/core/ids.ts";
import type { RawMessage } from "../../src/core/message.ts";
import { conventionsWith } from "../../src/describe/conventions.ts";
import { Describer } from "../../src/describe/describer.ts";
import type { Facts } from "../../src/describe/description.ts";
import type { KnownDevice } from "../../src/normalize/known-device.ts";
import { createNormalizer } from "../../src/normalize/normalizer.ts";
import { readerOf } from "../../src/normalize/self-described.ts";
import {
  eventsOf,
  type Given,
  givenCatalog,
  givenDevice,
  givenMessage,
  givenProfile,
} from "../normalize/given.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { silentLogger } from "../support/silence.ts";
import { tempFolder } from "../support/temp-folder.ts";

const limits = { maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 100 };

interface GivenDescriber extends Given {
  readonly folder?: string;
}

/** A describer with a normalizer behind it, a real disk, and a list of what it told. */
async function givenDescriber(given: GivenDescriber = {}) {
  const folder = given.folder ?? (await tempFolder());
  const clock = new ManualClock();
  const catalog = givenCatalog(given);
  const configured = new Set(catalog.configuredDevices().map(({ device }) => device));
  const told: string[] = [];
  const facts = new Map<DeviceId, Facts>();
  const devices = new Map<DeviceId, KnownDevice>();
  const describer = new Describer({
    conventions: conventionsWith("homeassistant"),
    ownTopics: "homeassistant/",
    ...{ disk: nodeDisk, folder, clock, logger: silentLogger },
    readerOf: (topic) => readerOf(catalog, topic),
    isConfigured: (device) => configured.has(device),
    described(device) {
      devices.set(device.id, device);
      told.push(`described ${device.id}`);
    },
    learned: (device, learned) => facts.set(device, learned),
    gone: (device) => told.push(`gone ${device}`),
    lastSeq: () => toSeq(7),
  });
  onTestFinished(() => describer.stop());
  await describer.recall();
  describer.tell();
  const normalize = createNormalizer({ catalog, described: describer, ...limits });
  const send = (topic: string, payload: string | object, differs: Partial<RawMessage> = {}) =>
    normalize(givenMessage(topic, payload, differs), true);
  return {
    ...{ clock, describer, devices, facts, folder, send, told },
    /** What was read of a message: device, then names with units and values. */
    read(topic: string, payload: string | object, differs: Partial<RawMessage> = {}): unknown {
      const found = send(topic, payload, differs);
      if (found.passedOver !== undefined) return found.passedOver;
      return eventsOf(found).map(({ event }) => {
        if (event.kind === "rejection") return event.data.code;
        if (event.kind !== "measurement") return [event.device, event.data];
        return [
          event.device,
          Object.fromEntries(
            event.data.map(({ name, quality, unit, value }) => [
              unit === undefined ? name : `${name} ${unit}`,
              quality === "good" ? value : [value, quality],
            ]),
          ),
        ];
      });
    },
    /** Writes what waits. */
    async settle(): Promise<void> {
      await clock.advance(100);
      await describer.stop();
    },
  };
}

function sensor(name: string, differs: object = {}): object {
  return {
    name,
    uniq_id: `roof_${name}`,
    stat_t: "roof/state",
    val_tpl: `{{ value_json.${name} }}`,
    dev: { ids: ["roof-1"], name: "Roof", mdl: "RS-1" },
    ...differs,
  };
}

const temperature = sensor("temperature", { dev_cla: "temperature", unit_of_meas: "°F" });

describe("Describer", () => {
  it("reads the messages of a device as it says that they are to be read", async () => {
    const { read, send } = await givenDescriber();
    expect(read("roof/state", { temperature: 68 })).toEqual(["no-profile"]);
    expect(read("homeassistant/sensor/roof/t/config", temperature)).toBe("description");
    send(
      "homeassistant/binary_sensor/roof/d/config",
      sensor("hatch", { pl_on: "open", pl_off: "shut" }),
    );
    expect(read("roof/state", { temperature: 68, hatch: "open", other: 1 })).toEqual([
      ["ha-roof-1", { "temperature Cel": 20, hatch: true }],
    ]);
    expect(read("roof/state", { hatch: "shut" })).toEqual([["ha-roof-1", { hatch: false }]]);
  });

  it("stores a value that does not fit as what came, and rejects a message without any that does", async () => {
    const { read, send } = await givenDescriber();
    send("homeassistant/sensor/roof/t/config", temperature);
    send(
      "homeassistant/sensor/roof/h/config",
      sensor("humidity", { unit_of_meas: "%", dev_cla: "humidity" }),
    );
    expect(read("roof/state", { temperature: "cold", humidity: 40 })).toEqual([
      ["ha-roof-1", { temperature: ["cold", "bad"], "humidity %RH": 40 }],
    ]);
    expect(read("roof/state", { temperature: "cold" })).toEqual(["bad-value"]);
    expect(read("roof/state", { other: 1 })).toEqual(["no-metric"]);
    expect(read("roof/state", { temperature: null })).toMatchObject([
      ["ha-roof-1", { state: "online" }],
    ]);
  });

  it("says with each event which edition of the description it was read by", async () => {
    const { send } = await givenDescriber();
    const profile = () => {
      const found = send("roof/state", { temperature: 68 });
      return found.passedOver === undefined ? found.event.profile : undefined;
    };
    send("homeassistant/sensor/roof/t/config", temperature);
    const first = profile();
    expect(first).toMatch(/^homeassistant\/discovery@[0-9a-f]{8}$/);
    send("homeassistant/sensor/roof/t/config", { ...temperature, icon: "mdi:thermometer" });
    expect(profile()).toBe(first);
    send("homeassistant/sensor/roof/h/config", sensor("humidity"));
    expect(profile()).not.toBe(first);
  });

  it("reads the same after a restart, under the same names, before anybody describes anything", async () => {
    const before = await givenDescriber();
    before.send(
      "homeassistant/sensor/roof/a/config",
      sensor("t", { name: "Probe", val_tpl: "{{ value_json.a }}" }),
    );
    before.send("homeassistant/sensor/roof/b/config", {
      ...sensor("u", { name: "Probe", val_tpl: "{{ value_json.b }}" }),
    });
    const values = { a: "1", b: "2" };
    expect(before.read("roof/state", values)).toEqual([
      ["ha-roof-1", { probe: "1", probe_roof_u: "2" }],
    ]);
    // The one that had the plain name is gone, and the other does not take it over.
    before.send("homeassistant/sensor/roof/a/config", "");
    expect(before.read("roof/state", values)).toEqual([["ha-roof-1", { probe_roof_u: "2" }]]);
    await before.settle();
    const after = await givenDescriber({ folder: before.folder });
    expect(after.told).toEqual(["described ha-roof-1"]);
    expect(after.read("roof/state", values)).toEqual([["ha-roof-1", { probe_roof_u: "2" }]]);
    expect(after.devices.get(toDeviceId("ha-roof-1"))?.profile.attrs).toEqual({
      name: "Roof",
      model: "RS-1",
    });
  });

  it("vouches for a description once it is on disk", async () => {
    const { clock, folder, send } = await givenDescriber();
    const taken = send("homeassistant/sensor/roof/t/config", temperature);
    const until: { readonly seq: Seq | undefined } | undefined = taken.passedOver && taken.until;
    expect(until).toEqual({ seq: undefined });
    await clock.advance(100);
    await expect.poll(() => until?.seq).toBe(7);
    expect(await readFile(`${folder}/descriptions.ndjson`, "utf8")).toContain("roof_temperature");
    const again = send("homeassistant/sensor/roof/t/config", temperature);
    expect(again).toEqual({ passedOver: "description" });
  });

  it("goes on with what it can read of a damaged file", async () => {
    const before = await givenDescriber();
    before.send("homeassistant/sensor/roof/t/config", temperature);
    await before.settle();
    const path = `${before.folder}/descriptions.ndjson`;
    await writeFile(path, `null\n{"topic":1}\n${await readFile(path, "utf8")}{"topic":"homeassist`);
    const after = await givenDescriber({ folder: before.folder });
    expect(after.read("roof/state", { temperature: 68 })).toEqual([
      ["ha-roof-1", { "temperature Cel": 20 }],
    ]);
  });

  it("tells that a device is gone when the last of its descriptions was taken back", async () => {
    const { clock, read, send, told } = await givenDescriber();
    send("homeassistant/sensor/roof/t/config", temperature);
    send("homeassistant/sensor/roof/h/config", sensor("humidity"));
    await clock.advance(100);
    await expect.poll(() => told).toEqual(["described ha-roof-1"]);
    send("homeassistant/sensor/roof/t/config", "");
    send("homeassistant/sensor/roof/h/config", "");
    await clock.advance(100);
    await expect.poll(() => told).toEqual(["described ha-roof-1", "gone ha-roof-1"]);
    expect(read("roof/state", { temperature: 68 })).toEqual(["no-profile"]);
  });

  it("leaves a topic to the profile that reads it, and tells of its device what it said", async () => {
    const { clock, facts, read, send, told } = await givenDescriber({ profiles: [givenProfile()] });
    send("homeassistant/sensor/p1/t/config", sensor("t", { stat_t: "plant/p1/data" }));
    await clock.advance(100);
    await expect
      .poll(() => facts.get(toDeviceId("acme-p1")))
      .toEqual({ name: "Roof", model: "RS-1" });
    expect(told).toEqual([]);
    expect(read("plant/p1/data", { t: 4 })).toEqual([["acme-p1", { "temperature Cel": 4 }]]);
  });

  it("reads what is below the topic of descriptions itself, though a profile would take it", async () => {
    const esphome = givenProfile({ match: { topic: "{device}/sensor/{sensor}/state" } });
    const { read, send } = await givenDescriber({ profiles: [esphome] });
    const topic = "homeassistant/sensor/bedroom/state";
    send("homeassistant/sensor/bedroom/t/config", { ...temperature, stat_t: topic });
    expect(read(topic, { temperature: 68 })).toEqual([["ha-roof-1", { "temperature Cel": 20 }]]);
  });

  it("never reads for a device that the configuration names", async () => {
    const { facts, read, send, settle } = await givenDescriber({
      profiles: [givenProfile()],
      devices: [givenDevice({ id: "ha-roof-1", topic: "elsewhere/+" })],
    });
    send("homeassistant/sensor/roof/t/config", temperature);
    expect(read("roof/state", { temperature: 68 })).toEqual(["no-profile"]);
    await settle();
    expect(facts.get(toDeviceId("ha-roof-1"))).toMatchObject({ model: "RS-1" });
  });

  it("counts before the profile that reads whatever nobody knows", async () => {
    const generic = givenProfile({
      profile: "sluicegate/generic",
      match: undefined,
      metrics: [{ name: "{key}", path: "**", type: "any" }],
      family: "generic",
    });
    const { read, send } = await givenDescriber({ profiles: [generic], generic: true });
    expect(read("roof/state", { temperature: 68 })).toEqual([
      ["generic-roof/state", { temperature: 68 }],
    ]);
    send("homeassistant/sensor/roof/t/config", temperature);
    expect(read("roof/state", { temperature: 68 })).toEqual([
      ["ha-roof-1", { "temperature Cel": 20 }],
    ]);
  });

  it("gives each device what it described of a topic that several share", async () => {
    const { read, send } = await givenDescriber();
    for (const id of ["a1", "b2"])
      send(`homeassistant/sensor/${id}/t/config`, {
        name: "Temperature",
        uniq_id: `${id}_t`,
        stat_t: "mesh/json",
        unit_of_meas: "°C",
        val_tpl: `{% if value_json.from == '${id}' %}{{ value_json.t }}{% endif %}`,
        dev: { ids: id },
      });
    expect(read("mesh/json", { from: "b2", t: 5 })).toEqual([["ha-b2", { "temperature Cel": 5 }]]);
    expect(read("mesh/json", { from: "c3", t: 5 })).toEqual(["no-metric"]);
  });

  it("leaves a value with the device that described it first, and tells the other", async () => {
    const { describer, read, send, settle } = await givenDescriber();
    send("homeassistant/sensor/roof/t/config", temperature);
    send("homeassistant/sensor/thief/t/config", { ...temperature, dev: { ids: "thief" } });
    expect(read("roof/state", { temperature: 68 })).toEqual([
      ["ha-roof-1", { "temperature Cel": 20 }],
    ]);
    await settle();
    expect(describer.status().refused).toMatchObject([
      {
        about: "ha-thief",
        reason: expect.stringContaining("another device has this value on roof/state"),
      },
    ]);
    send("homeassistant/sensor/roof/t/config", "");
    expect(read("roof/state", { temperature: 68 })).toEqual([
      ["ha-thief", { "temperature Cel": 20 }],
    ]);
  });

  it("lets a client with credentials describe nobody but its own device", async () => {
    const { read, send } = await givenDescriber();
    const device = toDeviceId("pump-1");
    send("homeassistant/sensor/roof/t/config", temperature, { device });
    expect(read("roof/state", { temperature: 68 }, { device })).toEqual([
      ["pump-1", { "temperature Cel": 20 }],
    ]);
    expect(read("homeassistant/sensor/roof/t/config", "")).toEqual(["bad-value"]);
    expect(
      read("homeassistant/sensor/roof/t/config", sensor("x"), { device: toDeviceId("other") }),
    ).toEqual(["bad-value"]);
    expect(read("roof/state", { temperature: 68 }, { device })).toEqual([
      ["pump-1", { "temperature Cel": 20 }],
    ]);
  });

  it("reads where a device says that it is there, and of a bridge for the bridge alone", async () => {
    const { read, send } = await givenDescriber();
    const bridged = (id: string) => ({
      ...sensor("t", { stat_t: `bridge/${id}`, dev: { ids: id, via_device: "bridge" } }),
      avty: [
        { t: "bridge/LWT", val_tpl: "{{ value_json.state }}" },
        { t: `bridge/${id}/there`, pl_avail: "yes", pl_not_avail: "no" },
      ],
    });
    send("homeassistant/sensor/a1/t/config", bridged("a1"));
    send("homeassistant/sensor/b2/t/config", bridged("b2"));
    expect(read("bridge/a1/there", "no")).toMatchObject([["ha-a1", { state: "offline" }]]);
    expect(read("bridge/LWT", { state: "offline" })).toBe("ignored");
    const bridge = sensor("u", {
      stat_t: "bridge/u",
      dev: { ids: "bridge" },
      avty_t: "bridge/LWT",
    });
    send("homeassistant/sensor/bridge/u/config", bridge);
    expect(read("bridge/LWT", "offline")).toMatchObject([["ha-bridge", { state: "offline" }]]);
  });

  it("counts commands to a device and does not store them", async () => {
    const { read, send } = await givenDescriber();
    send(
      "homeassistant/switch/roof/s/config",
      sensor("s", { cmd_t: "roof/set", stat_t: "roof/s" }),
    );
    expect(read("roof/set", "ON")).toBe("ignored");
  });

  it("reads a Tasmota with topics of its own as the profile that comes along", async () => {
    const profile = givenProfile({
      profile: "tasmota/sensor",
      match: { topic: "tele/{device}/SENSOR" },
      metrics: [{ name: "temperature", path: "*.Temperature", unit: "Cel" }],
    });
    const { facts, read, send, settle } = await givenDescriber({ profiles: [profile] });
    const topic = "house/cellar/tele/SENSOR";
    const payload = { Time: "2026-11-21T14:02:10", AM2301: { Temperature: 9.5 } };
    expect(read(topic, payload)).toEqual(["no-profile"]);
    send("tasmota/discovery/84CCA8000001/config", {
      ...{ ip: "192.168.1.7", dn: "Cellar", fn: ["Cellar", null], hn: "cellar-0001" },
      ...{ mac: "84CCA8000001", md: "Sonoff TH16", sw: "15.1.0", t: "cellar" },
      ...{ ft: "house/%topic%/%prefix%/", tp: ["cmnd", "stat", "tele"], ver: 1 },
    });
    expect(read("tasmota/discovery/84CCA8000001/sensors", { sn: payload, ver: 1 })).toBe(
      "description",
    );
    expect(read(topic, payload)).toEqual([["tasmota-cellar", { "temperature Cel": 9.5 }]]);
    await settle();
    expect(facts.get(toDeviceId("tasmota-cellar"))).toMatchObject({
      name: "Cellar",
      model: "Sonoff TH16",
      friendly_name_1: "Cellar",
    });
  });

  it("refuses in words what is too large, too much, no JSON, or about too many topics", async () => {
    const { describer, read, send } = await givenDescriber();
    expect(read("homeassistant/sensor/x/a/config", "{nonsense")).toEqual(["bad-value"]);
    expect(read("homeassistant/sensor/x/b/config", { pad: "x".repeat(200_000) })).toEqual([
      "bad-value",
    ]);
    const many = Object.fromEntries(
      Array.from({ length: 300 }, (_, at) => [`c${at}`, { p: "sensor", stat_t: `x/${at}` }]),
    );
    expect(read("homeassistant/device/x/config", { dev: { ids: "x" }, cmps: many })).toEqual([
      "bad-value",
    ]);
    send("homeassistant/sensor/x/d/config", sensor("d", { stat_t: "#", dev: { ids: "x" } }));
    expect(read("some/topic", { d: 1 })).toEqual(["no-profile"]);
    expect(describer.status().refused.map(({ reason }) => reason)).toEqual([
      "a description has at most 256 entities",
      "it has more than 131072 bytes",
      "a discovery message is a JSON object",
    ]);
  });

  it("takes a bounded number of devices and of changes", async () => {
    const { describer, read } = await givenDescriber();
    let refused = 0;
    for (let at = 0; at < 2_050; at += 1)
      if (read(`homeassistant/sensor/n${at}/t/config`, { stat_t: `n/${at}` }) !== "description")
        refused += 1;
    expect(refused).toBe(50);
    expect(describer.status().devices).toBe(2_000);
    for (let at = 0; at < 1_100; at += 1)
      read("homeassistant/sensor/n0/t/config", { stat_t: `n/x${at}` });
    expect(describer.status().refused[0]).toMatchObject({
      reason: "descriptions change more often than is taken",
    });
  });

  it("shows what a device said, for people", async () => {
    const { describer, send } = await givenDescriber();
    send("homeassistant/sensor/roof/t/config", temperature);
    expect(describer.show(toDeviceId("ha-roof-1"))).toEqual({
      device: "ha-roof-1",
      profile: expect.stringMatching(/^homeassistant\/discovery@/),
      facts: { name: "Roof", model: "RS-1" },
      metrics: [
        {
          name: "temperature",
          unit: "Cel",
          topic: "roof/state",
          template: "{{ value_json.temperature }}",
        },
      ],
      presence: [],
      leftOut: [],
    });
  });
});
