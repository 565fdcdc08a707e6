import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toDeviceId } from "../../../src/core/ids.ts";
import { noAttributes } from "../../../src/core/message.ts";
import { checkExamples } from "../../../src/normalize/check-examples.ts";
import { wordsOfDevice } from "../../../src/normalize/commands/device-words.ts";
import { paramFromText } from "../../../src/normalize/commands/params.ts";
import { makeReady } from "../../../src/normalize/commands/ready-command.ts";
import { parseProfile } from "../../../src/normalize/language/parse-profile.ts";
import type { Profile } from "../../../src/normalize/profile.ts";
import { nameDevice } from "../../../src/normalize/topics/device-name.ts";

const text = { type: "text" };

function fileWith(command: object, rest: object = {}) {
  return {
    profile: "acme/box",
    version: 1,
    about: "A box.",
    match: { topic: "acme/{app}/{device}/up" },
    device: { prefix: "{app}-" },
    time: "none",
    metrics: [{ name: "t", path: "t" }],
    examples: [{ topic: "acme/a/b/up", payload: { t: 1 }, expect: { metrics: { t: 1 } } }],
    ...rest,
    commands: [{ name: "do_it", about: "Does it.", examples: [{ payload: "" }], ...command }],
  };
}

function profileWith(command: object, rest: object = {}): Profile {
  const checked = parseProfile(fileWith(command, rest));
  if (!checked.ok) throw new Error(checked.faults.map(({ message }) => message).join("; "));
  return checked.value;
}

function faultsOf(command: object): string[] {
  const checked = parseProfile(fileWith(command));
  return checked.ok
    ? checkExamples(checked.value).map(({ message }) => message)
    : checked.faults.map(({ message }) => message);
}

function ready(profile: Profile, params: Record<string, number | boolean | string>, id = "c-1") {
  const device = { id: toDeviceId("acme-a-b"), word: undefined, profile, configured: undefined };
  const [command] = profile.commands ?? [];
  if (!command) throw new Error("no command");
  return makeReady(device, command, { id, params });
}

function payloadOf(made: ReturnType<typeof ready>): string {
  if ("problem" in made || made.write.kind === "registers") throw new Error(JSON.stringify(made));
  return Buffer.from(made.write.payload).toString();
}

