import { describe, expect, it } from "vitest";
import { readYaml, writeYaml, type YamlText } from "../../src/config/read-yaml.ts";

function read(text: string): YamlText {
  const result = readYaml(text);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result;
}

function faultOf(text: string): unknown {
  const result = readYaml(text);
  return result.ok ? "no fault" : result.faults[0];
}

describe("readYaml", () => {
  const text =
    "site: plant-a\nsources:\n  - { kind: broker, listen: 'x' }\n  - kind: serial\ntags:\n";

  it("gives plain values", () => {
    expect(read(text).value).toEqual({
      site: "plant-a",
      sources: [{ kind: "broker", listen: "x" }, { kind: "serial" }],
      tags: null,
    });
    expect(read("").value).toBeNull();
    expect(read("a: yes\nb: 012\nc: 1e3\n").value).toEqual({ a: "yes", b: 12, c: 1000 });
  });

  it.each([
    [["site"], false, 1, 7, 7],
    [["site"], true, 1, 1, 4],
    [["sources", 0, "listen"], false, 3, 29, 3],
    [["sources", 1], false, 4, 5, 12],
    [["sources", 1, "kind"], true, 4, 5, 4],
    [["tags"], false, 5, 1, 4],
  ])("locates %j (key: %s) at %i:%i, %i wide", (path, atKey, line, column, width) => {
    expect(read(text).locate(path, atKey)).toMatchObject({ line, column, width });
  });

  it("locates what is missing at the group that misses it", () => {
    expect(read(text).locate(["sources", 1, "path"])).toMatchObject({
      line: 4,
      column: 5,
      width: 1,
    });
    expect(read("").locate(["site"])).toMatchObject({ line: 1, column: 1, width: 1 });
  });

  it("locates what stands behind an alias", () => {
    const { locate } = read("base: &b\n  port: 1\nmine: *b\n");
    expect(locate(["mine", "port"])).toMatchObject({ line: 2, column: 9 });
  });

  it("keeps carriage returns out of places", () => {
    expect(read("a: 1\r\nb: long text\r\n").locate(["b"])).toEqual({
      line: 2,
      column: 4,
      width: 9,
      text: "b: long text",
    });
  });

  it("reports a field that is given twice at its second place", () => {
    expect(faultOf("a: 1\nb: 2\na: 3\n")).toMatchObject({
      code: "yaml.duplicate-key",
      message: 'field "a" is given twice',
      place: { line: 3, column: 1, width: 1 },
    });
  });

  it.each([
    ["a:\n\tb: 1\n", "yaml.syntax", 2, 1],
    ["a: [1, 2\nb: 3\n", "yaml.syntax", 2, 1],
    ["a: 1\n---\nb: 2\n", "yaml.syntax", 2, 1],
    ["a: !env SECRET\n", "yaml.syntax", 1, 4],
    ["a: *nothing\n", "yaml.unknown-alias", 1, 4],
    ["a: 'open\n", "yaml.syntax", 2, 1],
  ])("reports %j as %s", (broken, code, line, column) => {
    expect(faultOf(broken)).toMatchObject({ code, place: { line, column } });
  });

  it("refuses aliases that multiply", () => {
    const bomb = ["a0: &a0 [x, x]"];
    for (let at = 1; at < 9; at += 1) {
      bomb.push(
        `a${at}: &a${at} [${Array(9)
          .fill(`*a${at - 1}`)
          .join(", ")}]`,
      );
    }
    expect(faultOf(bomb.join("\n"))).toMatchObject({ code: "yaml.alias-bomb" });
  });

  it("takes one anchor for hundreds of devices", () => {
    const devices = Array.from({ length: 500 }, (_, at) => `  - { id: d${at}, tags: *cold }`);
    const text = `tags: &cold { area: cold-store }\ndevices:\n${devices.join("\n")}\n`;
    expect(read(text).value).toMatchObject({ devices: { length: 500 } });
  });

  it("does not let a file reach into prototypes", () => {
    read("__proto__: { polluted: true }\n");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });
});

describe("writeYaml", () => {
  it("writes what readYaml reads", () => {
    const value = { list: [1, "2", true, null], nested: { text: "a: b", empty: {} } };
    expect(read(writeYaml(value)).value).toEqual(value);
  });
});
