import type { TextCodec } from "./codec.ts";
import { json } from "./json.ts";
import { readPack } from "./senml-pack.ts";

/** Records of one device and one moment stand together; those without a time have that of receipt. */
export const senml: TextCodec = {
  name: "senml",
  about: "SenML packs (RFC 8428); a list, one for each base name and time",
  reads: "text",
  decode(text, receivedMs) {
    const decoded = json.decode(text, receivedMs);
    return decoded.ok ? readPack(decoded, receivedMs) : decoded;
  },
  example: {
    payload: '[{"bn":"urn:dev:ow:10e2:","bt":1795824000,"n":"temp","u":"Cel","v":21.4}]',
    value: [
      {
        base: "urn:dev:ow:10e2",
        time: 1795824000,
        values: { temp: 21.4 },
        units: { temp: "Cel" },
      },
    ],
  },
};
