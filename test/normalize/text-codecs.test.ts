/** The codecs for texts that are no JSON, on what devices and programs really send. */
import { describe, expect, it, test } from "vitest";
import type { Codec } from "../../src/normalize/codecs/codec.ts";
import { influxLine } from "../../src/normalize/codecs/influx-line.ts";
import { nmea } from "../../src/normalize/codecs/nmea.ts";
import { senml } from "../../src/normalize/codecs/senml.ts";
import { decode } from "../../src/normalize/decode.ts";
import { parseProfile } from "../../src/normalize/language/parse-profile.ts";
import { givenReader, outcomeOf, receivedMs, smallFile } from "./given.ts";

const read = (codec: Codec, text: string) => decode(codec, Buffer.from(text), receivedMs);
const valueIn = (codec: Codec, text: string): unknown => {
  const decoded = read(codec, text);
  return decoded.ok ? decoded.value : decoded.reason;
};
const everything = [{ name: "{key}", path: "**", type: "any" }];
const outcome = (differs: object, text: string): unknown =>
  outcomeOf(givenReader({ metrics: everything, ...differs })(text));

describe("a bare text", () => {
  it.each([
    ["21.50", 21.5],
    ["-1e-05", -0.00001],
    ["026.9", 26.9],
    ["0", 0],
    ["0012345678", "0012345678"],
    ["276098106123456789", "276098106123456789"],
    ["12e5", "12e5"],
    ["21,5", "21,5"],
    ["1e+999", "1e+999"],
  ])("%s is %o", (text, value) => {
    expect(outcome({ codec: "text" }, text)).toEqual([["value", value]]);
  });

  it("stays a text where the profile says that there are no numbers", () => {
    const codec = { codec: "text", text: { numbers: false } };
    const metrics = [{ name: "firmware", path: "$", type: "text" }];
    expect(outcome({ ...codec, metrics }, "1.10")).toEqual([["firmware", "1.10"]]);
  });

  it("is read beside JSON where both come on one topic, but no broken JSON", () => {
    expect(outcome({ codec: "json-or-text" }, "off")).toEqual([["value", "off"]]);
    expect(outcome({ codec: "json-or-text" }, '{"t":1}')).toEqual([["t", 1]]);
    expect(outcome({ codec: "json-or-text" }, '{"t":1')).toMatchObject({ code: "undecodable" });
    expect(outcome({ codec: "json-or-text" }, "a\nb")).toMatchObject({ code: "undecodable" });
  });
});

describe("columns", () => {
  it("have positions", () => {
    const text = "A003W37251330001,00-00-00-00-00,C1,026.9,N,C2,070.3,N,0D0A";
    const metrics = [
      { name: "c1", path: "3" },
      { name: "c2", path: "6" },
    ];
    expect(outcome({ codec: "csv", metrics }, text)).toEqual([
      ["c1", 26.9],
      ["c2", 70.3],
    ]);
  });

  it.each([
    [
      { separator: ";", decimal: ",", columns: ["t", "h"] },
      "21,5;40;7",
      { t: 21.5, h: 40, "2": 7 },
    ],
    [{ separator: " " }, "12.3   -4.5 OK", { "0": 12.3, "1": -4.5, "2": "OK" }],
    [{ separator: "\t", columns: ["a", "b", "c"] }, "\t5\tx", { b: 5, c: "x" }],
    [{ columns: ["a", "b"] }, '"say ""5""", "x,y"', { a: 'say "5"', b: "x,y" }],
    [{ header: true }, "t,h\n20,40\n\n21,41\n", { "0.t": 20, "0.h": 40, "1.t": 21, "1.h": 41 }],
    [{ lines: true, columns: ["t"] }, "20\n21", { "0.t": 20, "1.t": 21 }],
    [{ header: true }, "__proto__,t\n1,2", { "0.__proto__": 1, "0.t": 2 }],
  ])("with %j", (csv, text, values) => {
    expect(Object.fromEntries(outcome({ codec: "csv", csv }, text) as [string, unknown][])).toEqual(
      values,
    );
  });

  it.each([
    ["1,2\n3,4", "payload has 2 lines; csv: { lines: true } gives a list of them"],
    ['1,"2', "a quote is not closed"],
    [" ", "no row is in the payload"],
  ])("%o is not one row", (text, reason) => {
    expect(outcome({ codec: "csv" }, text)).toEqual({ code: "undecodable", reason });
  });
});

