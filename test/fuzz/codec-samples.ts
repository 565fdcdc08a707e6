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

export function samplesOfCodecs(): { readonly profile: Profile; readonly sample: Sample }[] {
  const plain = codecs.map((codec) => {
    const { example, name, needsOptions, reads } = codec;
    const payload = needsOptions ? frame : example.payload;
    return {
      name,
      differs: needsOptions ? { codec: name, fields: layout } : { codec: name },
      payload: Buffer.from(payload, reads === "bytes" ? "hex" : "utf8"),
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
