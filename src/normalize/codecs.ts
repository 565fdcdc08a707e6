/** The codecs there are: one line each. The first is that of a profile that names none. */
import { bug } from "../core/errors.ts";
import { bthome } from "./codecs/bthome.ts";
import { cayenneLpp } from "./codecs/cayenne-lpp.ts";
import { cbor } from "./codecs/cbor.ts";
import type { Codec } from "./codecs/codec.ts";
import { csv, csvOptions } from "./codecs/csv.ts";
import { dsmr } from "./codecs/dsmr.ts";
import { iec62056 } from "./codecs/iec62056-21.ts";
import { influxLine } from "./codecs/influx-line.ts";
import { json } from "./codecs/json.ts";
import { jsonOrText } from "./codecs/json-or-text.ts";
import { keyvalue, keyvalueOptions } from "./codecs/keyvalue.ts";
import { modbus, registersOptions } from "./codecs/modbus.ts";
import { msgpack } from "./codecs/msgpack.ts";
import { nmea } from "./codecs/nmea.ts";
import { ruuvi } from "./codecs/ruuvi.ts";
import { senml } from "./codecs/senml.ts";
import { senmlCbor } from "./codecs/senml-cbor.ts";
import { sml } from "./codecs/sml.ts";
import { sparkplug } from "./codecs/sparkplug.ts";
import { struct, structFields } from "./codecs/struct.ts";
import { text, textOptions } from "./codecs/text.ts";
import { veDirect } from "./codecs/ve-direct.ts";

export const codecs: readonly [Codec, ...Codec[]] = [
  json,
  text,
  jsonOrText,
  csv,
  keyvalue,
  influxLine,
  senml,
  nmea,
  sparkplug,
  struct,
  cbor,
  senmlCbor,
  msgpack,
  cayenneLpp,
  ruuvi,
  bthome,
  modbus,
  dsmr,
  sml,
  iec62056,
  veDirect,
];

/** Fields of a profile beside `codec` that say how it reads; each makes the codec that does so. */
export const codecOptions = {
  text: textOptions.optional().describe("How the codec text reads."),
  csv: csvOptions.optional().describe("How the codec csv reads."),
  keyvalue: keyvalueOptions.optional().describe("How the codec keyvalue reads."),
  fields: structFields.optional().describe("The layout that the codec struct reads by."),
  registers: registersOptions.optional().describe("The registers that the codec modbus reads."),
};

/** The codec with a name that was checked. */
export function codecNamed(name: string): Codec {
  return codecs.find((codec) => codec.name === name) ?? bug(`no codec is named ${name}`);
}

/** The table of codecs in the page about profiles, as Markdown. */
export function codecsTable(): string {
  const rows = codecs.map(({ about, example, name }) => {
    const cells = [`\`${name}\``, about, `\`${example.payload}\``];
    return `| ${[...cells, `\`${JSON.stringify(example.value)}\``].join(" | ")} |\n`;
  });
  return `| codec | reads | such as | gives |\n|---|---|---|---|\n${rows.join("")}`;
}
