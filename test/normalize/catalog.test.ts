import { describe, expect, test } from "vitest";
import { toDeviceId } from "../../src/core/ids.ts";
import type { Catalog } from "../../src/normalize/catalog.ts";
import { createCatalog } from "../../src/normalize/create-catalog.ts";
import { listOutline, outlineOf } from "../../src/normalize/listed-profile.ts";
import type { Profile } from "../../src/normalize/profile.ts";
import { givenCatalog, givenDevice, givenProfile } from "./given.ts";

const probe = givenProfile();

const other = givenProfile({ profile: "acme/other", match: { topic: "other/{device}" } });
const generic = givenProfile({
  profile: "sluicegate/generic",
  family: "generic",
  match: undefined,
  metrics: [{ name: "{key}", path: "**", type: "any" }],
});

/** `device profile`, `status device`, or the code of a rejection. */
function found(catalog: Catalog, topic: string, device?: string): string {
  const [route] = catalog.routes(topic, device === undefined ? undefined : toDeviceId(device));
  if (route.kind === "none") return route.code;
  if (route.kind === "noise") return `noise ${route.passed.by} ${route.passed.filter}`;
  const who = `${route.device?.id} ${route.device?.profile.name}`;
  return route.kind === "status" ? `status ${who}` : who;
}

describe("a discovered device", () => {
  const catalog = givenCatalog({ profiles: [probe, other] });

  test("is named by its family and its topic", () => {
    expect(found(catalog, "plant/p1/data")).toBe("acme-p1 acme/probe");
    expect(found(catalog, "other/p1")).toBe("acme-p1 acme/other");
  });

  test("is not found on a topic that no profile takes", () => {
    for (const topic of ["plant/p1", "plant/p1/data/x", "/plant/p1/data", "plant/p1/DATA", ""])
      expect(found(catalog, topic)).toBe("no-profile");
  });

  test("cannot have an empty or endless name", () => {
    expect(found(catalog, "plant//data")).toBe("bad-device");
    expect(found(catalog, `plant/${"x".repeat(129)}/data`)).toBe("bad-device");
    expect(found(catalog, "plant/a\u0007b/data")).toBe("bad-device");
  });

  test("is one object, however often it is met", () => {
    const [one] = catalog.routes("plant/p9/data", undefined);
    const [two] = catalog.routes("plant/p9/data", undefined);
    if (!("device" in one) || !("device" in two)) throw new Error("not found");
    expect(two.device).toBe(one.device);
    expect(catalog.configuredDevices()).toEqual([]);
  });

  test("is remembered longer than the topics that strangers make up", () => {
    const [one] = catalog.routes("plant/p9/data", undefined);
    const long = "x".repeat(60_000);
    for (let n = 0; n < 4_000; n += 1) catalog.routes(`nonsense/${n}/${long}`, undefined);
    const [two] = catalog.routes("plant/p9/data", undefined);
    if (!("device" in one) || !("device" in two)) throw new Error("not found");
    expect(two).not.toBe(one);
    expect(two.device).toBe(one.device);
  });
});

