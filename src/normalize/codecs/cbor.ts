import type { BytesCodec } from "./codec.ts";
import { readCbor } from "./read-cbor.ts";

/** Whatever the tags: those that are not known leave what they stand for. */
export const cbor: BytesCodec = {
  name: "cbor",
  about: "CBOR (RFC 8949) of any form",
  reads: "bytes",
  decode: (bytes) => readCbor(bytes),
  example: { payload: "a26174f94d5a64646f6f724101", value: { t: 21.4, door: "01" } },
};