describe("a command, filled in", () => {
  test("puts any text into JSON as that text", () => {
    const profile = profileWith({
      params: { note: text, level: { type: "number" } },
      topic: "acme/{app}/{device}/set",
      payload: {
        note: "{note}",
        both: "{note}-{level}",
        list: ["{level}", true, null],
        id: "{id}",
      },
    });
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.double({ noNaN: true }),
        (note, level) => {
          const made = ready(profile, { note, level });
          if (note.includes("\0") || !Number.isFinite(level)) {
            expect(made).toHaveProperty("problem");
            return;
          }
          const found = JSON.parse(payloadOf(made));
          expect(found).toEqual({
            note,
            both: `${note}-${level}`,
            list: [Object.is(level, -0) ? 0 : level, true, null],
            id: "c-1",
          });
        },
      ),
    );
  });

  test("fills one level of a topic with a parameter, and never more", () => {
    const profile = profileWith({ params: { part: text }, topic: "acme/{device}/{part}/set" });
    for (const part of ["", "a/b", "+", "#", "a\0", "a\n", "x+y"])
      expect(ready(profile, { part })).toHaveProperty("problem");
    expect(ready(profile, { part: "relay 1" })).toMatchObject({
      write: { kind: "message", topic: "acme/b/relay 1/set", qos: 1, retain: false },
    });
  });

  test("says which parameter is wrong, and how", () => {
    const profile = profileWith({
      params: {
        level: { type: "number", unit: "Cel", range: [-30, -10], step: 0.5, default: -18 },
        mode: { type: "text", values: ["eco", "fast"] },
      },
      topic: "a/{device}",
      payload: { level: "{level}", mode: "{mode}" },
    });
    expect(payloadOf(ready(profile, { mode: "eco" }))).toBe('{"level":-18,"mode":"eco"}');
    for (const [params, words] of [
      [{}, "mode is missing"],
      [{ mode: "slow" }, 'mode is "slow", not one of eco, fast'],
      [{ mode: "eco", level: -9 }, "level is -9 Cel, not within -30 to -10 Cel"],
      [{ mode: "eco", level: -18.3 }, "level is -18.3 Cel, not a step of 0.5 Cel"],
      [{ mode: "eco", level: "-18" }, 'level is "-18", not a number'],
      [{ mode: "eco", color: 1 }, "no parameter color; there are level, mode"],
      [{ mode: "eco", constructor: 1 }, "no parameter constructor"],
    ] as const)
      expect(ready(profile, params)).toEqual({ problem: expect.stringContaining(words) });
  });

  test("becomes bytes of a frame, or registers, and holds what it was given or says so", () => {
    const rest = { match: undefined, device: undefined };
    const framed = profileWith(
      { params: { n: { type: "number" } }, frame: { hex: "a5 {n:i16le} 0d" } },
      rest,
    );
    expect(ready(framed, { n: -2 })).toMatchObject({ write: { kind: "frame" } });
    expect(ready(framed, { n: 258 })).toMatchObject({
      write: { payload: Buffer.from("a502010d", "hex") },
    });
    expect(ready(framed, { n: 40_000 })).toEqual({
      problem: "{n} is 40000, which i16le cannot hold",
    });
    const line = profileWith({ params: { s: text }, frame: { text: "SET {s}" } }, rest);
    expect(payloadOf(ready(line, { s: "on" }))).toBe("SET on");
    expect(ready(line, { s: "on\r\nRESET" })).toHaveProperty("problem");
    const written = profileWith(
      {
        params: { w: { type: "number" } },
        write: { at: 100, type: "u32", scale: 0.1, value: "{w}" },
      },
      rest,
    );
    expect(ready(written, { w: 6_553.7 })).toMatchObject({
      write: { kind: "registers", table: "holding", at: 100, values: [1, 1], single: false },
    });
    expect(ready(written, { w: 0.05 })).toHaveProperty("problem");
    const coil = profileWith(
      { params: { on: { type: "boolean" } }, write: { table: "coil", at: 3, value: "{on}" } },
      rest,
    );
    expect(ready(coil, { on: true })).toMatchObject({
      write: { table: "coil", values: [1], single: true },
    });
  });

  test("finds the words of the topic in the id of the device, whatever they are", () => {
    const profile = profileWith({ topic: "a/{device}" });
    const word = fc.string({
      unit: fc.constantFrom("a", "-", "=", "b", "7"),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(word, word, word, (app, zone, device) => {
        const naming = { family: "acme", words: ["app", "zone"] };
        const words = new Map([
          ["app", app],
          ["zone", zone],
          ["device", device],
        ]);
        const id = toDeviceId(nameDevice(naming, words));
        const known = {
          id,
          word: undefined,
          profile: { ...profile, naming },
          configured: undefined,
        };
        const found = wordsOfDevice(known);
        // Where an id can be read in two ways, none is made up.
        if (found.has("app")) expect(nameDevice(naming, found)).toBe(id);
      }),
    );
    const plain = {
      id: toDeviceId("acme-a--1-b-c"),
      word: undefined,
      profile,
      configured: undefined,
    };
    expect(wordsOfDevice(plain)).toEqual(
      new Map([
        ["app", "a-1"],
        ["device", "b-c"],
      ]),
    );
  });

  test("takes the words of a configured device from its topic", () => {
    const profile = profileWith({ topic: "acme/{app}/{device}/set", payload: "x" });
    const configured = {
      id: "freezer-07",
      profile: "acme/box",
      topic: "acme/hall/cold/+",
      tags: {},
      attrs: {},
    };
    const device = { id: toDeviceId("freezer-07"), word: undefined, profile, configured };
    const [command] = profile.commands ?? [];
    expect(command && makeReady(device, command, { id: "c-1", params: {} })).toMatchObject({
      write: { topic: "acme/hall/cold/set" },
    });
  });

  test("reads what a person writes as a parameter", () => {
    expect(paramFromText({ type: "number", range: [-30, 0] }, "-18.5")).toBe(-18.5);
    expect(paramFromText({ type: "number" }, "0x10")).toEqual({
      problem: 'is "0x10", not a number',
    });
    expect(paramFromText({ type: "boolean" }, "true")).toBe(true);
    expect(paramFromText({ type: "boolean" }, "yes")).toHaveProperty("problem");
    expect(paramFromText({ type: "text" }, "0012")).toBe("0012");
  });
});