describe("a word of many levels", () => {
  const catalogOf = (...topics: readonly string[]): Catalog =>
    givenCatalog({ profiles: [givenProfile({ match: { topic: topics } })] });

  test("takes one level or more, at the beginning, in the middle and at the end", () => {
    const first = catalogOf("{device...}/tele/SENSOR");
    expect(found(first, "a/tele/SENSOR")).toBe("acme-a acme/probe");
    expect(found(first, "/tele/SENSOR")).toBe("bad-device");
    expect(found(first, "tele/SENSOR")).toBe("no-profile");
    expect(found(first, "hall/2/a/tele/SENSOR")).toBe("acme-hall/2/a acme/probe");
    const middle = catalogOf("tele/{device...}/SENSOR");
    expect(found(middle, "tele/sensors/bath/SENSOR")).toBe("acme-sensors/bath acme/probe");
    expect(found(middle, "tele/SENSOR")).toBe("no-profile");
    expect(found(middle, "tele/sensors/bath/STATE")).toBe("no-profile");
    expect(found(catalogOf("z2m/{device...}"), "z2m/kitchen/lamp")).toBe(
      "acme-kitchen/lamp acme/probe",
    );
  });

  test("says less than a word of one level, and both less than a literal one", () => {
    const profiles = ["{device...}/x", "{device}/x", "a/x", "a/{device}"].map((topic, at) =>
      givenProfile({
        profile: `acme/p${at}`,
        match: { topic: topic === "a/x" ? "{device}/a/x" : topic },
      }),
    );
    const catalog = givenCatalog({ profiles: profiles.toReversed() });
    expect(found(catalog, "a/x")).toBe("acme-x acme/p3");
    expect(found(catalog, "b/x")).toBe("acme-b acme/p1");
    expect(found(catalog, "b/a/x")).toBe("acme-b acme/p2");
    expect(found(catalog, "b/c/x")).toBe("acme-b/c acme/p0");
  });

  test("gives other words what is theirs, and names no device that is too long", () => {
    const profile = givenProfile({
      match: { topic: "{device...}/sensor/{sensor}/state" },
      metrics: [{ name: "{sensor}", path: "t" }],
    });
    const catalog = givenCatalog({ profiles: [profile] });
    const [route] = catalog.routes("home/garage/node1/sensor/outside/state", undefined);
    if (route.kind !== "measurement") throw new Error("not found");
    expect(route.device?.id).toBe("acme-home/garage/node1");
    expect(route.metrics.flatMap((metric) => metric?.name ?? [])).toEqual(["outside"]);
    expect(found(catalog, `${"x/".repeat(70)}sensor/s/state`)).toBe("bad-device");
  });
});

test("a word is the rest of a level that begins as written, and without it where it needs none", () => {
  const profile = givenProfile({
    match: { topic: "{device...}/status/switch:{channel}" },
    metrics: [{ name: "power_{channel}", plain: "0", path: "t" }],
    examples: [
      { topic: "p1/status/switch:0", payload: { t: 1 }, expect: { metrics: { power: 1 } } },
    ],
  });
  const catalog = givenCatalog({ profiles: [profile] });
  const names = (topic: string) => {
    const [route] = catalog.routes(topic, undefined);
    return route.kind === "measurement"
      ? route.metrics.flatMap((metric) => metric?.name ?? [])
      : route.kind;
  };
  expect(names("p1/status/switch:0")).toEqual(["power"]);
  expect(names("p1/status/switch:3")).toEqual(["power_3"]);
  expect(names("p1/status/input:3")).toBe("none");
});

test("two words share a level, and say which metrics there are", () => {
  const profile = givenProfile({
    match: { topic: "{device}/status/{component}:{channel}" },
    metrics: [
      { name: "input_{channel}", path: "state", where: { component: "input" } },
      { name: "power_{channel}", path: "t", where: { component: ["switch", "pm1"] } },
    ],
    examples: [
      { topic: "p1/status/pm1:0", payload: { t: 1 }, expect: { metrics: { power_0: 1 } } },
    ],
  });
  const catalog = givenCatalog({ profiles: [profile] });
  const names = (topic: string) => {
    const [route] = catalog.routes(topic, undefined);
    return route.kind === "measurement"
      ? route.metrics.flatMap((metric) => metric?.name ?? [])
      : route.kind;
  };
  expect(names("p1/status/input:2")).toEqual(["input_2"]);
  expect(names("p1/status/switch:100")).toEqual(["power_100"]);
  expect(names("p1/status/cover:0")).toEqual([]);
  expect(names("p1/status/sys")).toBe("none");
});