describe("pairs", () => {
  it.each([
    [{}, "t=21.5,h=40\r\nid=007", { t: 21.5, h: 40, id: "007" }],
    [{ pair: ";", assign: ":" }, "T: 21.5; at:12:30 ;ok;", { T: 21.5, at: "12:30", ok: true }],
    [
      { pair: " ", decimal: "," },
      'level=info  msg="a \\"b\\" c" t=1,5',
      { level: "info", msg: 'a "b" c', t: 1.5 },
    ],
    [{ pair: "&" }, "a=&b=__proto__&__proto__=2", { b: "__proto__", ["__proto__"]: 2 }],
    [{ lines: true }, "t=1\nt=2", { "0.t": 1, "1.t": 2 }],
  ])("with %j", (keyvalue, text, values) => {
    const found = outcome({ codec: "keyvalue", keyvalue }, text) as [string, unknown][];
    expect(found).toEqual(Object.entries(values));
  });

  it("with one key twice are no message one can trust", () => {
    expect(outcome({ codec: "keyvalue" }, "t=1,t=2")).toEqual({
      code: "undecodable",
      reason: "t stands more than once",
    });
    expect(outcome({ codec: "keyvalue" }, "hello")).toMatchObject({ code: "undecodable" });
  });
});

describe("InfluxDB line protocol", () => {
  it.each([
    [
      "cpu,host=gw usage_idle=93.2,usage_user=4.1 1795824000000000000\n",
      { host: "gw" },
      { usage_idle: 93.2, usage_user: 4.1 },
    ],
    ["m\\ x,a\\,b=c\\=d f\\ 1=1i,f2=2u,f3=-3.5e2", { "a,b": "c=d" }, { "f 1": 1, f2: 2, f3: -350 }],
    ['m s="a \\"b\\", c\\\\",t=T,f=false', {}, { s: 'a "b", c\\', t: true, f: false }],
    ['m s="two\nlines"', {}, { s: "two\nlines" }],
    ["m big=9223372036854775807i", {}, { big: "9223372036854775807" }],
  ])("%s", (text, tags, fields) => {
    expect(valueIn(influxLine, text)).toMatchObject([{ tags, fields }]);
  });

  it("keeps the digits of nanoseconds, and what no number holds is told", () => {
    expect(valueIn(influxLine, "m f=1 1795824000123456789")).toMatchObject([
      { measurement: "m", time: "1795824000123456789" },
    ]);
    expect(read(influxLine, "m f=9223372036854775807i")).toMatchObject({
      bigNumbers: new Set(["9223372036854775807"]),
    });
  });

  it("gives a point for each line, and a broken one costs no other", () => {
    expect(read(influxLine, "# no\nm f=1\nm f=\n\r\nm f=x y z\nm f=2 5")).toEqual({
      ok: true,
      value: [
        { measurement: "m", tags: {}, fields: { f: 1 } },
        { measurement: "m", tags: {}, fields: { f: 2 }, time: "5" },
      ],
      misfits: ["the field f cannot be read: m f=", "the field f cannot be read: m f=x y z"],
    });
    expect(valueIn(influxLine, "hello")).toBe("a field has no value: hello");
  });
});