describe("the answer to a command", () => {
  const profile = profileWith({
    params: { state: text },
    topic: "acme/{device}/set",
    payload: "{state}",
    reply: {
      topic: "acme/{device}/{what}",
      when: 'topic.what == "did" && s == topic.state',
      refused: 'topic.what == "err"',
      id: "id",
      text: "why",
    },
  });
  const made = ready(profile, { state: "ON" });
  const read = (address: string, payload: string, attributes = noAttributes, by?: string) =>
    "answerIn" in made
      ? made.answerIn?.({
          ...{ source: "t", address, client: undefined, receivedMs: 0 },
          device: by === undefined ? undefined : toDeviceId(by),
          payload: Buffer.from(payload),
          attributes,
        })
      : undefined;

  test("is not given by the credentials of another device", () => {
    const yes = '{"id":"c-1","s":"ON"}';
    expect(read("acme/b/did", yes, noAttributes, "acme-a-c")).toBeUndefined();
    expect(read("acme/b/did", yes, noAttributes, "acme-a-b")).toMatchObject({ accepted: true });
  });

  test("is looked for where it comes in, and nowhere else", () => {
    const places = (reply: object) => {
      const found = ready(profileWith({ topic: "acme/{device}/set", payload: "x", reply }), {});
      return "problem" in found ? found.problem : found.answersAt;
    };
    expect(places({ topic: ["a/{device}/did", "a/{device}/{what}"] })).toEqual(["a/b/did", "a/b/"]);
    expect(places({ topic: "{what}/{device}" })).toEqual([""]);
  });

  test("is not one of another topic, whatever its parameters say", () => {
    const found = ready(
      profileWith({
        params: { zone: text },
        topic: "acme/{device}/set",
        payload: "{zone}",
        reply: { topic: "acme/{device}/{zone}" },
      }),
      { zone: "{any}" },
    );
    expect(found).toMatchObject({ problem: expect.stringContaining("{zone} has braces in it") });
  });

  test("is not the command itself, which a broker gives back to who has subscribed to its topic", () => {
    const found = ready(
      profileWith({
        topic: "acme/{device}/set",
        payload: { id: "{id}" },
        reply: { topic: "acme/{device}/{what}", id: "id" },
      }),
      {},
    );
    const hear = (address: string, payload: string) =>
      "problem" in found
        ? expect.fail(found.problem)
        : found.answerIn?.({
            ...{ source: "t", address, client: undefined, receivedMs: 0, device: undefined },
            ...{ payload: Buffer.from(payload), attributes: noAttributes },
          });
    expect(hear("acme/b/set", '{"id":"c-1"}')).toBeUndefined();
    expect(hear("acme/b/set", '{"id":"c-1","did":true}')).toMatchObject({ accepted: true });
    expect(hear("acme/b/did", '{"id":"c-1"}')).toMatchObject({ accepted: true });
  });

  test("is known by topic, id and condition, and is yes or no", () => {
    expect(read("acme/b/did", '{"id":"c-1","s":"ON"}')).toMatchObject({ accepted: true });
    expect(read("acme/b/err", '{"id":"c-1","why":"open\\nB"}')).toEqual({
      accepted: false,
      text: "open\\nB",
      answer: '{"id":"c-1","why":"open\\nB"}',
    });
    for (const [address, payload] of [
      ["acme/b/did", '{"id":"c-2","s":"ON"}'],
      ["acme/b/did", '{"id":"c-1","s":"OFF"}'],
      ["acme/c/did", '{"id":"c-1","s":"ON"}'],
      ["acme/b/did/x", '{"id":"c-1","s":"ON"}'],
      ["acme/b/did", "nonsense"],
      ["acme/b/did", '{"s":"ON"}'],
    ] as const)
      expect(read(address, payload)).toBeUndefined();
  });

  test("is read as the profile reads, with what stands beside its codec", () => {
    const line = {
      codec: "keyvalue",
      keyvalue: { pair: ";" },
      examples: [{ topic: "acme/a/b/up", payload: "t=1;u=2", expect: { metrics: { t: 1 } } }],
    };
    for (const codec of [{}, { codec: "keyvalue" }]) {
      const reply = { ...codec, topic: "acme/{device}/did", when: 'A == "ERR"', text: "why" };
      const made = ready(profileWith({ topic: "acme/{device}/set", reply }, line), {});
      const answer =
        "answerIn" in made
          ? made.answerIn?.({
              ...{ source: "t", address: "acme/b/did", client: undefined, receivedMs: 0 },
              ...{ device: undefined, attributes: noAttributes },
              payload: Buffer.from("A=ERR;why=hot"),
            })
          : undefined;
      expect(answer).toMatchObject({ accepted: true, text: "hot" });
    }
  });

  test("is none in what is damaged or cut, whatever the bytes", () => {
    const damaged = { damaged: "checksum" };
    expect(read("acme/b/did", '{"id":"c-1","s":"ON"}', damaged)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => read("acme/b/did", Buffer.from(bytes).toString("latin1"))).not.toThrow();
      }),
    );
  });
});