describe("noise", () => {
  const bridge = givenProfile({
    profile: "z/m",
    match: { topic: "z2m/{device...}" },
    ignore: ["z2m/bridge/#", "z2m/{name...}/set", "z2m/+/get"],
  });

  test("is what a profile lists, by filters and templates, where nobody says more of the topic", () => {
    const info = givenProfile({ profile: "z/info", match: { topic: "z2m/bridge/{device}" } });
    const catalog = givenCatalog({ profiles: [info, bridge] });
    expect(found(catalog, "z2m/bridge")).toBe("noise z/m z2m/bridge/#");
    expect(found(catalog, "z2m/bridge/a/b")).toBe("noise z/m z2m/bridge/#");
    expect(found(catalog, "z2m/bridge/info")).toBe("z-info z/info");
    expect(found(catalog, "z2m/kitchen/lamp/set")).toBe("noise z/m z2m/{name...}/set");
    expect(found(catalog, "z2m/lamp/get")).toBe("noise z/m z2m/+/get");
    expect(found(catalog, "z2m/kitchen/lamp")).toBe("z-kitchen/lamp z/m");
  });

  test("is noise of a device with topics of its own, too", () => {
    const profile = givenProfile({ ignore: ["plant/{device}/log", "a/log"] });
    const devices = [
      givenDevice({ id: "d1", topic: "hall/#" }),
      givenDevice({ id: "d2", topic: "a/#" }),
    ];
    const catalog = givenCatalog({ profiles: [profile], devices });
    expect(found(catalog, "hall/x/log")).toBe("noise acme/probe plant/{device}/log");
    expect(found(catalog, "a/log")).toBe("noise acme/probe plant/{device}/log");
    expect(found(catalog, "hall/x")).toBe("d1 acme/probe");
    expect(found(catalog, "any/log", "d1")).toBe("noise acme/probe plant/{device}/log");
  });

  test("is what the configuration lists, whoever would read it", () => {
    const devices = [givenDevice({ id: "d1", topic: "plant/p1/#" })];
    const catalog = givenCatalog({ profiles: [probe], devices, ignore: ["plant/+/data", "x/#"] });
    for (const topic of ["plant/p1/data", "plant/p2/data"])
      expect(found(catalog, topic)).toBe("noise profiles.ignore plant/+/data");
    expect(found(catalog, "x/y", "d1")).toBe("noise profiles.ignore x/#");
    expect(found(catalog, "plant/p1/other")).toBe("d1 acme/probe");
  });
});

describe("a status topic that others use, too", () => {
  const profile = givenProfile({
    status: [{ topic: "{device}/status", known: true, online: "online", offline: "offline" }],
    match: { topic: "{device}/sensor/x" },
    examples: [
      { topic: "p1/sensor/x", payload: { t: 1 }, expect: { metrics: { temperature: 1 } } },
    ],
  });

  test("is one of devices that were met, also before the profiles were loaded anew", () => {
    const catalog = givenCatalog({ profiles: [profile] });
    expect(found(catalog, "homeassistant/status")).toBe("no-profile");
    expect(found(catalog, "node/status")).toBe("no-profile");
    expect(found(catalog, "node/sensor/x")).toBe("acme-node acme/probe");
    expect(found(catalog, "node/status")).toBe("status acme-node acme/probe");
    catalog.adopt(givenCatalog({ profiles: [profile] }));
    expect(found(catalog, "node/status")).toBe("status acme-node acme/probe");
    expect(found(catalog, "homeassistant/status")).toBe("no-profile");
  });

  test("is one of devices that the configuration, or an earlier process, knows", () => {
    const devices = [givenDevice({ id: "d1" })];
    const catalog = givenCatalog({ profiles: [profile], devices });
    expect(found(catalog, "d1/status")).toBe("status d1 acme/probe");
    catalog.discovered(toDeviceId("acme-old"), "acme/probe");
    expect(found(catalog, "old/status")).toBe("status acme-old acme/probe");
  });
});

describe("what a client may be called for", () => {
  test("is its bare name, or that behind each family whose names are bare", () => {
    const app = { match: { topic: "{app}/{device}" }, device: { prefix: "{app}-" } };
    const wide = givenProfile({ profile: "wide/x", ...app });
    const catalog = givenCatalog({ profiles: [probe, other, wide], generic: false });
    expect(catalog.idsOf("p1")).toEqual(["p1", "acme-p1"]);
  });
});

