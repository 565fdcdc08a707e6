import { isObject } from "../../core/is-object.ts";
import type { BytesCodec } from "./codec.ts";
import { readCbor } from "./read-cbor.ts";
import { readPack } from "./senml-pack.ts";

/** The labels of RFC 8428, 6; they may be written out as in JSON, too. */
const labels: Readonly<Record<string, string>> = {
  "-1": "bver",
  "-2": "bn",
  "-3": "bt",
  "-4": "bu",
  "-5": "bv",
  "-6": "bs",
  "0": "n",
  "1": "u",
  "2": "v",
  "3": "vs",
  "4": "vb",
  "5": "s",
  "6": "t",
  "7": "ut",
  "8": "vd",
};

/** Gives what `senml` gives; values that are bytes are in base64url, as they are in JSON. */
export const senmlCbor: BytesCodec = {
  name: "senml-cbor",
  about: "SenML packs in CBOR (RFC 8428); as for senml",
  reads: "bytes",
  decode(bytes, receivedMs) {
    const decoded = readCbor(bytes, "base64url");
    if (!decoded.ok) return decoded;
    const { value } = decoded;
    const records = Array.isArray(value) ? value.map(withNames) : withNames(value);
    return readPack({ ...decoded, value: records }, receivedMs);
  },
  example: {
    payload:
      "81a5217075726e3a6465763a6f773a313065323a221a6b0a1980006474656d70016343656c02fb4035666666666666",
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

function withNames(record: unknown): unknown {
  if (!isObject(record)) return record;
  return Object.fromEntries(
    Object.entries(record).map(([label, value]) => [labels[label] ?? label, value]),
  );
}