describe("SenML", () => {
  test("one value with the whole name of the device", () => {
    const text = '[{"n":"urn:dev:ow:10e2073a01080063","u":"Cel","v":23.1}]';
    expect(valueIn(senml, text)).toEqual([
      { base: "urn:dev:ow:10e2073a01080063", values: { value: 23.1 }, units: { value: "Cel" } },
    ]);
  });

  test("a base name, a base unit, and times before now and absolute", () => {
    const text = `[{"bn":"urn:dev:ow:10e2073a0108006:","bt":1.276020076001e+09,"bu":"A","bver":5,
      "n":"voltage","u":"V","v":120.1},{"n":"current","t":-5,"v":1.2},{"n":"current","v":1.7}]`;
    expect(valueIn(senml, text)).toEqual([
      {
        base: "urn:dev:ow:10e2073a0108006",
        time: 1276020076.001,
        values: { voltage: 120.1, current: 1.7 },
        units: { voltage: "V", current: "A" },
      },
      {
        base: "urn:dev:ow:10e2073a0108006",
        time: 1276020071.001,
        values: { current: 1.2 },
        units: { current: "A" },
      },
    ]);
    expect(valueIn(senml, '[{"n":"a","t":-60,"v":1}]')).toMatchObject([
      { time: receivedMs / 1_000 - 60 },
    ]);
  });

  test("several devices, several types, base values and sums", () => {
    const text = `[{"bn":"urn:dev:mac:1/","n":"t","v":20,"bv":1,"bs":10,"s":5},
      {"bn":"urn:dev:mac:2/","n":"open","vb":true},{"n":"label","vs":"x"},{"n":"d","vd":"AQI"}]`;
    expect(valueIn(senml, text)).toMatchObject([
      { base: "urn:dev:mac:1", values: { t: 21 }, sums: { t: 15 } },
      { base: "urn:dev:mac:2", values: { open: true, label: "x", d: "AQI" } },
    ]);
  });

  test("records of LwM2M have their base around them", () => {
    const text = '{"bn":"/3303/0/","bt":1795824000,"e":[{"n":"5700","v":21.4}]}';
    expect(valueIn(senml, text)).toMatchObject([{ base: "/3303/0", values: { "5700": 21.4 } }]);
  });

  test("several quantities under the name of the device alone, told apart by their units", () => {
    const text = `[{"bn":"urn:dev:ow:10e2073a01080063","bt":1320067464,"bu":"%RH","v":20},
      {"u":"lon","v":24.30621},{"u":"lat","v":60.07965},{"u":"%EL","t":150,"v":98}]`;
    expect(valueIn(senml, text)).toMatchObject([
      { time: 1320067464, values: { "%RH": 20, lon: 24.30621, lat: 60.07965 } },
      { time: 1320067614, values: { "%EL": 98 }, units: { "%EL": "%EL" } },
    ]);
  });

  test.each([
    '[{"n":"urn:dev:ow:10e2073a01080063:voltage","v":120.1}]',
    '[{"bn":"urn:dev:ow:10e2073a01080063:","n":"voltage","v":120.1}]',
    '[{"bn":"urn:dev:ow:10e2073a01080063","n":"/voltage","v":120.1}]',
    '[{"bn":"urn:dev:ow:10e2073a01080063_vol","n":"tage","v":120.1}]',
  ])("the same device, however its name is cut: %s", (text) => {
    expect(valueIn(senml, text)).toMatchObject([
      { base: "urn:dev:ow:10e2073a01080063", values: { voltage: 120.1 } },
    ]);
  });

  test("a base value or a base sum alone, since what is missing is 0", () => {
    const text = `[{"bn":"d:","bv":20.1,"n":"a","v":0.2},{"n":"b"},{"n":"c","vb":true},
      {"bv":0,"bs":100,"n":"d","v":1},{"n":"e","s":5}]`;
    expect(valueIn(senml, text)).toEqual([
      {
        base: "d",
        values: { a: 20.3, b: 20.1, c: true, d: 1 },
        units: {},
        sums: { d: 100, e: 105 },
      },
    ]);
  });

  test.each([
    ['[{"n":"a","v":1},{"n":"d","x_":1,"v":1}]', "the field x_ must be understood and is not"],
    ['[{"bn":"d:","bver":11,"n":"a","v":1}]', "version 11 of SenML is not read"],
    ['[{"bn":"d:","bver":"10","n":"a","v":1}]', "version 10 of SenML is not read"],
    [`[{"bn":"${"d".repeat(257)}","n":"a","v":1}]`, "bn has more than 256 characters"],
  ])("no pack that asks for more than is known: %.40s", (text, reason) => {
    expect(valueIn(senml, text)).toBe(reason);
  });

  test("a pack with secondary units, which says so by its version", () => {
    expect(valueIn(senml, '[{"bver":26,"n":"a","u":"km","v":1}]')).toMatchObject([
      { values: { a: 1 }, units: { a: "km" } },
    ]);
  });

  it("tells what has no value and keeps the rest", () => {
    const text = `[{"n":"a","v":1},{"n":"a","v":2},{"n":"b","v":3},{"n":"c"},5,
      {"bn":"d:","n":"${"n".repeat(257)}","v":1},{"n":"t","v":1}]`;
    const decoded = read(senml, text);
    expect(decoded).toMatchObject({
      value: [{ values: { a: null, b: 3 } }, { base: "d", values: { t: 1 } }],
    });
    expect(decoded.ok && decoded.misfits).toHaveLength(4);
    expect(valueIn(senml, "[]")).toBe("no SenML record is in the payload");
  });
});