describe("a profile with commands", () => {
  test("is refused where a command cannot be what it says", () => {
    for (const [command, words] of [
      [{ tries: 3, topic: "a/{device}" }, "it is sent once unless it is repeatable"],
      [{}, "one of topic, frame and write"],
      [{ topic: "a/{device}", frame: { text: "x" } }, "one of topic, frame and write"],
      [{ topic: "a/{what}" }, "{what} is no parameter of it"],
      [{ topic: "a/+" }, "no + and no #"],
      [{ topic: "a/{device}", payload: '{"a":"{id}"}' }, "words are filled into JSON as values"],
      [{ topic: "a/{device}", reply: {} }, "an answer over MQTT comes in on a topic"],
      [
        { topic: "a/{device}", reply: { topic: "b", when: "topic.nobody == s" } },
        "nothing here is called topic.nobody",
      ],
      [{ topic: "a/{device}", reply: { topic: "b", codec: "struct" } }, "struct needs fields"],
      [{ topic: "a/{device}", params: { id: text } }, "{id} stands for something else"],
      [{ frame: { hex: "a5 {id:u99}" } }, "is no type of bytes"],
      [
        { topic: "a/{device}", params: { n: { type: "number", range: [0, 1], default: 2 } } },
        "not within 0 to 1",
      ],
      [{ topic: "a/{device}", expires: "60d" }, "outside"],
    ] as const)
      expect(faultsOf(command).join("\n")).toContain(words);
  });

  test("is refused where its examples are not true", () => {
    const command = {
      topic: "a/{device}",
      payload: "x",
      reply: { topic: "b", when: 'm == "y"', codec: "text" },
    };
    const fails = (example: object) => faultsOf({ ...command, examples: [example] }).join("\n");
    expect(
      fails({
        topic: "a/example",
        payload: "x",
        answers: [{ topic: "b", payload: "y", state: "acknowledged" }],
      }),
    ).toBe("");
    expect(fails({ payload: "z" })).toContain('expected payload "z", found "x"');
    expect(fails({ topic: "a/other", payload: "x" })).toContain("expected topic");
    expect(
      fails({ payload: "x", answers: [{ topic: "b", payload: "n", state: "acknowledged" }] }),
    ).toContain("expected acknowledged, found none");
    expect(fails({ problem: "door" })).toContain('expected "door", but it can be sent');
    expect(fails({})).toContain("an example says what leaves");
  });
});