describe("what is remembered of topics", () => {
  const catalog = givenCatalog({ profiles: [probe] });
  const countHeld = (topics: readonly string[]): number => {
    const before = topics.map((topic) => catalog.routes(topic, undefined));
    return topics.filter((topic, at) => catalog.routes(topic, undefined) === before[at]).length;
  };

  test("is bounded by what it takes, not by how many there are", () => {
    const short = Array.from({ length: 30_000 }, (_, n) => `plant/p${n}/data`);
    expect(countHeld(short)).toBe(short.length);
    const long = "x".repeat(60_000);
    expect(countHeld([`plant/p1/${long}`])).toBe(1);
    expect(countHeld(Array.from({ length: 2_000 }, (_, n) => `${n}/${long}`))).toBeLessThan(600);
  });

  test("has no word that is endless", () => {
    const [route] = catalog.routes(`plant/${"x".repeat(60_000)}/data`, undefined);
    if (route.kind !== "none") throw new Error("found");
    expect(route.reason.length).toBeLessThan(256);
    const named = givenProfile({
      match: { topic: "plant/{device}/{what...}" },
      metrics: [{ name: "{what}", path: "t" }],
    });
    const wide = givenCatalog({ profiles: [named] });
    expect(found(wide, "plant/p1/a/b")).toBe("acme-p1 acme/probe");
    expect(found(wide, `plant/p1/${"x/".repeat(200)}`)).toBe("no-profile");
  });
});

describe("credentials", () => {
  const devices = [givenDevice({ id: "d1", profile: "acme/other" })];
  const catalog = givenCatalog({ profiles: [probe, other], devices });

  test("name the device, whatever the topic says", () => {
    expect(found(catalog, "plant/p1/data", "d7")).toBe("d7 acme/probe");
  });

  test("of a configured device bring its profile", () => {
    expect(found(catalog, "any/topic", "d1")).toBe("d1 acme/other");
    expect(found(catalog, "any/topic")).toBe("no-profile");
  });

  test("keep two devices on one topic apart", () => {
    expect(found(catalog, "plant/shared/data", "a")).toBe("a acme/probe");
    expect(found(catalog, "plant/shared/data", "b")).toBe("b acme/probe");
  });
});

