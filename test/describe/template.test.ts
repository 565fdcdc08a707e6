import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileTemplate, isProblem, openMessage } from "../../src/describe/template/template.ts";
import { Failed } from "../../src/describe/template/template-value.ts";

const sample = {
  t: 21.46,
  s: "ON",
  contact: false,
  none: null,
  id: "AB12",
  list: [1, 2.5, "x"],
  ENERGY: { Total: 3.5, Power: [10, 20] },
  battery_ok: 1,
};

/** What a template gives for a message; the problem where it cannot be read. */
function render(template: string, payload: string | object = sample): unknown {
  const compiled = compileTemplate(template);
  if (isProblem(compiled)) return compiled;
  const text = typeof payload === "string" ? payload : JSON.stringify(payload);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const value = compiled(openMessage(text, json));
  return value instanceof Failed ? { failed: value.found } : value;
}

describe("compileTemplate", () => {
  it.each([
    ["{{ value_json.t }}", 21.46],
    ["{{value_json['ENERGY']['Total']}}", 3.5],
    ['{{ value_json["ENERGY"].Power[1] }}', 20],
    ["{{ value_json.list[-1] }}", "x"],
    ["{{ value_json.t | float | round(1) }}", 21.5],
    ["{{ (value_json.t|float * 1.8 + 32) | round(2) }}", 70.63],
    ["{{ float(value_json.battery_ok) * 99 + 1 }}", 100],
    ["{{ value_json.t | int }}", 21],
    ["{{ value_json.missing | default('None') }}", "None"],
    ["{{ value_json.s | default('', true) | string | truncate(254, True, '', 0) }}", "ON"],
    ["{{ value_json.s | lower }}", "on"],
    ["{{ value_json.t if value_json.t is defined else 0 }}", 21.46],
    ["{{ value_json.x if value_json.x is defined else -55 }}", -55],
    ["{{ 'online' if value_json.ENERGY is defined else 'offline' }}", "online"],
    [
      "{% if value_json.s == 'ON' %}open{% elif value_json.t > 3 %}ajar{% else %}shut{% endif %}",
      "open",
    ],
    ["{%if value_json.x is defined%}{{value_json.x}}{%else%}{{value_json.t}}{%endif%}", 21.46],
    ["{% if value_json.get('contact') is true -%}True{%- else -%}False{%- endif %}", "False"],
    ["{% set words = {None:None,'ON':'heating'} %}{{ words[value_json[\"s\"]] }}", "heating"],
    ["{{ {'ON': 1, 'OFF': 0}[value_json.s] | default('None') }}", 1],
    [
      '{% if "s" in value_json and value_json["s"] %} {{ value_json.s }} {% else %} none {% endif %}',
      "ON",
    ],
    ["{{ not value_json.contact }}", true],
    ["{{ value_json.s in ['ON', 'OPEN'] }}", true],
    ["{{ value_json.t ~ ' °C' }}", "21.46 °C"],
    ["{{ '%0.1f' | format(value_json.t) }}", "21.5"],
    ["{{ value_json.id[0:2] | int(base=16) }}", 171],
    ["{{ 7 // 2 + 7 % 4 - 2 ** 2 }}", 2],
    ["{{ -7 // 2 }}", -4],
    ["{{ 2.5 | round(0) }}", 2],
    ["{{ 3.5 | round }}", 4],
    ["{{ 0.125 | round(2) }}", 0.12],
    ["{{ -0.375 | round(2) }}", -0.38],
    ["{{ 12345 / 1000 | round(2) }}", 12.345],
    ["{{ (12345 / 1000) | round(2) }}", 12.35],
    ["{{ 2.675 | round(2) }}", 2.67],
    ["{{ 1250 | round(-2) }}", 1200],
    ["{{ value_json.ENERGY.Power | max }}", 20],
    ["{{ iif(value_json.contact, 'open', 'shut') }}", "shut"],
    ["{# a remark #}{{ value_json.id }}", "AB12"],
    ["{{ 1700000000 | timestamp_utc }}", "2023-11-14T22:13:20.000Z"],
    ["{% set value = value_json.s %}{{ value if value in {'ON': 1}.keys() else 'none' }}", "ON"],
    ["{{ value_json.ENERGY | list | join(',') }}", "Total,Power"],
    ["{{ value_json.list.0 if value_json else this.state }}", 1],
    ["plain", "plain"],
  ])("reads %j", (template, expected) => {
    expect(render(template)).toEqual(expected);
  });

  it.each([
    ["{{ value | float }}", " 21.50 ", 21.5],
    ["{{ value }}", " OPEN \n", "OPEN"],
    ["{{ value.split(';')[1] | float }}", "a;7.5", 7.5],
    ["{{ (float(value|float) * 3.6) | round(2) }}", "2.5", 9],
    ["{{ int(float(value)*10**1) }}", "2.34", 23],
  ])("reads %j in a bare payload", (template, payload, expected) => {
    expect(render(template, payload)).toEqual(expected);
  });

  it.each([
    "{{ value_json.missing }}",
    "{{ value_json.t if value_json.t > 100 else this.state }}",
    "{{ value_json.t if value_json.id == 'other' }}",
    "{% if value_json.id == 'other' %}{{ value_json.t }}{% endif %}",
    "{{ value_json.__proto__ }}",
    "{{ value_json.constructor }}",
    "{{ value_json.list.length }}",
    "{{ value_json['toString'] }}",
  ])("finds nothing with %j", (template) => {
    expect(render(template)).toBeUndefined();
  });

  it.each([
    ["{{ value_json.id | float }}", "AB12"],
    ["{{ value_json.s * 2 }}", "ON"],
    ["{{ value_json.missing * 2 }}", undefined],
    ["{{ value_json.missing.deeper }}", undefined],
    ["{{ value_json.missing | is_defined }}", undefined],
    ["{{ value_json.t < 'a' }}", "a"],
    ["{{ 10 ** 400 }}", 10],
    ["{{ 1 / 0 }}", 1],
  ])("says what %j failed with", (template, found) => {
    expect(render(template)).toEqual({ failed: found });
  });

  it.each([
    ["{{ now() - timedelta(seconds=value_json.t) }}", '"now" is not known'],
    ["{{ states('sensor.x') }}", '"states" is not known'],
    ["{{ value_json.t | tojson }}", 'the filter "tojson" is not known'],
    ["{{ value_json.t | regex_replace('a', 'b') }}", 'the filter "regex_replace" is not known'],
    ["{{ value_json.items() }}", 'the method "items" is not known'],
    ["{{ value_json.t is fancy }}", 'the test "fancy" is not known'],
    ["{% for x in value_json %}{{ x }}{% endfor %}", 'the statement "for" is not known'],
    ["{% if value_json.t %}1", '"{% endif %}" is missing'],
    ["{{ value_json.t", '"{{" has no "}}" behind it'],
    ["{{ }}", "a value is missing"],
    ["{{ 1 2 }}", '"2" is not expected'],
    ["{{ value_json.t | round(1, 'common', 0, 5) }}", '"round" has at most 3 arguments'],
    [`{{ ${"(".repeat(60)}1${")".repeat(60)} }}`, "it is nested more than 24 deep"],
    [`{{ ${"1+".repeat(3_000)}1 }}`, "it has more than 4096 characters"],
  ])("says what of %j is not known", (template, problem) => {
    expect(render(template)).toEqual({ problem });
  });

  it("does a bounded amount of work, however the text grows", () => {
    const doubling = `{% set a = value %}${"{% set a = a ~ a %}".repeat(40)}{{ a }}`;
    expect(render(doubling, "x".repeat(1_000))).toEqual({ failed: undefined });
    const replacing = "{{ value | replace('x', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy') }}";
    expect(render(replacing, "x".repeat(60_000))).toMatchObject({ failed: expect.any(String) });
  });

  it("pays for what a template asks of a large value, each time", () => {
    const large = Object.fromEntries(Array.from({ length: 4_000 }, (_, at) => [`k${at}`, at]));
    const list = Array.from({ length: 20_000 }, () => 1);
    const failed = { failed: undefined };
    expect(render(`{% set a = value_json %}{{ 1${" + a|length".repeat(200)} }}`, large)).toEqual(
      failed,
    );
    const searching = `{% set a = value_json.a %}{{ ${"7 in a or ".repeat(300)} 1 }}`;
    expect(render(searching, { a: list })).toEqual(failed);
    expect(render(`{% set a = value %}${"{{a}}".repeat(700)}`, " ".repeat(60_000))).toEqual(failed);
  });

  it("makes no text of a list that is longer than any message, and looks for no long one", () => {
    const list = Array.from({ length: 15_000 }, () => 1);
    const joining = "{{ value_json.l | join(value_json.s) }}";
    expect(render(joining, { l: list, s: "x".repeat(30_000) })).toEqual({ failed: list });
    const part = "a".repeat(300);
    expect(render("{{ value_json.p in value_json.t }}", { p: part, t: part + part })).toEqual({
      failed: part,
    });
    expect(render("{{ 'a' in value_json.t }}", { t: part })).toBe(true);
  });

  it("never throws, whatever the template and the message", () => {
    const part = fc.constantFrom(
      ...[
        "{{",
        "}}",
        "{%",
        "%}",
        "if ",
        "else ",
        "endif",
        "set a=",
        "value",
        "value_json",
        ".a",
        "[0]",
      ],
      ...[
        "['__proto__']",
        "|float",
        "|round(",
        "|default(",
        ")",
        "(",
        "+",
        "-",
        "*",
        "/",
        "%",
        "**",
      ],
      ...["'x'", '"', "1", "0", " is ", "not ", "in ", "{", "}", ":", ",", "~", "==", "<", "None"],
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 24 }), fc.json(), (parts, payload) => {
        render(parts.join(""), payload);
        render(`{{ ${parts.join("")} }}`, payload);
      }),
      { numRuns: 1_500 },
    );
  });
});
