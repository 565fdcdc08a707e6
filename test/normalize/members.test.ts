import { describe, expect, test } from "vitest";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import {
  eventsOf,
  givenCatalog,
  givenDevice,
  givenMessage,
  givenNormalizer,
  givenProfile,
  receivedMs,
  smallFile,
} from "./given.ts";

const limits = { maxSkewMs: 300_000, maxAgeMs: 30 * 86_400_000, maxRejectedBytes: 4_096 };

/** Reads one message by profiles, and gives its events in few words. */
function read(
  topic: string,
  payload: unknown,
  profile: object | readonly object[],
  { devices = [], device }: { devices?: readonly object[]; device?: string } = {},
) {
  const profiles = [profile].flat().map((differs) => givenProfile(differs));
  const catalog = givenCatalog({ profiles, devices: devices.map(givenDevice) });
  const normalize = givenNormalizer({ catalog, ...limits });
  const message = givenMessage(topic, payload as object, { device: device as never });
  return eventsOf(normalize(message, true)).map(({ event }) => {
    if (event.kind === "measurement")
      return [
        event.device,
        event.timeMs,
        ...event.data.map(({ name, value }) => `${name}=${value}`),
      ];
    if (event.kind === "rejection")
      return [event.device, event.data.code, event.data.reason, event.data.member];
    return [event.device, event.kind];
  });
}

describe("a gateway that speaks for many devices", () => {
  const gateway = {
    profile: "thingsboard/gateway",
    match: { topic: "v1/gateway/telemetry" },
    each: [{ path: "$", key: "device" }, { path: "$" }],
    time: { path: "ts", format: "epoch_ms" },
    metrics: [{ name: "{key}", path: "values.**", type: "any" }],
  };
  const topic = "v1/gateway/telemetry";
  const at = receivedMs - 60_000;

  test("gives an event for each reading of each device, in the order of the message", () => {
    const payload = {
      "Device A": [
        { ts: at, values: { temperature: 42, humidity: 80 } },
        { ts: at + 60_000, values: { temperature: 43, humidity: 81 } },
      ],
      "Device B": [{ ts: at, values: { temperature: -18 } }],
    };
    expect(read(topic, payload, gateway)).toEqual([
      ["thingsboard-Device A", at, "temperature=42", "humidity=80"],
      ["thingsboard-Device A", at + 60_000, "temperature=43", "humidity=81"],
      ["thingsboard-Device B", at, "temperature=-18"],
    ]);
  });

  test("loses no member for one that does not fit, and that one is kept by itself", () => {
    const payload = { A: [{ ts: at, values: { t: 1 } }, { ts: at, values: {} }, 7], "": [{}] };
    expect(read(topic, payload, gateway)).toEqual([
      ["thingsboard-A", at, "t=1"],
      ["thingsboard-A", "no-metric", expect.any(String), "$.A.$.1"],
      ["thingsboard-A", "no-metric", expect.any(String), "$.A.$.2"],
      [null, "bad-device", '"" in the message cannot be the id of a device', "$..$.0"],
    ]);
    const catalog = givenCatalog({ profiles: [givenProfile(gateway)] });
    const normalize = givenNormalizer({ catalog, ...limits });
    const [, bad] = eventsOf(normalize(givenMessage(topic, payload), true));
    if (bad?.event.kind !== "rejection") throw new Error("it fits");
    const kept = Buffer.from(bad.event.data.payload, "base64").toString();
    expect(JSON.parse(kept)).toEqual({ ts: at, values: {} });
  });

  test("keeps devices apart whose names look alike", () => {
    const app = { ...gateway, match: { topic: "{app}/telemetry" }, device: { prefix: "{app}-" } };
    const ids = [
      ...read("a-b/telemetry", { c: [{ values: { t: 1 } }] }, app),
      ...read("a/telemetry", { "b-c": [{ values: { t: 1 } }] }, app),
      ...read("a/telemetry", { "-b-c": [{ values: { t: 1 } }] }, app),
    ].map(([id]) => id);
    expect(new Set(ids).size).toBe(3);
  });

  test("speaks for the configured device of that name", () => {
    const devices = [{ id: "Device A", profile: "thingsboard/gateway" }];
    const payload = { "Device A": [{ values: { t: 1 } }] };
    expect(read(topic, payload, gateway, { devices })).toEqual([["Device A", receivedMs, "t=1"]]);
  });

  test("is one device where its credentials say so", () => {
    const payload = { A: [{ values: { t: 1 } }], B: [{ values: { t: 2 } }] };
    expect(read(topic, payload, gateway, { device: "gw" }).map(([id]) => id)).toEqual(["gw", "gw"]);
  });
});