describe("a configured device", () => {
  test("wins over what a profile would find on its topics", () => {
    const devices = [givenDevice({ id: "d1", profile: "acme/other", topic: "plant/p1/#" })];
    const catalog = givenCatalog({ profiles: [probe, other], devices });
    expect(found(catalog, "plant/p1/data")).toBe("d1 acme/other");
    expect(found(catalog, "plant/p1")).toBe("d1 acme/other");
    expect(found(catalog, "plant/p2/data")).toBe("acme-p2 acme/probe");
  });

  test("has the topics that its filter names", () => {
    const devices = [givenDevice({ id: "d1", topic: "a/+/c" })];
    const catalog = givenCatalog({ profiles: [probe], devices });
    expect(found(catalog, "a/b/c")).toBe("d1 acme/probe");
    expect(found(catalog, "a//c")).toBe("d1 acme/probe");
    for (const topic of ["a/b", "a/b/c/d", "b/b/c"])
      expect(found(catalog, topic)).toBe("no-profile");
  });

  test("says that it is there on the topic that ends as the profile says", () => {
    const profile = givenProfile({
      status: [{ topic: "plant/{device}/LWT", online: "on", offline: "off" }],
    });
    const devices = [givenDevice({ id: "d1", topic: "hall/x/#" })];
    const catalog = givenCatalog({ profiles: [profile], devices });
    expect(found(catalog, "hall/x/LWT")).toBe("status d1 acme/probe");
    expect(found(catalog, "hall/x/data")).toBe("d1 acme/probe");
    expect(found(catalog, "plant/p1/LWT")).toBe("status acme-p1 acme/probe");
  });

  test("is announced with what the configuration adds to its profile", () => {
    const profile = givenProfile({ interval: "5m" });
    const devices = [
      givenDevice({ id: "d1", interval: "10s", tags: { area: "cold" }, attrs: { limit: -15 } }),
      givenDevice({ id: "d2" }),
    ];
    const [one, two] = givenCatalog({ profiles: [profile], devices }).configuredDevices();
    expect(one).toEqual({
      device: "d1",
      profile: "acme/probe@3",
      intervalMs: 10_000,
      tags: { area: "cold" },
      attrs: { limit: -15 },
      metrics: [{ name: "temperature", unit: "Cel" }],
    });
    expect(two?.intervalMs).toBe(300_000);
  });

  test("has its plain name for the device that a topic of its family calls so, and for no other", () => {
    const house = givenProfile({ profile: "house/x", match: { topic: "house/{device}" } });
    const own = givenProfile({ profile: "mine/own", match: undefined });
    const devices = [
      givenDevice({ id: "kitchen" }),
      givenDevice({ id: "acme-hall", profile: "acme/other" }),
      givenDevice({ id: "attic", profile: "mine/own" }),
    ];
    const catalog = givenCatalog({ profiles: [probe, other, house, own], devices });
    expect(found(catalog, "plant/kitchen/data")).toBe("kitchen acme/probe");
    expect(found(catalog, "house/kitchen")).toBe("house-kitchen house/x");
    expect(found(catalog, "other/hall")).toBe("acme-hall acme/other");
    expect(found(catalog, "house/attic")).toBe("attic mine/own");
  });

  test("with a topic of its own is not the device of another application that is called so", () => {
    const profile = givenProfile({
      match: { topic: "{app}/{device}" },
      device: { prefix: "{app}-" },
    });
    const topic = "a/s1";
    const catalog = givenCatalog({
      profiles: [profile],
      devices: [givenDevice({ id: "s1", topic })],
    });
    expect(found(catalog, "a/s1")).toBe("s1 acme/probe");
    expect(found(catalog, "b/s1")).toBe("acme-b-s1 acme/probe");
  });

  test("keeps its own profile where only the topic of another one names it", () => {
    const devices = [givenDevice({ id: "p1", profile: "acme/other" })];
    const catalog = givenCatalog({ profiles: [probe, other], devices });
    expect(found(catalog, "plant/p1/data")).toBe("p1 acme/other");
  });

  test("is the same object when its topic was found by the profile", () => {
    const devices = [givenDevice({ id: "p1", tags: { area: "cold" } })];
    const [route] = givenCatalog({ profiles: [probe], devices }).routes("plant/p1/data", undefined);
    expect("device" in route && route.device?.configured?.tags).toEqual({ area: "cold" });
  });
});

describe("of two profiles", () => {
  const wide = givenProfile({ profile: "acme/wide", match: { topic: "{device}/events/rpc" } });
  const narrow = givenProfile({
    profile: "acme/narrow",
    match: { topic: "{device}/events/rpc", device: ["ht-*", "htg3-*"] },
  });
  const literal = givenProfile({
    profile: "acme/literal",
    match: { topic: "hall/events/{device}" },
  });

  test("the one that says more about the device wins, in any order", () => {
    for (const profiles of [
      [wide, narrow],
      [narrow, wide],
    ]) {
      const catalog = givenCatalog({ profiles });
      expect(found(catalog, "ht-1/events/rpc")).toBe("acme-ht-1 acme/narrow");
      expect(found(catalog, "htg3-1/events/rpc")).toBe("acme-htg3-1 acme/narrow");
      expect(found(catalog, "plug-1/events/rpc")).toBe("acme-plug-1 acme/wide");
    }
  });

  test("the one with the earlier literal wins", () => {
    const catalog = givenCatalog({ profiles: [wide, literal] });
    expect(found(catalog, "hall/events/rpc")).toBe("acme-rpc acme/literal");
  });

  test("that take the same topics the later one wins", () => {
    const mine = givenProfile({ profile: "mine/probe", match: { topic: "plant/{device}/data" } });
    expect(found(givenCatalog({ profiles: [probe, mine] }), "plant/p1/data")).toBe(
      "mine-p1 mine/probe",
    );
    expect(found(givenCatalog({ profiles: [mine, probe] }), "plant/p1/data")).toBe(
      "acme-p1 acme/probe",
    );
  });

  test("with the same name only the later one counts", () => {
    const newer = givenProfile({ version: 4, match: { topic: "new/{device}" } });
    const catalog = givenCatalog({ profiles: [probe, newer] });
    expect(found(catalog, "plant/p1/data")).toBe("no-profile");
    expect(found(catalog, "new/p1")).toBe("acme-p1 acme/probe");
  });
});

