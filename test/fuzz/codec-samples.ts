/** A profile for each codec, and one for each way to open what is inside a message. */
import { codecs } from "../../src/normalize/codecs.ts";
import type { Profile } from "../../src/normalize/profile.ts";
import { givenProfile } from "../normalize/given.ts";

export interface Sample {
  readonly topic: string;
  readonly payload: Uint8Array;
}

const everything = [{ name: "{key}", path: "**", type: "any" }];

/** Values behind a channel, as many as there are, with a text of a length that is said. */
const layout = [
  { name: "kind", type: "u8" },
  {
    name: "values",
    repeat: "end",
    to: -2,
    fields: [
      { name: "channel", type: "u8" },
      {
        switch: "channel",
        cases: {
          1: [{ name: "t", type: "i16be", scale: 0.1 }],
          2: [{ name: "f", type: "f32le" }],
          3: [
            { name: "length", type: "u8" },
            { name: "label", type: "text(length)" },
          ],
          4: [{ name: "big", type: "u64be" }],
        },
        else: [{ name: "flags", type: "bits(8)" }],
      },
    ],
  },
  { check: "sum", type: "u16be" },
];
const frame = "070100d702cdcc44420303414243040000ffffffffffff09ff0ad2";

/** Values behind their kind among those around, and some that a bit brings. */
const kinds = [
  { name: "flags", type: "u8" },
  { if: "flags", bit: 0, fields: [{ name: "words", type: "f32cdab" }] },
  { name: "low", type: "bitsle(3)" },
  { name: "signed", type: "ibitsle(5)" },
  {
    repeat: "end",
    fields: [
      { name: "kind", type: "u8" },
      {
        switch: "kind",
        cases: { 1: [{ name: "t", type: "sm16be", scale: 0.1 }] },
        else: [{ name: "h", type: "u8" }],
      },
    ],
  },
];

const registers = {
  groups: [
    {
      every: "1s",
      values: [
        { name: "t", at: 0, type: "i16", scale_by: "factor", none: [0x8000] },
        { name: "factor", at: 1, type: "i16" },
        { name: "energy", at: 2, type: "u64", order: "CDAB" },
        { name: "label", at: 6, type: "text(2)" },
        { name: "mode", at: 8, bits: [4, 7] },
        { name: "running", at: 3, table: "coil" },
      ],
    },
    { every: "1s", model: [101, 103], values: [{ name: "current", at: 2 }] },
  ],
};
const polled = {
  holding: { 0: "00d7ffff0000000000000123414200000080", 40069: "00670032000a" },
  coil: { 0: "0101" },
  models: { 103: 40069 },
  failed: [{ table: "input", at: 12, count: 2, reason: "no answer in 500 ms" }],
};

/** For codecs that read nothing without a field beside them: that field, and what it reads. */
const needed: Readonly<Record<string, { readonly option: unknown; readonly payload: string }>> = {
  fields: { option: layout, payload: frame },
  registers: { option: registers, payload: JSON.stringify(polled) },
};

export function samplesOfCodecs(): { readonly profile: Profile; readonly sample: Sample }[] {
  const plain = codecs.map(({ example, name, needsOptions, options = "", reads }) => {
    const own = needsOptions ? needed[options] : undefined;
    if (needsOptions && own === undefined)
      throw new Error(`the codec ${name} reads nothing without ${options}: write some into needed`);
    return {
      name,
      differs: { codec: name, ...(own !== undefined && { [options]: own.option }) },
      payload: Buffer.from(own?.payload ?? example.payload, reads === "bytes" ? "hex" : "utf8"),
    };
  });
  const inside = (name: string, encoding: string, data: string, differs: object) => ({
    name,
    differs: { open: { path: "list.*.data", encoding, ...differs } },
    payload: Buffer.from(JSON.stringify({ id: 7, list: [{ data }, { data }] })),
  });
  const several = [
    inside("json-in-text", "text", '{"t":1,"t":2,"id":12345678901234567890}', {}),
    inside("struct-in-hex", "hex", frame, { codec: "struct", fields: layout }),
    inside("cbor-in-base64", "base64", "omF0+U1aYWhhMQ==", { codec: "cbor" }),
    inside("lpp-in-hex", "hex", "03670110056700ff", { codec: "cayenne-lpp" }),
    {
      name: "kinds",
      differs: { codec: "struct", fields: kinds },
      payload: Buffer.from("01333341aba90100d7022b", "hex"),
    },
    inside("line-in-base64", "base64", Buffer.from("m,a=b f=1i 5").toString("base64"), {
      codec: "influx-line",
    }),
    {
      name: "members",
      differs: { codec: "senml", each: { path: "$" }, device: { path: "base" } },
      payload: Buffer.from('[{"bn":"urn:dev:1:","n":"t","v":1},{"bn":"urn:dev:2:","n":"t","v":2}]'),
    },
    {
      name: "rows",
      differs: { codec: "csv", csv: { header: true }, each: { path: "$" } },
      payload: Buffer.from("t,h\n20,40\n21,41"),
    },
  ];
  return [...plain, ...several].map(({ differs, name, payload }) => ({
    profile: givenProfile({
      profile: `fuzz/${name}`,
      match: { topic: `fuzz/${name}/{device}` },
      metrics: everything,
      ...differs,
    }),
    sample: { topic: `fuzz/${name}/d1`, payload },
  }));
}