describe("a device out of the message", () => {
  const rtl = {
    profile: "rtl433/any",
    match: { topic: "rtl_433/{host}/events" },
    device: { path: ["sensor_id", "id"] },
    metrics: [{ name: "temperature", path: "t" }],
  };

  test("is what the first path leads to, a number as a text", () => {
    expect(read("rtl_433/pi/events", { id: 123, t: 1 }, rtl)).toEqual([
      ["rtl433-123", receivedMs, "temperature=1"],
    ]);
    expect(read("rtl_433/pi/events", { sensor_id: "x", id: 123, t: 1 }, rtl)).toEqual([
      ["rtl433-x", receivedMs, "temperature=1"],
    ]);
  });

  test("is the device of the topic where the message names none, else nobody", () => {
    const both = { ...rtl, match: { topic: "rtl_433/{device}/events" } };
    expect(read("rtl_433/pi/events", { t: 1 }, both)).toEqual([
      ["rtl433-pi", receivedMs, "temperature=1"],
    ]);
    expect(read("rtl_433/pi/events", { t: 1, id: {} }, rtl)).toEqual([
      [null, "bad-device", "nothing says whom it is from: no sensor_id or id", undefined],
    ]);
    expect(read("rtl_433/pi/events", { t: 1, id: "\u0007" }, rtl)).toEqual([
      [null, "bad-device", expect.any(String), undefined],
    ]);
  });

  test("does not move a topic that the configuration gives to a device", () => {
    const devices = [{ id: "freezer", profile: "rtl433/any", topic: "rtl_433/pi/#" }];
    expect(read("rtl_433/pi/events", { id: 1, t: 1 }, rtl, { devices })).toEqual([
      ["freezer", receivedMs, "temperature=1"],
    ]);
  });
});

describe("members of a list", () => {
  const history = {
    match: { topic: "v3/{app}/devices/{device}/up" },
    device: { prefix: "{app}-" },
    each: { path: "uplink.decoded.history" },
    time: { path: "timestamp", format: "epoch_s" },
    identity: { counter: "^.uplink.f_cnt" },
    metrics: [
      { name: "temperature", path: "temperature", unit: "Cel" },
      { name: "rssi", path: "^.uplink.rssi" },
    ],
  };
  const at = receivedMs / 1_000 - 7_200;
  const payload = {
    uplink: {
      f_cnt: 12,
      rssi: -97,
      decoded: { history: [27.2, 27.9].map((temperature) => ({ temperature, timestamp: at })) },
    },
  };

  test("have times of their own, and what stands around them", () => {
    expect(read("v3/a/devices/d/up", payload, history)).toEqual([
      ["acme-a-d", at * 1_000, "temperature=27.2", "rssi=-97"],
      ["acme-a-d", at * 1_000, "temperature=27.9", "rssi=-97"],
    ]);
  });

  test("are told apart where they have only the number of their message", () => {
    const catalog = givenCatalog({ profiles: [givenProfile(history)] });
    const normalize = givenNormalizer({ catalog, ...limits });
    const message = givenMessage("v3/a/devices/d/up", payload);
    const identities = eventsOf(normalize(message, true)).map(({ identity }) => identity);
    expect(identities.map((one) => one?.counter)).toEqual([12, 12]);
    expect(identities[0]?.hash).not.toBe(identities[1]?.hash);
    const again = eventsOf(normalize(message, true)).map(({ identity }) => identity);
    expect(again).toEqual(identities);
  });

  test("may be named by their keys", () => {
    const plugs = {
      each: { path: "plugs", key: "plug" },
      metrics: [{ name: "{plug}_power", path: "power" }],
    };
    expect(read("plant/p1/data", { plugs: { a: { power: 1 }, b: { power: 2 } } }, plugs)).toEqual([
      ["acme-p1", receivedMs, "a_power=1"],
      ["acme-p1", receivedMs, "b_power=2"],
    ]);
  });

  test("leave the message to the next profile where there are none", () => {
    const plain = { profile: "acme/plain", match: { topic: "{v}/{app}/devices/{device}/up" } };
    expect(read("v3/a/devices/d/up", { t: 1 }, [history, plain])).toEqual([
      ["acme-d", receivedMs, "temperature=1"],
    ]);
    expect(read("v3/a/devices/d/up", { uplink: { decoded: { history: [] } } }, history)).toEqual([
      [
        null,
        "no-metric",
        "acme/probe@3 takes the topic, but there is nothing in uplink.decoded.history",
        undefined,
      ],
    ]);
  });

  test("are not more than a device has, and take no more than a message may", () => {
    const list = { each: { path: "$" }, metrics: [{ name: "t", path: "t" }] };
    const many = Array.from({ length: 1_025 }, () => ({ t: 1 }));
    expect(read("plant/p1/data", many.slice(1), list)).toHaveLength(1_024);
    expect(read("plant/p1/data", many, list)).toEqual([
      ["acme-p1", "undecodable", "$ has more than 1024 members in one message", undefined],
    ]);
    const note = "x".repeat(4_000);
    const wide = {
      each: { path: "list" },
      metrics: [1, 2, 3].map((n) => ({ name: `n${n}`, path: "^.note", type: "text" })),
    };
    expect(read("plant/p1/data", { note, list: many.slice(1) }, wide)).toEqual([
      ["acme-p1", "undecodable", expect.stringContaining("characters"), undefined],
    ]);
  });
});