describe("the generic profile", () => {
  const profiles = [probe, generic];

  test("reads unknown topics by choice only, and names the device after all of the topic", () => {
    expect(found(givenCatalog({ profiles }), "hall/x/y")).toBe("no-profile");
    const catalog = givenCatalog({ profiles, generic: true });
    expect(found(catalog, "hall/x/y")).toBe("generic-hall/x/y sluicegate/generic");
    expect(found(catalog, "hall/x/y", "d1")).toBe("d1 sluicegate/generic");
    expect(found(catalog, "plant/p1/data")).toBe("acme-p1 acme/probe");
    expect(found(catalog, "x".repeat(129))).toBe("bad-device");
  });

  test("must be there when it is chosen", () => {
    const checked = createCatalog({ profiles: [probe], devices: [], generic: true });
    expect(checked.ok || checked.faults).toMatchObject([{ path: ["profiles", "generic"] }]);
  });
});

describe("a catalog with faults", () => {
  test("names every unknown profile and every repeated device, with a guess", () => {
    const checked = createCatalog({
      profiles: [probe],
      devices: [
        givenDevice({ id: "d1", profile: "acme/prob" }),
        givenDevice({ id: "d1", profile: "acme/probe@2" }),
      ],
      generic: false,
    });
    expect(checked.ok || checked.faults).toMatchObject([
      {
        path: ["devices", 0, "profile"],
        hint: expect.stringContaining("did you mean acme/probe?"),
      },
      { path: ["devices", 1, "id"] },
      {
        path: ["devices", 1, "profile"],
        hint: expect.stringContaining("did you mean acme/probe?"),
      },
    ]);
  });
});

describe("a profile that comes along", () => {
  test("is made once a topic of its devices comes, or where a device is configured with it", () => {
    const made: string[] = [];
    const listedOf = (profile: Profile) =>
      listOutline(outlineOf(profile), () => {
        made.push(profile.name);
        return profile;
      });
    const third = givenProfile({ profile: "acme/third", match: { topic: "third/{device}" } });
    const checked = createCatalog({
      listed: [probe, other, third].map(listedOf),
      profiles: [],
      devices: [givenDevice({ profile: "acme/third" })],
      generic: false,
    });
    if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
    expect(made).toEqual(["acme/third"]);
    expect(found(checked.value, "nobodys/p1")).toBe("no-profile");
    expect(found(checked.value, "other/p1")).toBe("acme-p1 acme/other");
    expect(found(checked.value, "other/p2")).toBe("acme-p2 acme/other");
    expect(made).toEqual(["acme/third", "acme/other"]);
  });

  test("gives its commands to one that has them from it, with whoever is asked first", () => {
    const example = { device: "p1", topic: "plant/p1/go", payload: "go" };
    const go = { name: "go", about: "Goes.", topic: "plant/{device}/go", payload: "go" };
    const commands = [{ ...go, examples: [example] }];
    const having = givenProfile({ commands });
    const from = givenProfile({
      profile: "acme/from",
      match: { topic: "from/{device}" },
      commands_from: having.name,
    });
    const profiles = [from, having];
    const listed = profiles.map((profile) => listOutline(outlineOf(profile), () => profile));
    for (const parts of [
      { listed, profiles: [] },
      { listed: [], profiles },
    ]) {
      const checked = createCatalog({ ...parts, devices: [], generic: false });
      if (!checked.ok) throw new Error(JSON.stringify(checked.faults));
      const [route] = checked.value.routes("from/p1", undefined);
      const device = route.kind === "measurement" ? route.device : undefined;
      expect(device?.profile.commands?.map(({ name }) => name)).toEqual(["go"]);
    }
  });
});
