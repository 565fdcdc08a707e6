import type { BytesCodec } from "./codec.ts";
import { readMsgpack } from "./read-msgpack.ts";

export const msgpack: BytesCodec = {
  name: "msgpack",
  about: "MessagePack of any form",
  reads: "bytes",
  decode: readMsgpack,
  example: { payload: "82a174ca41ab3333a4646f6f72c40101", value: { t: 21.4, door: "01" } },
};