describe("NMEA 0183", () => {
  it.each([
    [
      "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A",
      {
        talker: "GP",
        valid: true,
        latitude: 48.1173,
        longitude: 11.51666667,
        speed: 22.4,
        time: "1994-03-23T12:35:19.000Z",
      },
    ],
    [
      "$GPGGA,135959.00,3751.65,S,14507.36,E,1,08,0.9,545.4,M,46.9,M,,*78",
      { latitude: -37.86083333, altitude: 545.4, satellites: 8, time: "2026-11-21T13:59:59.000Z" },
    ],
    ["$GPRMC,,V,,,,,,,,,,N*53", { valid: false, latitude: null, speed: null, time: null }],
    ["$GPGGA,,,,,,0,,,,,,,,*66", { valid: false, latitude: null, quality: 0, altitude: null }],
    ["\\s:r1,c:1795824000*4E\\$GPXDR,U,12.340,V,Voltage*02", { sentence: "XDR" }],
    ["$WIMWV,214.8,R,0.1,K,A*28", { wind_angle: 214.8, wind_speed: 0.1, wind_unit: "K" }],
    ["$GPVTG,054.7,T,034.4,M,005.5,N,010.2,K*48", { course: 54.7, speed: 5.5, speed_kmh: 10.2 }],
    ["$GPVTG,0.00,T,,M,0.00,N,0.00,K,N*32", { valid: false, course: null, speed: null }],
    [
      "$GPXDR,U,12.340,V,Voltage*02\r\n",
      { transducers: { Voltage: { type: "U", value: 12.34, unit: "V" } } },
    ],
    [
      "$SDDBT,7.8,f,2.4,M,1.3,F*0D",
      { sentence: "DBT", fields: ["SDDBT", "7.8", "f", "2.4", "M", "1.3", "F"] },
    ],
    ["$PGRME,15.0,M,45.0,M,25.0,M*1C", { talker: "P", sentence: "GRME" }],
  ])("%s", (text, meaning) => {
    expect(valueIn(nmea, text)).toMatchObject([meaning]);
  });

  it("does not read a sentence whose checksum does not fit, and keeps its neighbors", () => {
    const decoded = read(nmea, "$GPXDR,U,12.340,V,Voltage*03\n$GPXDR,U,12.340,V,Voltage*02\n$GP");
    expect(decoded).toMatchObject({ ok: true, value: [{ sentence: "XDR" }] });
    expect(decoded.ok && decoded.misfits).toEqual([
      "a checksum is 02 and not as written: $GPXDR,U,12.340,V,Voltage*03",
      "a sentence has no checksum: $GP",
    ]);
  });
});

test("options of a codec that contradict each other are faults with their places", () => {
  const faults = (differs: object): unknown => {
    const checked = parseProfile({ ...smallFile, ...differs });
    return checked.ok ? [] : checked.faults.map(({ path, message }) => [path.join("."), message]);
  };
  expect(faults({ codec: "csv", csv: { header: true, columns: ["a"] } })).toEqual([
    ["csv.columns", "the names are in the header or in columns"],
  ]);
  expect(faults({ codec: "csv", csv: { decimal: "," } })).toEqual([
    ["csv.decimal", "the decimal mark separates columns, too"],
  ]);
  expect(faults({ codec: "keyvalue", keyvalue: { pair: "=" } })).toEqual([
    ["keyvalue.assign", "the same text cannot stand between pairs and within one"],
  ]);
});

it("half of a character in the name of a device is a rejection, since no topic can carry it", () => {
  const profile = { codec: "senml", each: { path: "$" }, device: { path: "base" } };
  const found = outcome(profile, '[{"bn":"\\ud800","n":"t","v":1}]');
  expect(found).toMatchObject({ code: "bad-device" });
});