describe("the part of a message that a device made", () => {
  const uplink = {
    profile: "acme/uplink",
    match: { topic: "net/{device}/up" },
    each: { path: ["uplink.decoded", "object"], whole: true },
    time: { path: "^.received_at", format: "epoch_ms" },
    simulated: "^.simulated",
    metrics: [
      { name: "temperature", path: "t", unit: "Cel" },
      { name: "rssi", path: "^.rx.0.rssi", unit: "dBm" },
    ],
  };
  const at = receivedMs - 60_000;

  test("is read in the wrapping of either network, with what stands around it", () => {
    const rx = [{ rssi: -97 }];
    const one = { received_at: at, uplink: { decoded: { t: 3.8 } }, rx };
    const other = { received_at: at, object: { t: 3.8 }, rx };
    const expected = [["acme-d1", at, "temperature=3.8", "rssi=-97"]];
    expect(read("net/d1/up", one, uplink)).toEqual(expected);
    expect(read("net/d1/up", other, uplink)).toEqual(expected);
  });

  test("is somebody else's message where it is not there", () => {
    expect(read("net/d1/up", { received_at: at, rx: [] }, uplink)).toEqual([
      [
        null,
        "no-metric",
        "acme/uplink@3 takes the topic, but there is nothing in uplink.decoded or object",
        undefined,
      ],
    ]);
  });

  test("may have members of its own", () => {
    const history = {
      ...uplink,
      each: [uplink.each, { path: "history" }],
      time: { path: "ts", format: "epoch_ms" },
    };
    const payload = {
      object: {
        history: [
          { ts: at, t: 1 },
          { ts: at + 1, t: 2 },
        ],
      },
      rx: [],
    };
    expect(read("net/d1/up", payload, history)).toEqual([
      ["acme-d1", at, "temperature=1"],
      ["acme-d1", at + 1, "temperature=2"],
    ]);
  });

  test("is uncertain, and told of, where somebody made the message up", () => {
    const catalog = givenCatalog({ profiles: [givenProfile(uplink)] });
    const normalize = givenNormalizer({ catalog, ...limits });
    const payload = { received_at: at, object: { t: 81.5 }, simulated: true };
    const { event } = normalize(givenMessage("net/d1/up", payload), true);
    expect(event).toMatchObject({
      extensions: { simulated: true },
      data: [{ name: "temperature", value: 81.5, quality: "uncertain" }],
    });
    const real = normalize(givenMessage("net/d1/up", { ...payload, simulated: false }), true);
    expect(real.event).toMatchObject({ extensions: undefined, data: [{ quality: "good" }] });
  });
});

describe("when", () => {
  const v3 = {
    profile: "chirpstack/v3",
    match: { topic: "application/{application}/device/{device}/event/{event}" },
    when: 'topic.event == "up" && has(devEUI)',
    metrics: [{ name: "temperature", path: "object.temperature" }],
  };
  const v4 = { ...v3, profile: "chirpstack/v4", when: 'topic.event == "up" && has(deviceInfo)' };
  const topic = "application/1/device/0102/event/up";

  test("gives each message to the profile whose form it has", () => {
    const object = { temperature: 21.5 };
    const catalog = givenCatalog({ profiles: [givenProfile(v3), givenProfile(v4)] });
    const normalize = givenNormalizer({ catalog, ...limits });
    const profileOf = (payload: object) => {
      const { event } = normalize(givenMessage(topic, payload), true);
      return event.kind === "measurement" ? event.profile : event.kind;
    };
    expect(profileOf({ devEUI: "AQI=", object })).toBe("chirpstack/v3@3");
    expect(profileOf({ deviceInfo: {}, object })).toBe("chirpstack/v4@3");
  });

  test("makes no device of a message that is nobody's", () => {
    expect(read(topic, { fCnt: 1 }, [v3, v4])).toEqual([
      [
        null,
        "no-profile",
        'chirpstack/v4@3 takes the topic, but it reads only messages with topic.event == "up" && has(deviceInfo)',
        undefined,
      ],
    ]);
  });
});

describe("a profile file", () => {
  const faultsOf = (differs: object): string[] => {
    const checked = parseProfile({ ...smallFile, ...differs });
    return checked.ok
      ? []
      : checked.faults.map(({ message, path }) => `${path.join(".")}: ${message}`);
  };

  test("is told where an expression is wrong", () => {
    expect(faultsOf({ when: 'type == "up" &&' })).toEqual([
      'when: Unexpected token: EOF, at character 16 of type == "up" &&',
    ]);
    expect(faultsOf({ when: "topic.site == m.site" })).toEqual([
      "when: no topic of the profile has {site}",
    ]);
  });

  test("is told what members cannot be", () => {
    expect(faultsOf({ each: { path: "^.a" } })).toEqual([
      'each.path: "^.a" would read the same members again and again',
    ]);
    expect(faultsOf({ each: [{ path: "a.*" }, { path: "b", key: "key" }] })).toHaveLength(1);
    expect(faultsOf({ each: { path: "a" }, metrics: [{ name: "x", path: "^.*.t" }] })).toEqual([
      'metrics.0.path: "^.*.t" would read the same values for each member',
    ]);
    expect(faultsOf({ match: { topic: "plant/data" } })).toEqual([
      'match.topic: "plant/data" does not say where {device} stands',
    ]);
  });
});
