/** Edge nodes of Sparkplug B on the road of messages: births, data, deaths, and what goes wrong. */
import { describe, expect, it } from "vitest";
import { toDeviceId } from "../../src/core/ids.ts";
import { givenHost, type Said, t0 } from "./given-host.ts";

const node = "sparkplug-plant-press";
const feeder = "sparkplug-plant-press-feeder";

const nodeBirth: Said = {
  to: "NBIRTH",
  seq: 0,
  metrics: [
    { name: "bdSeq", type: "Int64", value: 3 },
    { name: "Node Control/Rebirth", type: "Boolean", value: false },
    { name: "Cabinet/Temperature", alias: 1, type: "Float", value: 21.4, unit: "°C" },
  ],
};
const deviceBirth: Said = {
  to: "DBIRTH/feeder",
  seq: 1,
  metrics: [
    { name: "Speed", alias: 2, type: "Int32", value: -7, unit: "rpm" },
    { name: "Running", alias: 3, type: "Boolean", value: true },
    { name: "Recipe", alias: 4, type: "String", value: "A-17" },
  ],
};

function givenBorn() {
  const given = givenHost();
  given.say(nodeBirth);
  given.say(deviceBirth);
  return given;
}

describe("a node of Sparkplug B", () => {
  it("is there with its birth, whose values are readings", () => {
    const { asked, say } = givenHost();
    expect(say(nodeBirth)).toEqual([
      { device: node, state: "online" },
      { device: node, "cabinet_temperature Cel": 21.4 },
    ]);
    expect(say(deviceBirth)).toEqual([
      { device: feeder, state: "online" },
      { device: feeder, "speed 1/min": -7, running: true, recipe: "A-17" },
    ]);
    expect(asked).toEqual([]);
  });

  it("is read by aliases, with the unit and the type of its birth", () => {
    const { asked, say } = givenBorn();
    expect(
      say({ to: "NDATA", seq: 2, metrics: [{ alias: 1, type: "Float", value: 22.1 }] }),
    ).toEqual([{ device: node, "cabinet_temperature Cel": 22.1 }]);
    expect(
      say({ to: "DDATA/feeder", seq: 3, metrics: [{ alias: 2, type: "Int32", value: -8 }] }),
    ).toEqual([{ device: feeder, "speed 1/min": -8 }]);
    expect(
      say({ to: "DDATA/feeder", seq: 4, metrics: [{ name: "Running", value: false }] }),
    ).toEqual([{ device: feeder, running: false }]);
    expect(asked).toEqual([]);
  });

  it("gives an event for each time that its metrics have, the oldest first, 64 values each", () => {
    const { say } = givenBorn();
    const metrics = [
      { alias: 2, value: 3, type: "Int32", timeMs: t0 - 1_000 },
      { alias: 3, value: true },
      { alias: 2, value: 2, type: "Int32", timeMs: t0 - 2_000, isHistorical: true },
    ] as const;
    expect(say({ to: "DDATA/feeder", seq: 2, metrics })).toEqual([
      { device: feeder, "speed 1/min": 2, at: -2_000, stale: true },
      { device: feeder, "speed 1/min": 3, at: -1_000 },
      { device: feeder, running: true },
    ]);
    const many = Array.from({ length: 130 }, (_, at) => ({
      ...{ name: `Zone ${at}`, alias: 10 + at, type: "Double", value: at },
    })) satisfies Said["metrics"];
    const events = say({ to: "DBIRTH/oven", seq: 3, metrics: many });
    const counts = Array.from(events, (event) => Object.keys(event as object).length - 1);
    expect(counts).toEqual([1, 64, 64, 2]);
  });

  it("believes what a node with the right time measured long ago", () => {
    const { say } = givenBorn();
    const timeMs = t0 - 90 * 86_400_000;
    const metrics = [{ alias: 2, type: "Int32", value: 1, timeMs, isHistorical: true }] as const;
    expect(say({ to: "DDATA/feeder", seq: 2, metrics })).toEqual([
      { device: feeder, "speed 1/min": 1, at: -90 * 86_400_000, stale: true },
    ]);
  });

  it("tells how far a value can be trusted, and none where there is none", () => {
    const { say } = givenBorn();
    const metrics = [
      { alias: 2, type: "Int32", value: 1, quality: 0 },
      { alias: 3, value: true, quality: 500 },
      { alias: 4, type: "String", value: null },
    ] as const;
    expect(say({ to: "DDATA/feeder", seq: 2, metrics })).toEqual([
      { device: feeder, "speed 1/min bad": 1, "running uncertain": true },
    ]);
    expect(say({ to: "DDATA/feeder", seq: 3, metrics: [{ alias: 4, value: null }] })).toEqual([
      { device: feeder, state: "online" },
    ]);
  });

  it.each([
    [0, "bad"],
    [192, "good"],
    [200, "good"],
    [256, "uncertain"],
    [500, "uncertain"],
    [512, "bad"],
    // As Ignition writes them: uncertain, uncertain in its code alone, bad, stale.
    [2 ** 30 + 256, "uncertain"],
    [2 ** 30, "uncertain"],
    [2 ** 31 + 512, "bad"],
    [2 ** 31 + 500, "uncertain"],
    [2 ** 31, "bad"],
  ])("reads quality %i as %s", (quality, right) => {
    const { say } = givenBorn();
    const metrics = [{ alias: 2, type: "Int32", value: 1, quality }] as const;
    const name = right === "good" ? "speed 1/min" : `speed 1/min ${right}`;
    expect(say({ to: "DDATA/feeder", seq: 2, metrics })).toEqual([{ device: feeder, [name]: 1 }]);
  });

  it("takes everything behind it along when it dies", () => {
    const { say } = givenBorn();
    say({ to: "DBIRTH/oven", seq: 2, metrics: [] });
    expect(say({ to: "DDEATH/oven", seq: 3 })).toEqual([
      { device: "sparkplug-plant-press-oven", state: "offline" },
    ]);
    const death = [{ name: "bdSeq", type: "Int64", value: 3 }] as const;
    expect(say({ to: "NDEATH", metrics: death, attributes: { will: true } })).toEqual([
      { device: node, state: "offline" },
      { device: feeder, state: "offline" },
    ]);
  });

  it("does not die of the death of an earlier birth, and does of one that was missed", () => {
    const { say } = givenBorn();
    const death = (value: number): Said => ({
      to: "NDEATH",
      metrics: [{ name: "bdSeq", type: "Int64", value }],
    });
    expect(say(death(2))).toBe("ignored NDEATH of an earlier birth");
    expect(say(death(250))).toBe("ignored NDEATH of an earlier birth");
    expect(say({ to: "DDATA/feeder", seq: 2, metrics: [{ alias: 3, value: true }] })).toEqual([
      { device: feeder, running: true },
    ]);
    expect(say(death(4))).toContainEqual({ device: node, state: "offline" });
  });

  it("is asked for its birth where none was heard, and read by names meanwhile", () => {
    const { asked, say } = givenHost();
    const metrics = [
      { name: "Temp", type: "Double", value: 20 },
      { alias: 5, type: "Double", value: 1 },
    ] as const;
    expect(say({ to: "DDATA/feeder", seq: 9, metrics })).toEqual([
      {
        device: feeder,
        rejected:
          "1 values have an alias (5) that no birth explains for sure: its birth was not heard",
      },
      { device: feeder, temp: 20 },
    ]);
    expect(asked).toEqual([
      {
        topic: "spBv1.0/plant/NCMD/press",
        metrics: [
          expect.objectContaining({
            name: "Node Control/Rebirth",
            dataType: "Boolean",
            value: { kind: "boolean", value: true },
          }),
        ],
      },
    ]);
  });

  it("is read by no alias once a message was missed, until it was born again", () => {
    const { asked, say } = givenBorn();
    const data = (seq: number): Said => ({
      ...{ to: "DDATA/feeder", seq, metrics: [{ alias: 2, type: "Int32", value: 5 }] },
    });
    expect(say(data(4))).toEqual([
      {
        device: feeder,
        rejected: expect.stringContaining("seq 4 came behind 1, so messages were missed"),
      },
    ]);
    expect(say(data(5))).toEqual([expect.objectContaining({ rejected: expect.anything() })]);
    expect(asked).toHaveLength(1);
    say({
      ...nodeBirth,
      metrics: [{ name: "Level", alias: 2, type: "Double", value: 1 }],
    });
    expect(say(data(1))).toEqual([expect.objectContaining({ rejected: expect.anything() })]);
    say({
      ...deviceBirth,
      seq: 2,
      metrics: [{ name: "Weight", alias: 2, type: "Int32", value: 1 }],
    });
    expect(say(data(3))).toEqual([{ device: feeder, weight: 5 }]);
  });

  it("counts from 255 to 0, and may leave out a number that is 0", () => {
    const { asked, say } = givenBorn();
    const data = (seq?: number): Said => ({
      ...{ to: "NDATA", metrics: [{ alias: 1, type: "Float", value: 1 }] },
      ...(seq !== undefined && { seq }),
    });
    for (let seq = 2; seq <= 255; seq += 1) say(data(seq));
    expect(say(data())).toEqual([{ device: node, "cabinet_temperature Cel": 1 }]);
    expect(say(data(1))).toEqual([{ device: node, "cabinet_temperature Cel": 1 }]);
    expect(asked).toEqual([]);
  });

  it("is not read by the aliases of a birth that came after the message was sent", () => {
    const { asked, say } = givenBorn();
    say({ ...nodeBirth, timeMs: t0 + 1_000, receivedMs: t0 + 1_000 });
    say({ ...deviceBirth, timeMs: t0 + 1_000, receivedMs: t0 + 1_000 });
    const late = say({ to: "DDATA/feeder", seq: 200, metrics: [{ alias: 2, value: 9 }] });
    expect(late).toEqual([expect.objectContaining({ rejected: expect.anything() })]);
    expect(say({ to: "DDATA/feeder", seq: 2, metrics: [{ alias: 3, value: true }] })).toEqual([
      { device: feeder, running: true },
    ]);
    expect(asked).toEqual([]);
  });

  it("is asked for its birth where its numbers begin anew without one", () => {
    const { asked, say } = givenBorn();
    for (const seq of [2, 3])
      say({ to: "NDATA", seq, metrics: [{ alias: 1, type: "Float", value: 22 }] });
    const later = { timeMs: t0 + 1_000, receivedMs: t0 + 1_000 };
    say({
      ...deviceBirth,
      ...later,
      metrics: [{ name: "Load", alias: 1, type: "Int32", value: 5 }],
    });
    expect(asked).toHaveLength(1);
    for (const seq of [2, 3, 4])
      expect(say({ to: "NDATA", seq, metrics: [{ alias: 1, value: 6 }], ...later })).toEqual([
        expect.objectContaining({ rejected: expect.anything() }),
      ]);
    const data: Said = { to: "DDATA/feeder", seq: 5, metrics: [{ alias: 1, value: 6 }], ...later };
    expect(say(data)).toEqual([{ device: feeder, load: 6, at: 1_000 }]);
  });

  it("is not called by a birth of a device that another one has overtaken", () => {
    const { asked, say } = givenBorn();
    const later = { timeMs: t0 + 1_000, receivedMs: t0 + 1_000 };
    say({ ...nodeBirth, ...later });
    const speed = [{ name: "Speed", alias: 7, type: "Int32", value: 1 }] as const;
    say({ ...deviceBirth, ...later, metrics: speed });
    expect(say({ ...deviceBirth, timeMs: t0 - 1_000, seq: 1 })).toEqual([
      { device: feeder, "speed 1/min": -7, running: true, recipe: "A-17", at: -1_000 },
    ]);
    const data: Said = { to: "DDATA/feeder", seq: 2, metrics: [{ alias: 7, value: 2 }], ...later };
    expect(say(data)).toEqual([{ device: feeder, speed: 2, at: 1_000 }]);
    expect(asked).toEqual([]);
  });

  it("is asked less and less often, if asking does not help", async () => {
    const { asked, clock, say } = givenHost();
    for (let second = 0; second < 600; second += 1) {
      say({ to: "NDATA", seq: second % 256, metrics: [{ alias: 1, value: 1 }] });
      await clock.advance(1_000);
    }
    expect(asked.length).toBeGreaterThan(4);
    expect(asked.length).toBeLessThan(10);
  });

  it("has devices that are gone, if it was born without them", () => {
    const { say } = givenBorn();
    say(nodeBirth);
    expect(say({ to: "NDATA", seq: 1, metrics: [{ alias: 1, type: "Float", value: 1 }] })).toEqual([
      { device: feeder, state: "offline" },
      { device: node, "cabinet_temperature Cel": 1 },
    ]);
  });

  it("is read again by aliases that meant the same when the message came, and only by those", () => {
    const { say, sayAgain } = givenBorn();
    const missed: Said = {
      ...{ to: "DDATA/feeder", seq: 9, receivedMs: t0 + 10, timeMs: t0 },
      metrics: [{ alias: 2, type: "Int32", value: 5 }],
    };
    say(missed);
    say({ ...nodeBirth, receivedMs: t0 + 20 });
    say({ ...deviceBirth, receivedMs: t0 + 20 });
    expect(sayAgain(missed)).toEqual([{ device: feeder, "speed 1/min": 5 }]);
    const other = [{ name: "Weight", alias: 2, type: "Int32", value: 1 }] as const;
    say({ ...deviceBirth, seq: 2, metrics: other, receivedMs: t0 + 30 });
    expect(sayAgain(missed)).toEqual([expect.objectContaining({ rejected: expect.anything() })]);
  });

  it("keeps its values apart where two metrics would be called the same", () => {
    const { say } = givenHost();
    const metrics = [
      { name: "Input/1", alias: 1, type: "Int32", value: 1 },
      { name: "Input 1", alias: 2, type: "Int32", value: 2 },
    ] as const;
    const names = (events: unknown): string[] =>
      Object.keys((events as readonly object[])[1] ?? {}).slice(1);
    const first = names(say({ to: "NBIRTH", seq: 0, metrics }));
    expect(first).toEqual(["input_1", expect.stringMatching(/^input_1_\w+$/)]);
    expect(names(say({ to: "NBIRTH", seq: 0, metrics: metrics.toReversed() }))).toEqual(
      first.toReversed(),
    );
  });

  it("reads no alias that two metrics have", () => {
    const { refusals, say } = givenHost();
    const metrics = [
      { name: "A", alias: 1, type: "Int32", value: 1 },
      { name: "B", alias: 1, type: "Int32", value: 2 },
    ] as const;
    say({ to: "NBIRTH", seq: 0, metrics });
    expect(say({ to: "NDATA", seq: 1, metrics: [{ alias: 1, value: 3 }] })).toEqual([
      expect.objectContaining({ rejected: expect.anything() }),
    ]);
    expect(refusals.list()).toContainEqual(
      expect.objectContaining({ reason: "1 aliases are of two metrics each, and are not read" }),
    );
  });

  it("measures nothing that no number can hold in the unit it is stored in", () => {
    const { say } = givenHost();
    const metrics = [{ name: "P", type: "Double", value: 1.7e308, unit: "bar" }] as const;
    expect(say({ to: "NBIRTH", seq: 0, metrics })).toEqual([
      { device: node, state: "online" },
      { device: node, "p bad": "1.7e+308", misfits: expect.stringContaining("too big in hPa") },
    ]);
  });

  it("keeps what is no value of its type beside what is, as bad", () => {
    const { say } = givenBorn();
    const metrics = [
      { alias: 2, type: "String", value: "fast" },
      { alias: 3, value: true },
    ] as const;
    expect(say({ to: "DDATA/feeder", seq: 2, metrics })).toEqual([
      {
        device: feeder,
        "speed bad": "fast",
        running: true,
        misfits: "speed is fast, not a Int32",
      },
    ]);
  });

  it("is named by its credentials, which name no device behind it", () => {
    const { say } = givenHost();
    const owner = toDeviceId("press-4");
    expect(say({ ...nodeBirth, owner })).toContainEqual({ device: owner, state: "online" });
    expect(say({ ...deviceBirth, owner })).toEqual([
      expect.objectContaining({ rejected: expect.stringContaining("needs credentials") }),
    ]);
    // Who has no such credentials speaks for another one.
    expect(say({ to: "NDATA", seq: 2, metrics: [{ alias: 1, value: 1 }] })).toEqual([
      { device: node, rejected: expect.anything() },
    ]);
  });

  it("refuses births beyond its bounds, and says why", () => {
    const { say } = givenHost();
    const metrics = Array.from({ length: 16_385 }, (_, at) => ({ name: `m${at}`, value: at }));
    expect(say({ to: "NBIRTH", seq: 0, metrics })).toEqual([
      {
        device: node,
        rejected: "the birth was not taken: it has 16385 metrics, and 16384 are the most",
      },
    ]);
  });
});

describe("other messages of Sparkplug", () => {
  it("are counted and not stored: commands, and what host applications say", () => {
    const { say, topic } = givenHost();
    expect(say({ to: "NCMD" })).toBe("ignored NCMD, DCMD");
    expect(say({ to: "DCMD/feeder" })).toBe("ignored NCMD, DCMD");
    expect(topic("spBv1.0/STATE/scada", '{"online":true}')).toMatchObject({ filter: "STATE" });
    expect(topic("STATE/scada", "ONLINE")).toMatchObject({ filter: "STATE" });
    expect(topic("STATE/kitchen", "12.5")).toMatchObject({ event: { kind: "rejection" } });
  });

  it("are rejected where they are none", () => {
    const { say } = givenHost();
    expect(say({ to: "NDATA", payload: Buffer.from("12ff", "hex") })).toEqual([
      { device: null, rejected: "no Sparkplug payload: the payload ends within a field" },
    ]);
  });
});
