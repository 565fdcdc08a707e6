import { describe, expect, test } from "vitest";
import { readYaml } from "../../../src/config/read-yaml.ts";
import { checkExamples } from "../../../src/normalize/check-examples.ts";
import { parseProfile } from "../../../src/normalize/language/parse-profile.ts";
import { scaffold } from "../../../src/normalize/suggest/scaffold.ts";

/** Topics and payloads to the profile that is made of them, which is right and does what it says. */
function made(...messages: readonly (readonly [topic: string, payload: unknown])[]) {
  const samples = messages.map(([topic, payload]) => ({
    topic,
    payload: Buffer.from(typeof payload === "string" ? payload : JSON.stringify(payload)),
  }));
  const result = scaffold({ profile: "acme/thing", topic: undefined, samples });
  if ("problem" in result) throw new Error(result.problem);
  const yaml = readYaml(result.yaml);
  if (!yaml.ok) throw new Error(result.yaml);
  const parsed = parseProfile(yaml.value);
  if (!parsed.ok) throw new Error(`${JSON.stringify(parsed.faults)}\n${result.yaml}`);
  expect(checkExamples(parsed.value)).toEqual([]);
  return { text: result.yaml, profile: parsed.value };
}

const metricLines = (text: string): string[] =>
  text.split("\n").filter((line) => line.startsWith("  - { name"));

describe("a profile out of messages", () => {
  test("reads numbers, booleans, texts and the time of JSON", () => {
    const { text } = made(
      ["plant/cold-1/state", { ts: 1795824000, temp: -18.5, hum: 41, door: false, fw: "1.10" }],
      ["plant/cold-2/state", { ts: 1795824060, temp: -17.9, hum: 42, door: true, fw: "1.10" }],
    );
    expect(text).toContain('match: { topic: "plant/{device}/state" }');
    expect(text).toContain("time: { path: ts, format: epoch, unit: auto }");
    expect(metricLines(text)).toEqual([
      "  - { name: temp, path: temp, unit: Cel }",
      '  - { name: hum, path: hum, unit: "%RH" }',
      "  - { name: door, path: door, type: boolean }",
      "  - { name: fw, path: fw, parse: number }",
    ]);
  });

  test("keeps texts whose digits a number would lose, and units that the size tells", () => {
    const { text } = made([
      "gate/7/tag",
      {
        card: "0012345678",
        pressure: 101325,
        vbat: 3276,
        level: "3.2 V",
        when: "11/22/2026 10:06",
      },
    ]);
    expect(metricLines(text)).toEqual([
      "  - { name: card, path: card, type: text }",
      "  - { name: pressure, path: pressure, unit: hPa, from: Pa }",
      "  - { name: vbat, path: vbat, unit: V, from: mV }",
      "  - { name: level, path: level, parse: number, unit: V }",
      "  - { name: when, path: when, type: text }",
    ]);
  });

  test("reads texts with decimal commas, units, dashes and dates as people write them", () => {
    const { text } = made(
      ["boiler/1/x", { Zeit: "29.11.2026 11:28", Rück: "41,0 °C", p: "1,85 bar", Vor: "54,3" }],
      ["boiler/1/x", { Zeit: "29.11.2026 11:29", Rück: "41,1 °C", p: "1,84 bar", Vor: "---" }],
    );
    expect(text).toContain('time: { path: Zeit, format: "dd.MM.yyyy HH:mm", zone: utc }');
    expect(metricLines(text)).toEqual([
      '  - { name: rueck, path: "Rück", parse: number, unit: Cel }',
      "  - { name: p, path: p, parse: number, unit: hPa }",
      '  - { name: vor, path: Vor, parse: number, none: ["---"] }',
    ]);
    expect(text).toContain("p: { value: 1850, unit: hPa }");
  });

  test("gives nested values of one name the whole path as a name", () => {
    const { text } = made(["m/1/x", { a: { power: 1 }, b: { power: 2 }, 'o"d.d': 3 }]);
    expect(metricLines(text).map((line) => /name: (\S+),/.exec(line)?.[1])).toEqual([
      "a_power",
      "b_power",
      "o_d_d",
    ]);
  });

  test("finds the codec: lines of InfluxDB, pairs, bare numbers, lists", () => {
    expect(made(["t/1/x", "cpu,host=gw usage_idle=93.2 1795824000000000000"]).text).toContain(
      "codec: influx-line",
    );
    expect(made(["t/1/x", "t=21.5,h=40"]).text).toContain("codec: keyvalue");
    expect(made(["t/1/x", "21.5"]).text).toContain("codec: text");
    expect(made(["t/1/x", [{ v: 1 }, { v: 2 }]]).text).toContain("each: { path: $ }");
  });

  test("knows columns of lines by their separator, and leaves their names to a person", () => {
    const scale = made(["serial/scale", "S S     12.50 g"], ["serial/scale", "S D     12.51 g"]);
    expect(scale.text).toContain('codec: csv\ncsv: { separator: " ", columns: [column_1, column_2');
    expect(scale.text).not.toContain("match:");
    expect(scale.text).toContain(
      "# It reads what is named under devices, such as { id: scale, profile: acme/thing, topic: serial/scale }",
    );
    expect(metricLines(scale.text)[2]).toBe("  - { name: column_3, path: column_3 }");
    const mast = made(["serial/mast", "Q,229,002.74,M,00,16"]);
    expect(mast.text).toContain("column_2: 229, column_3: 2.74");
    expect(made(["serial/x", "21,5;48,2"]).text).toContain("column_1: 21.5, column_2: 48.2");
  });

  test("knows pairs by the signs between them", () => {
    const text = (payload: string): string => made(["serial/x", payload]).text;
    expect(text("T=21.5;H=48.2")).toContain('keyvalue: { pair: ";" }');
    expect(text("T:21.5 H:48.2")).toContain('keyvalue: { pair: " ", assign: ":" }');
    expect(text("0R1,Dn=236D,Ta=20.2C")).toContain("codec: keyvalue\ntime");
  });

  test("takes a sentence, a time and a number with its unit for what they are", () => {
    for (const payload of ["12:30:05", "sensor 3 has failed", "Error: no sensor", "  1.25 kg"])
      expect(made(["serial/x", payload]).text).toContain("codec: text");
  });

  test("says why it cannot, and never throws for what devices send", () => {
    const samples = (payload: string) => [{ topic: "t", payload: Buffer.from(payload) }];
    for (const payload of ["", "{}", "[]", "\0\0", "[[[[[[[[[[[[1]]]]]]]]]]]]", '{"__proto__":1}'])
      expect(() =>
        scaffold({ profile: "acme/thing", topic: undefined, samples: samples(payload) }),
      ).not.toThrow();
    expect(scaffold({ profile: "acme/thing", topic: undefined, samples: samples("{}") })).toEqual({
      problem: "there is no value in these messages",
    });
  });
});
